"""What may be parsed here: the engine's parsers call themselves for what is nested, until the process ends.

So what clients send is looked through before: how deep JSON, XML and triples within triples are nested, and
how much XML grows by its entities, which the engine expands without bound. Entities as such are no offence:
editors of ontologies have them for namespaces.
"""

import re
from xml.parsers import expat

from kgraph.errors import WriteError

_DEEPEST = {"rdfxml": 500, "jsonld": 200}
#: Triples within triples, in the other formats.
_DEEPEST_TRIPLE = 50
#: How many times as long as it is written XML may be with its entities expanded, beyond a free share.
_GROWTH = 10
_FREE_CHARACTERS = 1_000_000

# A string that does not end takes all the rest: there a parser stops.
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
_TURTLE = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)|"
    rb'"(?:[^"\\\n\r]|\\.)*+(?:"|[\n\r]|\Z)|' + rb"'(?:[^'\\\n\r]|\\.)*+(?:'|[\n\r]|\Z)|"
    rb'<[^<>"{}|^`\\\s]*+>|\\.|#[^\n\r]*+|(<<)|(>>)',
    re.DOTALL,
)


def check_bounds(data: bytes, format_: str) -> None:
    """Refuse what is too much for a parser.

    :param format_: of `kgraph.formats`.
    :raises WriteError: if it is nested too deeply or grows too much; XML also if it is malformed.
    """
    if format_ == "rdfxml":
        _check_xml(data)
    elif format_ == "jsonld":
        _check_depth(_JSON, data, format_, _DEEPEST[format_])
    elif data.count(b"<<") > _DEEPEST_TRIPLE:
        _check_depth(_TURTLE, data, format_, _DEEPEST_TRIPLE)


def _check_depth(brackets: re.Pattern[bytes], data: bytes, format_: str, deepest: int) -> None:
    """:param brackets: its groups are what opens and what closes."""
    depth = 0
    for found in brackets.finditer(data):
        if found[1]:
            depth += 1
            if depth > deepest:
                raise _too_deep(format_, deepest)
        elif found[2]:
            depth -= 1


def _check_xml(data: bytes) -> None:
    most, depth, characters = _FREE_CHARACTERS + _GROWTH * len(data), 0, 0

    def count(size: int) -> None:
        nonlocal characters
        characters += size
        if characters > most:
            raise WriteError("the rdfxml cannot be read: its entities make it grow too much")

    def begin(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST["rdfxml"]:
            raise _too_deep("rdfxml", _DEEPEST["rdfxml"])
        count(sum(map(len, attributes)))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: count(len(text))
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise WriteError(f"the rdfxml cannot be read: {exc}") from exc


def _too_deep(format_: str, deepest: int) -> WriteError:
    return WriteError(f"the {format_} cannot be read: it is nested more than {deepest} deep")
