"""What runs in the process of a `Clerk`: it opens the store, and does one write after another."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kgraph.admission import Desk, Outcome
from kgraph.errors import KGraphError
from kgraph.gazetteer import load_gazetteer
from kgraph.iris import Minter
from kgraph.processes import Allowance, go_with_owner
from kgraph.store import open_store
from kgraph.submissions import drop, edit
from kgraph.web.sparql.clerk import Told


def main() -> None:
    """Do what the owner asks until it hangs up.

    Arguments: the store's directory, what its IRIs start with, the memory of a write in bytes, how long to
    wait for other writers in seconds, the number of the socket.
    """
    go_with_owner()
    path, base, memory_bytes, wait_s, number = sys.argv[1:]
    owner: Connection[Any, Any] = Connection(int(number))
    minter = Minter(base)
    store = open_store(Path(path), lock_wait_s=float(wait_s), minter=minter)
    desk = Desk(store, load_gazetteer(minter), minter)
    jobs: dict[str, Callable[..., object]] = {
        "edit": lambda *job: [_light(outcome) for outcome in edit(desk, *job)],
        "drop": lambda *job: drop(desk, *job),
    }
    allowance = Allowance(int(memory_bytes))
    owner.send(None)
    is_last = False
    try:
        while not is_last:
            name, *job = owner.recv()
            fault, value = _done(jobs[name], job)
            is_last = allowance.is_worn_out
            owner.send(Told(fault, value, is_last))
            del job, fault, value
    except (EOFError, OSError):
        pass  # nobody asks any more


def _done(work: Callable[..., object], job: list[object]) -> tuple[Exception | None, object]:
    try:
        return None, work(*job)
    except MemoryError:
        os._exit(1)  # the owner sees that it ends
    except KGraphError as exc:
        return exc, None
    except Exception as exc:  # noqa: BLE001  # the owner tells it on
        return RuntimeError(f"{type(exc).__name__}: {exc}"), None


def _light(outcome: Outcome) -> Outcome:
    """Without what the owner has no use for, and would have to be sent."""
    return replace(outcome, extraction=None, document=replace(outcome.document, text=""))


if __name__ == "__main__":
    main()
