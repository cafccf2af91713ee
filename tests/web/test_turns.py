"""Pages are made a few at a time, and not all of them for one client."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kgraph.web.layers.turns import Turns


class Room:
    """Four turns at an application whose answers take until they are let go."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.threads: list[threading.Thread] = []
        self._turns = Turns(self._application, 4, lambda environ: str(environ["client"]))

    def _application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return self._slowly()

    def _slowly(self) -> Iterator[bytes]:
        yield b"a"
        self.is_over.wait()
        yield b"b"

    def begin(self, client: str, path: str = "/") -> tuple[str, Iterable[bytes]]:
        """The status of an answer, and its body, which is not read yet."""
        told: list[str] = []
        body = self._turns({"PATH_INFO": path, "client": client}, lambda status, *_: told.append(status))
        return told[0][:3], body

    def read(self, body: Iterable[bytes]) -> None:
        thread = threading.Thread(target=lambda: list(body))
        thread.start()
        self.threads.append(thread)

    def end(self) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()


def test_who_reads_slowly_leaves_turns_to_others() -> None:
    room = Room()
    slow = [room.begin("192.0.2.1") for _ in range(3)]
    assert [status for status, _ in slow] == ["200", "200", "503"]
    others = [room.begin(client) for client in ("192.0.2.2", "", "192.0.2.3")]
    assert [status for status, _ in others] == ["200", "200", "503"], "there are four turns"
    assert room.begin("192.0.2.1", "/health")[0] == "200"
    for _, body in (*slow, *others):
        room.read(body)
    room.end()
    assert [room.begin("192.0.2.1")[0] for _ in range(2)] == ["200", "200"], "turns come back"


def test_who_waits_gets_a_turn_that_comes_back() -> None:
    room = Room()
    first = [room.begin("192.0.2.1")[1] for _ in range(2)]
    for body in first:
        room.read(body)
    threading.Timer(0.3, room.is_over.set).start()
    assert room.begin("192.0.2.1")[0] == "200"
    room.end()
