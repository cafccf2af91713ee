"""XML that the engine writes, made sure that whoever reads it finds what was in the graph.

The engine writes any character and any name as it is. XML has no name for an IRI that ends in a digit, and
no way to write most control characters; a carriage return would be read as a line feed.

Sources: XML 1.0, sections 2.2 (Char), 2.3 (names) and 2.11 (line ends); RDF/XML Syntax, sections 5.1 (names)
and 2.6 (what cannot be written).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from kgraph.errors import UnfitFormat
from kgraph.namespaces import RDF
from kgraph.store.tokens import BASE_CHARACTERS, INNER_CHARACTERS

#: What an IRI ends in that can be a name's end, backwards; it must hold what a name can begin with. The
#: characters of names in SPARQL are those of names in XML.
_NAME_END = re.compile(rf"[{INNER_CHARACTERS}.\-]*")
_NAME_START = re.compile(f"[{BASE_CHARACTERS}_]")
_RESERVED = frozenset(
    f"{RDF}{name}"
    for name in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li",
                 "aboutEach", "aboutEachPrefix", "bagID")
)  # fmt: skip
#: Its names are declarations.
_XMLNS = "http://www.w3.org/2000/xmlns/"
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
#: Bytes at the end of a piece that may be the beginning of one of these.
_CARRIED = 2
_ELSE = "; ask for another format"


class XmlFile:
    """A file that gives on what is written to it, with carriage returns as references."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._last = b""

    @property
    def file(self) -> BinaryIO:
        """This, which has all that the engine asks of a file."""
        return cast(BinaryIO, self)

    def write(self, data: bytes) -> int:
        """Give it on.

        :raises UnfitFormat: if there is a character that XML does not have.
        """
        piece = bytes(data)
        found = _NOT_XML.search(self._last + piece)
        if found is not None:
            point = ord(found[0].decode())
            raise UnfitFormat(f"XML has no character U+{point:04X}, which stands in the answer{_ELSE}")
        self._last = piece[-_CARRIED:]
        self._file.write(piece.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """As any file."""
        self._file.flush()


def writable(statements: Iterable[Any]) -> Iterator[Any]:
    """Triples as they come.

    :raises UnfitFormat: at one that RDF/XML cannot hold.
    """
    for triple in statements:
        _check(triple)
        yield triple


def _check(triple: Any) -> None:
    predicate, object_ = triple.predicate.value, triple.object
    _check_name(predicate)
    if predicate == RDF.type and type(object_) is ox.NamedNode and object_.value not in _RESERVED:
        _check_name(object_.value)  # the engine makes an element of it
    elif type(object_) is ox.Triple:
        _check(object_)


@lru_cache(1000)
def _check_name(iri: str) -> None:
    end = _NAME_END.match(iri[::-1])
    name = end[0][::-1] if end else ""
    start = _NAME_START.search(name)
    if iri in _RESERVED or start is None or iri.removesuffix(name[start.start() :]) == _XMLNS:
        raise UnfitFormat(f"RDF/XML has no name for <{iri}>, which stands in the answer{_ELSE}")
