"""The real server over real HTTP, beside other processes on its store."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_server import Served, serving
from sample_graph import first_note, load, second_note

from kgraph.store import open_store


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("served") / "store"
    with open_store(store, create=True) as opened:
        load(opened, first_note())
    with serving(store) as running:
        yield running


def _get(address: str, accept: str = "*/*") -> str:
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def test_the_next_query_sees_what_another_process_added(served: Served) -> None:
    count = f"{served.address}/sparql?query=SELECT+(COUNT(*)+AS+?n)+%7B+?d+a+kg:Document+%7D"
    assert json.loads(_get(count))["results"]["bindings"][0]["n"]["value"] == "1"
    with open_store(served.store) as store:
        load(store, first_note(), second_note())
    assert json.loads(_get(count))["results"]["bindings"][0]["n"]["value"] == "2"


def test_a_second_server_on_the_port_is_refused(served: Served) -> None:
    port = served.address.rpartition(":")[2]
    command = [sys.executable, "-m", "kgraph.cli", "--store", str(served.store), "serve", "--port", port]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 3
    assert "--port" in second.stderr


def test_server_py_takes_its_settings_from_the_environment(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environ = os.environ | {"KGRAPH_STORE": str(served.store), "KGRAPH_PORT": str(taken.getsockname()[1])}
        server = Path(__file__).resolve().parents[2] / "server.py"
        ended = subprocess.run(
            [sys.executable, str(server)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environ,
        )
    assert ended.returncode == 3
    assert "KGRAPH_PORT" in ended.stderr
