"""Runs the worker: PDF bytes to words, page by page, or one sentence on why not."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any, NamedTuple, cast

from kgraph.documents.pdf import worker as program
from kgraph.documents.pdf.worker import (
    MAX_CHARACTERS,
    MAX_CPU_S,
    MAX_MEMORY_BYTES,
    MAX_PAGE_CHARACTERS,
    MAX_PAGES,
)
from kgraph.errors import SourceError


class Word(NamedTuple):
    """Characters that stand together, in one style.

    Its place is told in points, from the left and from the bottom, the page held so that the text is upright.

    :param y: its baseline.
    :param size: of its letters, in points.
    :param glued: no space stands between it and the word before it in the file.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a page in the order of the file.

    :param number: from 1 on, as the pages lie in the file, whatever is printed on them.
    :param bottom: of the page, in the system that its words' places are told in; as `top`.
    :param unreadable: how many characters have no known letter.
    :param is_picture: whether it has no text and shows a picture.
    """

    number: int
    bottom: float
    top: float
    unreadable: int
    is_picture: bool
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What a PDF tells of itself, as it stands there.

    :param pages: how many it has.
    """

    pages: int
    title: str
    author: str
    created: str
    language: str


_REASONS = {
    "password": "is encrypted and needs a password; save a copy without one and add that",
    "broken": "is no whole PDF: it is damaged or was cut off; get it again, or open it and save it anew",
    "pages": f"has more than {MAX_PAGES:,} pages; cut it into parts",
    "characters": f"has more than {MAX_CHARACTERS // 1_000_000} million characters, "
    f"or {MAX_PAGE_CHARACTERS:,} on a page; cut it into parts",
    "time": f"takes more than {MAX_CPU_S // 60} minutes to read; cut it into parts",
    "crash": f"breaks the PDF reader, or needs more than {MAX_MEMORY_BYTES // 10**9} GB of memory: it is "
    "damaged, or made to harm; open it, save it anew and add that",
}


def read_words(data: bytes, name: str) -> Iterator[Header | Page]:
    """What a PDF tells of itself, then its pages one by one.

    :param name: of the file, for error messages.
    :raises SourceError: if it is encrypted, broken or beyond the limits, or the extra is not installed.
    """
    if importlib.util.find_spec("pypdfium2") is None:
        raise SourceError(name, "is a PDF; to read those, install the extra: pip install 'kgraph[pdf]'")
    # The child finds the modules where this process does, however it was started.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
    command = [sys.executable, "-P", program.__file__]
    with subprocess.Popen(  # noqa: S603  (its words are all ours)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as worker:
        feeder = Thread(target=_feed, args=(worker.stdin, data), daemon=True)
        feeder.start()
        try:
            yield from _messages(cast(IO[bytes], worker.stdout), name)
            feeder.join()
            if worker.wait() != 0:
                raise SourceError(name, _REASONS["time" if worker.returncode == -signal.SIGXCPU else "crash"])
        finally:
            worker.kill()


def _feed(stdin: IO[bytes], data: bytes) -> None:
    try:
        with stdin:
            stdin.write(data)
    except OSError:
        return  # The worker died; its exit status tells why.


def _messages(stdout: IO[bytes], name: str) -> Iterator[Header | Page]:
    number = 0
    for line in stdout:
        if not line.endswith(b"\n"):
            return  # The worker died while it wrote.
        message: list[Any] = json.loads(line)
        match message:
            case ["error", reason]:
                raise SourceError(name, _REASONS[reason])
            case ["document", *told]:
                yield Header(*told)
            case ["page", bottom, top, unreadable, is_picture, words]:
                number += 1
                yield Page(number, bottom, top, unreadable, is_picture, tuple(Word(*word) for word in words))
