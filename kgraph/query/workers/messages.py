"""What a worker and its owner say to each other: a letter, a length, a body.

The owner asks (QUERY) and hears what kind of answer it is (KIND), or why there is none (FAULT). It then says
how the answer is to be written (WRITE, ROWS), unless that was said with the query, or that it is not wanted
(DROP), and gets its bytes (DATA …, END). An answer that is small, and whose format is known, comes in one
message (WHOLE: a line as in KIND, then the bytes). Of an update (QUERY, too) it hears that it is done (END),
or FAULT.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple

from kgraph.records import Literal, Term

READY, QUERY, KIND, WRITE, ROWS, DROP, DATA, END, FAULT, WHOLE = (bytes([letter]) for letter in b"rqkwtxdefa")

#: The exit code of a worker that was refused memory where Python noticed; the engine aborts.
OUT_OF_MEMORY = 77

#: A piece of an answer is as large, but for the last.
CHUNK_BYTES = 64 * 1024

_HEAD = struct.Struct(">cI")


class Message(NamedTuple):
    """One message.

    :param letter: one of those above.
    """

    letter: bytes
    body: bytes

    @property
    def values(self) -> Any:
        """The body where it is JSON; whoever asks knows what is in it."""
        return json.loads(self.body)


def packed_bindings(bindings: Mapping[str, Term]) -> dict[str, Any]:
    """Terms by the names of variables, as JSON can hold them."""
    return {
        name: term if isinstance(term, str) else [term.lexical, term.datatype, term.language]
        for name, term in bindings.items()
    }


def unpacked_bindings(packed: Mapping[str, Any]) -> dict[str, Term]:
    """What `packed_bindings` was given."""
    return {name: each if isinstance(each, str) else Literal(*each) for name, each in packed.items()}


def joined(told: dict[str, Any], data: bytes) -> bytes:
    """The body of a message that is a line of JSON and bytes."""
    return b"%b\n%b" % (json.dumps(told).encode(), data)


def parted(body: bytes) -> tuple[Any, bytes]:
    """What `joined` has made one of."""
    line, _, data = body.partition(b"\n")
    return json.loads(line), data


def send(
    file: BinaryIO, letter: bytes, body: bytes | memoryview | dict[str, Any] = b"", *, more: bool = False
) -> None:
    """Write a message; a body that is no bytes goes as JSON.

    :param more: another message follows at once, with which this one may go.
    :raises BrokenPipeError: if nobody reads.
    """
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    file.write(_HEAD.pack(letter, len(data)))
    file.write(data)
    if not more:
        file.flush()


def receive(file: BinaryIO) -> Message | None:
    """The next message; None if the other side has ended, or ends in the middle of one."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    letter, length = _HEAD.unpack(head)
    body = file.read(length) if length else b""
    return Message(letter, body) if len(body) == length else None
