"""What to write instead of what is wrong, said only where it is certain.

Each rule looks at one kind of slip and gives a sentence, or "". What it would write in the place of a value
is put to the shape that refused the value: a suggestion that would be refused as well is none. Where two
things could be meant, no rule speaks.
"""

import re
from calendar import month_name, monthrange
from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from kgraph import namespaces
from kgraph.gate.naming import LABELS, name_of
from kgraph.namespaces import local_name, shorten
from kgraph.shacl import (
    RDF,
    RDFS,
    SH,
    Data,
    Node,
    Predicate,
    Terms,
    ValidationResult,
    asks_class,
    datatypes_asked,
    members_asked,
    upper_limit,
    would_hold,
)

_XSD, _SKOS, _DCTERMS = Terms(namespaces.XSD), Terms(namespaces.SKOS), Terms(namespaces.DCTERMS)

#: Names shorter than this are near each other by chance.
_SHORTEST_NEAR = 4

Rule = Callable[[ValidationResult, Data], str]


def suggestion_for(result: ValidationResult, data: Data) -> str:
    """What the first rule says that is certain of something; "" if none is."""
    return next((told for rule in _RULES if (told := rule(result, data))), "")


def _text(result: ValidationResult) -> str:
    """The lexical form of the offending value; "" if it is no literal."""
    return result.value.value if isinstance(result.value, ox.Literal) else ""


def _only(candidates: Iterable[Node], result: ValidationResult, data: Data) -> Node | None:
    """The one candidate that the shape would take; None if there are several, or none."""
    found = {each for each in candidates if each != result.value and would_hold(result, data, each)}
    return found.pop() if len(found) == 1 else None


def _like(value: Node | None, lexical: str) -> ox.Literal:
    """A literal with another lexical form."""
    assert isinstance(value, ox.Literal)  # noqa: S101 - callers have its text
    if value.language:
        return ox.Literal(lexical, language=value.language)
    return ox.Literal(lexical, datatype=value.datatype)


def _takes(result: ValidationResult, data: Data, lexical: str, datatype: ox.NamedNode) -> bool:
    return would_hold(result, data, ox.Literal(lexical, datatype=datatype))


def _range_of_years(result: ValidationResult, data: Data) -> str:
    found = re.fullmatch(r"(\d\d)(\d\d)-(\d\d)", _text(result), re.ASCII)
    if not found or not _takes(result, data, "2000-01", _XSD.gYearMonth):
        return ""
    _, first, second = map(int, found.groups())
    if not max(12, first) < second:
        return ""
    text = found[0]
    return f"{text} is no month; did the text say {text.replace('-', '–')}, a range of years?"


def _day_that_is_none(result: ValidationResult, data: Data) -> str:
    found = re.fullmatch(r"((\d{4})-(0[1-9]|1[0-2]))-(\d\d)", _text(result), re.ASCII)
    if not found or int(found[2]) == 0 or not _takes(result, data, f"{found[1]}-01", _XSD.date):
        return ""
    year, month, day = int(found[2]), int(found[3]), int(found[4])
    last = monthrange(year, month)[1]
    if not last < day <= 31:
        return ""
    told = f"{month_name[month]} {year} has {last} days"
    if _takes(result, data, found[1], _XSD.gYearMonth):
        return f"{told}; give the month, {found[1]}, if the day is not known"
    return told


_NUMERIC_NAMES = (
    "integer decimal float double nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger"
    " long int short byte unsignedLong unsignedInt unsignedShort unsignedByte"
)
_NUMERIC = frozenset(map(_XSD.__getitem__, _NUMERIC_NAMES.split()))
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,\u00a0\u2009\u202f ])\d{3})(?:\1\d{3})*(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


def _number(result: ValidationResult, data: Data) -> str:
    text = _text(result)
    readings = set()
    if found := _GROUPED.fullmatch(text):
        readings.add(text.replace(found[1], ""))
    if _DECIMAL_COMMA.fullmatch(text):
        readings.add(text.replace(",", "."))
    asked = datatypes_asked(result) & _NUMERIC
    held = {reading for reading in readings for datatype in asked if _takes(result, data, reading, datatype)}
    return f"write it as {held.pop()}" if len(held) == 1 else ""


def _handle(result: ValidationResult, data: Data) -> str:
    found = re.fullmatch(r"@([\w.]{1,50})", _text(result))
    if not found or result.component != SH.PatternConstraintComponent:
        return ""
    return _instead(_only([_like(result.value, found[1])], result, data), "leave out the @")


_ADDRESS = re.compile(r"(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:/\S*)?", re.IGNORECASE | re.ASCII)


def _domain(result: ValidationResult, data: Data) -> str:
    found = _ADDRESS.fullmatch(_text(result))
    if not found or result.component != SH.PatternConstraintComponent:
        return ""
    host = _only([_like(result.value, found[1].lower())], result, data)
    return _instead(host, "give the host alone, in lower case")


def _code_in_capitals(result: ValidationResult, data: Data) -> str:
    text = _text(result)
    if not re.fullmatch("[A-Za-z]{2,3}", text):
        return ""
    return _instead(_only([_like(result.value, text.upper())], result, data), "write it in capitals")


def _language(result: ValidationResult, data: Data) -> str:
    value = result.value
    if not isinstance(value, ox.Literal) or value.datatype != _XSD.string:
        return ""
    if RDF.langString not in datatypes_asked(result):
        return ""
    told = {each.value.lower() for _, each in data.pairs(_DCTERMS.language) if isinstance(each, ox.Literal)}
    tag = told.pop() if len(told) == 1 else ""
    if not re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", tag):
        return ""
    tagged = _only([ox.Literal(value.value, language=tag)], result, data)
    return _instead(tagged, "tag it with the document's language")


_DATES = frozenset(_XSD[name] for name in ("date", "gYear", "gYearMonth", "dateTime"))


def _swapped_dates(result: ValidationResult, data: Data) -> str:
    other = upper_limit(result)
    if other is None or result.path is None:
        return ""
    firsts = set(result.path.walk(data, result.focus_node))
    lasts = data.objects(result.focus_node, other)
    if len(firsts) != 1 or len(lasts) != 1:
        return ""
    (first,), (last,) = firsts, lasts
    if not (isinstance(first, ox.Literal) and isinstance(last, ox.Literal)):
        return ""
    # Of one datatype and length and without a sign, they sort as they follow each other.
    if first.datatype != last.datatype or first.datatype not in _DATES or len(first.value) != len(last.value):
        return ""
    if not (first.value[:4].isdigit() and last.value[:4].isdigit() and last.value < first.value):
        return ""
    return f"it would end ({last.value}) before it begins ({first.value}): swap them"


#: Any text belongs to these: that it fits says nothing.
_TAKE_ANYTHING = frozenset({_XSD.string, _XSD.anyURI, _XSD.normalizedString, _XSD.token, RDF.langString})
_KNOWN = str(namespaces.XSD)


def _datatype(result: ValidationResult, data: Data) -> str:
    value = result.value
    if not isinstance(value, ox.Literal) or value.language:
        return ""
    asked = datatypes_asked(result) - _TAKE_ANYTHING
    candidates = [ox.Literal(value.value, datatype=each) for each in asked if each.value.startswith(_KNOWN)]
    fitting = _only(candidates, result, data)
    if not isinstance(fitting, ox.Literal):
        return ""
    return f"“{value.value}” is an {shorten(fitting.datatype.value)}: give it that datatype"


_NAMES = frozenset({RDFS.label, _SKOS.prefLabel})
_COUNTS = frozenset({SH.MaxCountConstraintComponent, SH.UniqueLangConstraintComponent})


def _labels(result: ValidationResult, data: Data) -> str:
    path = result.path
    if result.component not in _COUNTS or not isinstance(path, Predicate) or path.iri not in _NAMES:
        return ""
    return f"keep the fullest name as {shorten(path.iri.value)}, and make the others skos:altLabel"


def _namesake(result: ValidationResult, data: Data) -> str:
    if not asks_class(result) or not isinstance(result.value, ox.NamedNode):
        return ""
    found = {node for node in _of_one_name(data, result.value) if would_hold(result, data, node)}
    if len(found) != 1:
        return ""
    node = found.pop()
    return f"{_written(node)} has the same name, “{name_of(data, node)}”, and the class: was it meant?"


def _of_one_name(data: Data, node: Node) -> Iterator[Node]:
    for predicate in LABELS:
        for name in data.objects(node, predicate):
            yield from (other for other in data.subjects(predicate, name) if isinstance(other, ox.NamedNode))


def _near_member(result: ValidationResult, data: Data) -> str:
    members, value = members_asked(result), result.value
    if value is None or isinstance(value, ox.BlankNode):
        return ""
    for is_near in (_same_but_for_case, _one_letter_apart):
        near = [each for each in members if is_near(value, each)]
        if near:
            only = _only(near, result, data) if len(near) == 1 else None
            return f"did you mean {_written(only)}?" if only is not None else ""
    return ""


def _same_but_for_case(value: Node, member: Node) -> bool:
    """Whether they are one text in other letters or with another datatype or language."""
    return type(value) is type(member) and value.value.casefold() == member.value.casefold()


def _one_letter_apart(value: Node, member: Node) -> bool:
    if type(value) is not type(member):
        return False
    a, b = value.value, member.value
    if isinstance(value, ox.NamedNode):
        a, b = local_name(a), local_name(b)
        if value.value.removesuffix(a) != member.value.removesuffix(b):
            return False
    return min(len(a), len(b)) >= _SHORTEST_NEAR and _is_one_edit(a, b)


def _is_one_edit(a: str, b: str) -> bool:
    """Whether one letter put in, taken out or changed, or two swapped, makes the one of the other."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]:
        return True
    return a[start + (len(a) == len(b)) :] == b[start + 1 :]


def _instead(value: Node | None, advice: str) -> str:
    return f"{advice}: {_written(value)}" if value is not None else ""


def _written(value: Node) -> str:
    if isinstance(value, ox.NamedNode):
        short = shorten(value.value)
        return short if short != value.value else f"<{value.value}>"
    language = value.language if isinstance(value, ox.Literal) else None
    return f"“{value.value}”" + (f"@{language}" if language else "")


#: In the order in which they are asked.
_RULES: tuple[Rule, ...] = (
    _range_of_years,
    _day_that_is_none,
    _number,
    _handle,
    _domain,
    _near_member,
    _code_in_capitals,
    _language,
    _swapped_dates,
    _datatype,
    _labels,
    _namesake,
)
