"""Writes that are too much for the gate: stopped, told of, and nothing of them left behind."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from live_server import Answer, Served, Wire, serving
from waiting import eventually

from kgraph.checking import check
from kgraph.store import open_store

SMALL = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:small> a <https://w3id.org/kgraph/ontology#Website> ; rdfs:label "small"@en ;
    <https://w3id.org/kgraph/ontology#domainName> "small.example" ."""


#: For what is sure to happen, but not when.


def _large(sites: int) -> str:
    return "\n".join(
        f"<urn:site{n}> a <https://w3id.org/kgraph/ontology#Website> ;"
        f' <http://www.w3.org/2000/01/rdf-schema#label> "site {n}"@en ;'
        f' <https://w3id.org/kgraph/ontology#domainName> "site{n}.example" .'
        for n in range(sites)
    )


def _put(wire: Wire, graph: str, turtle: str) -> Answer:
    headers = {"Content-Type": "text/turtle", "Accept": "application/json"}
    return wire.ask("PUT", f"/store?graph={quote(graph)}", headers, turtle.encode())


def _graphs(wire: Wire) -> set[str]:
    query = quote("SELECT ?g { GRAPH ?g { ?s a kg:Website } }")
    found = json.loads(wire.ask("GET", f"/sparql?query={query}", {"Accept": "application/json"}).text)
    return {row["g"]["value"] for row in found["results"]["bindings"]}


@pytest.fixture(scope="module", params=["time", "memory"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose writes may take little of one thing."""
    limit = {"time": ("KGRAPH_WRITE_TIME_S", "4"), "memory": ("KGRAPH_WRITE_MEMORY_BYTES", "500MB")}
    with serving(
        tmp_path_factory.mktemp(request.param) / "store", "--open", **dict([limit[request.param]])
    ) as running:
        yield running


@pytest.fixture
def wire(served: Served) -> Iterator[Wire]:
    client = Wire(served.authority)
    yield client
    client.close()


def test_what_is_too_much_is_stopped_and_the_store_goes_on(served: Served, wire: Wire) -> None:
    assert _put(wire, "urn:g:before", SMALL).status == 201
    answer = _put(wire, "urn:g:large", _large(20_000))
    assert answer.status == 503
    assert "the write was stopped" in json.loads(answer.text)["detail"]
    assert _graphs(wire) == {"urn:g:before"}
    assert _put(wire, "urn:g:after", SMALL).status == 201
    assert _graphs(wire) == {"urn:g:before", "urn:g:after"}
    deleted = wire.ask("DELETE", f"/store?graph={quote('urn:g:after')}", {})
    assert (deleted.status, _graphs(wire)) == (204, {"urn:g:before"})
    with open_store(served.store) as store, store.view() as view:
        assert all(each.report.conforms for each in check(view, store.minter))


def test_what_the_gate_refuses_is_told_as_ever(wire: Wire) -> None:
    wrong = SMALL.replace('"small.example"', "7")
    answer = _put(wire, "urn:g:wrong", wrong)
    assert answer.status == 422
    assert json.loads(answer.text)["reports"][0]["results"][0]["focusNode"] == "urn:small"
    missing = wire.ask("DELETE", f"/store?graph={quote('urn:g:none')}", {"Accept": "application/json"})
    assert missing.status == 404
    assert wire.ask("DELETE", f"/store?graph={quote('urn:not an iri')}", {}).status == 400


def test_a_killed_process_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path / "store", "--open") as served:
        client = Wire(served.authority)
        assert _put(client, "urn:g:one", SMALL).status == 201
        (pid,) = _clerks(served.process.pid)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        assert _put(client, "urn:g:two", SMALL).status == 201
        assert _graphs(client) == {"urn:g:one", "urn:g:two"}
        client.close()
        (after,) = _clerks(served.process.pid)
    assert eventually(lambda: not _runs(after))


def test_a_write_that_outlasts_the_server_is_told(tmp_path: Path) -> None:
    with serving(tmp_path / "store", "--open", KGRAPH_SHUTDOWN_S="1") as served:
        client = Wire(served.authority)
        assert _put(client, "urn:g:before", SMALL).status == 201
        with ThreadPoolExecutor() as pool:
            writing = pool.submit(_put, client, "urn:g:large", _large(20_000))
            time.sleep(1.5)
            served.is_to_end = True
            served.process.terminate()
            answer = writing.result()
        assert answer.status == 503
        assert "being shut down" in answer.text
        served.process.wait()
        client.close()
    with open_store(tmp_path / "store") as store, store.view() as view:
        assert {"urn:g:before"} == {name for name in view.graph_names() if name.startswith("urn:")}


def _runs(pid: int) -> bool:
    """Whether a process is there, and not ended and merely unburied."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _clerks(server: int) -> list[int]:
    """The processes of a server that take writes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"kgraph.web.sparql.clerk_program" in words and server in _owners(int(folder.name)):
            found.append(int(folder.name))
    return found


def _owners(pid: int) -> set[int]:
    owners = set()
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
        owners.add(pid)
    return owners
