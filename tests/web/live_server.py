"""`kgraph serve` as people start it, for tests over real HTTP."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path


@dataclass
class Served:
    """A server on a store.

    :param address: such as `http://127.0.0.1:8000`.
    :ivar said: what it said after it began, once it has ended.
    :ivar is_to_end: whether it may have ended when the test is over.
    """

    address: str
    store: Path
    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)
    is_to_end: bool = False

    @property
    def authority(self) -> str:
        return self.address.removeprefix("http://")


@contextmanager
def serving(store: Path, *options: str, **environ: str) -> Iterator[Served]:
    """Serve a store on a free port; what it says when it ends is no traceback.

    :param options: of `kgraph serve`.
    :param environ: variables beside those of this process.
    """
    command = [sys.executable, "-m", "kgraph.cli", "--store", str(store), "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | environ)
    assert process.stderr is not None
    served = None
    try:
        for line in process.stderr:
            found = re.search(r"http://[\w.]+:\d+", line)
            if found:
                served = Served(found[0], store, process)
                yield served
                break
    finally:
        is_up = process.poll() is None
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        if served is not None:
            served.said.append(rest)
        process.stderr.close()
        ended = process.wait(timeout=30)
    assert is_up or (served is not None and served.is_to_end), f"the server ended by itself: {rest}"
    assert ended == 0
    assert "Traceback" not in rest, rest
    assert "panicked" not in rest, rest


@dataclass(frozen=True)
class Answer:
    """What came over the wire, nothing decoded."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def mimetype(self) -> str:
        return self.headers.get_content_type()

    @property
    def text(self) -> str:
        return self.body.decode()


class Wire:
    """One client of a server, that says what it is told and nothing else."""

    def __init__(self, authority: str, timeout_s: float = 60):
        self._connection = HTTPConnection(authority, timeout=timeout_s)

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | Iterator[bytes] | None = None,
    ) -> Answer:
        """Send a request, a body in pieces by chunks; no header but `headers`, Host and the length."""
        try:
            return self._ask(method, path, headers or {}, body)
        except BaseException:
            self._connection.close()
            raise

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | Iterator[bytes] | None
    ) -> Answer:
        self._connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            self._connection.putheader(name, value)
        is_whole = body is None or isinstance(body, bytes)
        if isinstance(body, bytes):
            self._connection.putheader("Content-Length", str(len(body)))
        elif body is not None:
            self._connection.putheader("Transfer-Encoding", "chunked")
        self._connection.endheaders(body, encode_chunked=not is_whole)
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def close(self) -> None:
        self._connection.close()
