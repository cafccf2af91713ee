"""Asking a saved question: what the user wrote becomes terms, and these are bound."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kgraph.errors import NotFound, QuestionError
from kgraph.iris import Minter, ntriples
from kgraph.namespaces import KG, XSD
from kgraph.query.questions import EXAMPLES, Parameter, Question, question
from kgraph.query.resolve import is_used, minter_of, resolve
from kgraph.query.suggestions import near
from kgraph.records import Literal, Term

if TYPE_CHECKING:
    from kgraph.store import QueryResult, View

_MOST_CHARACTERS = 500


def ask(view: "View", name: str, parameters: Mapping[str, str] | None = None) -> "QueryResult":
    """Run a saved question.

    :param parameters: as a user writes them: `{"country": "KZ", "days": "7"}`; "" is not given.
    :raises QuestionError: if there is no such question, or a parameter is unknown, missing or ill-typed;
        says what is expected, with an example.
    """
    saved = question(name)
    return view.evaluate(saved.text, bindings=bind(view, saved, parameters or {}))


def bind(view: "View", saved: Question, parameters: Mapping[str, str]) -> dict[str, Term]:
    """The term for each variable of a saved question that has a value.

    :raises QuestionError: as `ask`.
    """
    declared = {parameter.name: parameter for parameter in saved.parameters}
    for given in parameters:
        if given not in declared:
            raise QuestionError(_unknown(saved, given))
    minter = minter_of(view)
    bindings: dict[str, Term] = {}
    if re.search(r"\?reference\b", saved.text):
        bindings["reference"] = minter.graph("reference")
    for parameter in saved.parameters:
        text = parameters.get(parameter.name, "").strip() or parameter.default
        if text:
            bindings[parameter.name] = _read(view, minter, saved, parameter, text)
        elif parameter.required:
            raise QuestionError(f"question {saved.name} needs {parameter.name}: {parameter}")
    return bindings


def standalone(view: "View", saved: Question, parameters: Mapping[str, str]) -> str:
    """The question as a query that anyone can paste elsewhere, with the values in their places.

    To read and to edit; `ask` binds the values and leaves the text alone.

    :raises QuestionError: as `ask`.
    """
    text = saved.body
    for name, term in bind(view, saved, parameters).items():
        text = re.sub(rf"\bBOUND\(\?{name}\)", "true", text)
        text = ntriples(term).join(re.split(rf"\?{name}\b", text))
    return text


def _unknown(saved: Question, given: str) -> str:
    names = [parameter.name for parameter in saved.parameters]
    if not names:
        return f"question {saved.name} takes no parameters, and {given!r} was given"
    guesses = near(given, names)
    hint = f"did you mean {guesses[0]}? " if guesses else ""
    takes = "; ".join(map(str, saved.parameters))
    return f"question {saved.name} has no parameter {given!r}; {hint}it takes {takes}"


def _read(view: "View", minter: Minter, saved: Question, parameter: Parameter, text: str) -> Term:
    if len(text) > _MOST_CHARACTERS:
        raise QuestionError(f"{parameter.name} has more than {_MOST_CHARACTERS} characters")
    try:
        if parameter.type in _THINGS:
            return _thing(view, minter, parameter, text)
        return _VALUES[parameter.type](text)
    except (ValueError, InvalidOperation) as exc:
        raise QuestionError(
            f"{parameter.name} of question {saved.name} cannot be {text!r}; it is a {parameter.type}, "
            f"for example {parameter.name}={EXAMPLES[parameter.type]}"
        ) from exc


def _date(text: str) -> Literal:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(text)
    return Literal(date.fromisoformat(text).isoformat(), XSD.date)


def _integer(text: str) -> Literal:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise ValueError(text)
    return Literal(str(int(text)), XSD.integer)


def _decimal(text: str) -> Literal:
    if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", text, re.ASCII):
        raise ValueError(text)
    return Literal(format(Decimal(text), "f"), XSD.decimal)


def _boolean(text: str) -> Literal:
    if text.lower() not in _TRUTH:
        raise ValueError(text)
    return Literal(_TRUTH[text.lower()], XSD.boolean)


_TRUTH = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_VALUES: dict[str, Callable[[str], Literal]] = {
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "string": Literal,
}
#: Types that are things: their class, and the kind that their known IRIs have.
_THINGS: dict[str, tuple[str | None, str]] = {
    "country": (KG.Country, "country"),
    "platform": (KG.Platform, "platform"),
    "entity": (None, ""),
}


def _thing(view: "View", minter: Minter, parameter: Parameter, text: str) -> str:
    """A thing by IRI, code or name.

    :raises QuestionError: if nothing, or more than one thing, goes by that name.
    """
    class_, kind = _THINGS[parameter.type]
    if parameter.type == "country" and re.fullmatch("[A-Za-z]{2}", text):
        # A country that no document mentions is a fair question, with an empty answer.
        return minter.known("country", text.upper())
    known = minter.known(kind, text.lower())
    if kind and re.fullmatch(r"[\w-]+", text) and is_used(view, known):
        return known
    try:
        found = resolve(view, text, class_)
    except NotFound as exc:
        raise QuestionError(
            f"{parameter.name} is a {parameter.type} such as {EXAMPLES[parameter.type]}: {exc}"
        ) from exc
    if len(found) > 1:
        raise QuestionError(
            f"{parameter.name}: {text!r} is the name of several things: {', '.join(found)}; "
            "give the IRI of one"
        )
    return found[0]
