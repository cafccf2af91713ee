"""Saved questions: SPARQL files that say in their head what they ask and what they can be told.

    # title: Platforms that were blocked
    # description: Which platforms were blocked where and when,
    #   on what legal basis, and who says so.
    # parameter country (country, optional): only in this country
    # parameter days (integer, default 7): how many days may lie between

    SELECT …

The head is the comment lines that the file starts with. `# title:` and `# description:` are
owed once; a line that goes on has two spaces more. A parameter has a type out of `TYPES`
and is required unless it is optional or has a default. Each stands in the query as the
variable of its name and is bound before the query is evaluated, never spliced into the text;
an optional one that is not given stays unbound (`!BOUND(?since) || …`). `?reference`
is bound to the graph that the reference data is in.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal as OneOf
from typing import get_args

from kgraph.errors import ConfigError, QuestionError
from kgraph.query.suggestions import near
from kgraph.resources import resource

Type = OneOf["country", "platform", "entity", "date", "integer", "decimal", "boolean", "string"]
TYPES: tuple[str, ...] = get_args(Type)

#: What a value of each type looks like.
EXAMPLES: dict[str, str] = {
    "country": "KZ",
    "platform": "twitter",
    "entity": "Zhanaozen",
    "date": "2016-05-21",
    "integer": "7",
    "decimal": "0.8",
    "boolean": "true",
    "string": "president",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a saved question can be told.

    :param default: what holds where nothing is given, as a user would write it.
    """

    name: str
    type: str
    description: str
    required: bool = True
    default: str | None = None

    @property
    def example(self) -> str:
        """A value that would do."""
        return self.default or EXAMPLES[self.type]

    def __str__(self) -> str:
        """`country=KZ (country, optional): only in this country`."""
        kind = self.type
        if self.default is not None:
            kind += f", default {self.default}"
        elif not self.required:
            kind += ", optional"
        return f"{self.name}={self.example} ({kind}): {self.description}"


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question.

    :param name: what it is asked by: the file's name without `.rq`.
    :param text: the SPARQL query, as the file has it, head and all.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def body(self) -> str:
        """The query without its head."""
        lines = self.text.splitlines()
        start = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
        return "\n".join(lines[start:]) + "\n"


@cache
def questions() -> tuple[Question, ...]:
    """All saved questions, by name.

    :raises ConfigError: if a file's head is wrong; names file and line.
    """
    files = sorted(resource("data", "questions").glob("*.rq"))
    return tuple(parse_question(path) for path in files)


def question(name: str) -> Question:
    """One saved question.

    :raises QuestionError: if there is none of that name; lists those there are.
    """
    known = {each.name: each for each in questions()}
    if name in known:
        return known[name]
    guesses = near(name, known)
    hint = f"did you mean {guesses[0]}?" if guesses else f"there are {', '.join(known)}"
    raise QuestionError(f"there is no question {name!r}; {hint}")


def parse_question(path: Path) -> Question:
    """A saved question from its file.

    :raises ConfigError: if the head is wrong; names the line and what should stand there.
    """
    text = path.read_text(encoding="utf-8")
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in _head_lines(path, text):
        try:
            key, value = _field(line)
            if key == "parameter":
                parameters.append(_parameter(value))
            elif key in fields:
                raise ValueError(f"{key} stands here for the second time")
            else:
                fields[key] = value
        except ValueError as exc:
            raise ConfigError(f"{path.name}, line {number}: {exc}") from exc
    _check(path, text, fields, parameters)
    return Question(path.stem, fields["title"], fields["description"], tuple(parameters), text)


def _head_lines(path: Path, text: str) -> list[tuple[int, str]]:
    """Fields of the head, joined where they go on in the next line, with the line each starts in."""
    fields: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        content = line[1:]
        if content.startswith("   ") and fields:
            start, begun = fields[-1]
            fields[-1] = (start, f"{begun} {content.strip()}")
        elif content.strip():
            fields.append((number, content.strip()))
    return fields


_PARAMETER = re.compile(
    r"(?P<name>[a-z][A-Za-z0-9]*) "
    r"\((?P<type>\w+)(?:, (?:(?P<optional>optional)|default (?P<default>[^)]+)))?\)"
    r": (?P<description>\S.*)"
)


def _field(line: str) -> tuple[str, str]:
    for key in ("title", "description"):
        if line.startswith(f"{key}: "):
            return key, line.removeprefix(f"{key}: ").strip()
    if line.startswith("parameter "):
        return "parameter", line.removeprefix("parameter ")
    raise ValueError(
        f"{line!r} is no field of the head; one of `title: …`, `description: …`, `parameter NAME (TYPE): …`"
    )


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is no parameter; write `parameter days (integer, default 7): how many days`, "
            "with `, optional` or `, default …` or neither"
        )
    if found["type"] not in TYPES:
        raise ValueError(f"there is no type {found['type']!r}; one of {', '.join(TYPES)}")
    return Parameter(
        name=found["name"],
        type=found["type"],
        description=found["description"],
        required=not (found["optional"] or found["default"]),
        default=found["default"],
    )


def _check(path: Path, text: str, fields: dict[str, str], parameters: list[Parameter]) -> None:
    for key in ("title", "description"):
        if key not in fields:
            raise ConfigError(f"{path.name}, line 1: the head has no `# {key}: …`")
    seen: set[str] = set()
    body = re.sub(r"(?m)^#.*$", "", text)
    for parameter in parameters:
        if parameter.name in seen:
            raise ConfigError(f"{path.name}: parameter {parameter.name} is declared twice")
        seen.add(parameter.name)
        if not re.search(rf"[?$]{parameter.name}\b", body):
            raise ConfigError(
                f"{path.name}: parameter {parameter.name} is declared, but ?{parameter.name} is "
                "nowhere in the query"
            )
