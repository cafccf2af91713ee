"""Front matter: the YAML block that a Markdown file may start with."""

import re
from typing import Any

import yaml

from kgraph.documents.characters import one_line
from kgraph.documents.dates import read_date
from kgraph.documents.identity import address
from kgraph.documents.language import language_tag
from kgraph.documents.reading import Metadata
from kgraph.errors import SourceError

_FENCED = re.compile(r"\ufeff?---[ \t]*\n(?P<yaml>.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)

#: Largest front matter that is parsed, in code points.
_LONGEST = 64_000

_NOTHING = frozenset({"", "~", "null", "none"})


def split_front_matter(text: str, name: str) -> tuple[Metadata, str]:
    """What the front matter tells, and the text behind it.

    :param text: with line feeds as line ends.
    :param name: of the file, for error messages.
    :raises SourceError: if the YAML is broken; names the line.
    """
    found = _FENCED.match(text)
    if not found:
        return Metadata(), text
    if len(found["yaml"]) > _LONGEST:
        raise SourceError(name, f"its front matter is longer than {_LONGEST} characters")
    values = _parse(found["yaml"], name)
    if values is None:
        return Metadata(), text
    return _metadata(values), text[found.end() :]


def _parse(source: str, name: str) -> dict[str, Any] | None:
    """The mapping that the YAML holds; None if it holds none: then it was a rule, not a fence."""
    try:
        # All scalars stay strings: "language: no" is Norwegian, "id: 007" no number, and a date
        # that is none in the calendar no error.
        values = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506  (builds only str, list, dict)
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 2 if exc.problem_mark else 1
        raise SourceError(
            name, f"its front matter is no YAML, line {line}: {exc.problem or exc.context}"
        ) from exc
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        reason = "nested too deeply" if isinstance(exc, RecursionError) else one_line(str(exc))
        raise SourceError(name, f"its front matter is no YAML: {reason}") from exc
    if not isinstance(values, dict):
        return None if values is None or isinstance(values, str) else {}
    return {str(key).strip().lower(): value for key, value in values.items()}


def _metadata(values: dict[str, Any]) -> Metadata:
    source = _string(values, "source")
    published = address(source)
    return Metadata(
        title=_string(values, "title"),
        creators=_strings(values, "authors", "author", "creator", "creators", "by"),
        publisher=_string(values, "publisher", "outlet", "sitename", "site")
        or (None if published else source),
        issued=_date(values, "date", "published", "issued", "pubdate"),
        language=language_tag(_string(values, "language", "lang")),
        source=address(_string(values, "canonical", "canonical_url", "url")) or published,
        licence=_string(values, "licence", "license", "rights"),
        id=_id(values),
    )


def _date(values: dict[str, Any], *keys: str) -> Any:
    found = _string(values, *keys)
    return read_date(found) if found else None


def _id(values: dict[str, Any]) -> str | None:
    """The id, unless it is a path: those are of one machine."""
    found = _string(values, "id", "identifier", "doi")
    local = found and (
        found.startswith(("/", "~", "./", "../", "\\", "file:")) or re.match(r"[A-Za-z]:[\\/]", found)
    )
    return None if local else found


def _string(values: dict[str, Any], *keys: str) -> str | None:
    return next(iter(_strings(values, *keys)), None)


def _strings(values: dict[str, Any], *keys: str) -> tuple[str, ...]:
    """The strings under the first of the keys that has any: a scalar, a list, or mappings with a name."""
    for key in keys:
        value = values.get(key)
        items = value if isinstance(value, list) else [value]
        names = (item.get("name") if isinstance(item, dict) else item for item in items)
        found = tuple(
            dict.fromkeys(
                one_line(n) for n in names if isinstance(n, str) and n.strip().lower() not in _NOTHING
            )
        )
        if found:
            return found
    return ()
