"""Chromium, by the WebDriver protocol: JSON over HTTP, of which a few commands are all that is needed.

Source: W3C WebDriver; Chromium's own commands below `goog` and `se`.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import pytest

TAB, ENTER = "\ue004", "\ue007"

_ARGUMENTS = [
    "--headless=new",
    "--disable-gpu",
    # No name is known but that of this machine: a page that needs the network shows it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Browser:
    """One window."""

    def __init__(self, session: str):
        self._session = session

    def open(self, address: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self._do("url", {"url": address})

    def run(self, script: str, *arguments: object) -> Any:
        """What a function body gives that runs in the page; awaited if it is a promise."""
        return self._do("execute/sync", {"script": script, "args": list(arguments)})

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._do("actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def resize(self, width: int, height: int) -> None:
        """Give the page so much room, in CSS pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._chromium("Emulation.setDeviceMetricsOverride", size)

    def prefer(self, scheme: str) -> None:
        """Prefer a colour scheme: `light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._chromium("Emulation.setEmulatedMedia", {"features": features})

    def asked_for(self) -> list[str]:
        """The addresses that were asked for since this was called last."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        sent = (each["params"] for each in messages if each["method"] == "Network.requestWillBeSent")
        return [each["request"]["url"] for each in sent]

    def complaints(self) -> list[str]:
        """What the browser found wrong since this was called last: forbidden by the policy, or missing."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] == "SEVERE"]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        return self._do("se/log", {"type": kind})

    def _chromium(self, command: str, parameters: dict[str, object]) -> None:
        self._do("goog/cdp/execute", {"cmd": command, "params": parameters})

    def _do(self, command: str, body: dict[str, object]) -> Any:
        return _call("POST", f"{self._session}/{command}", body)


def _call(method: str, address: str, body: dict[str, object] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; skips where there is none (Debian: chromium, chromium-driver)."""
    driver = shutil.which("chromedriver")
    if driver is None:
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said = (re.search(r"successfully on port (\d+)", line) for line in process.stdout)
        port = next(found[1] for found in said if found)
        arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        wanted = {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        sessions = f"http://127.0.0.1:{port}/session"
        made = _call("POST", sessions, {"capabilities": {"alwaysMatch": wanted}})
        session = f"{sessions}/{made['sessionId']}"
        yield Browser(session)
        _call("DELETE", session)
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(timeout=30)
