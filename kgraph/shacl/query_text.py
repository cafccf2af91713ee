"""What is read from the text of a query, and changed in it, before values are bound; token by token.

Source: SHACL 1.0, appendix A (pre-binding).
"""

from collections.abc import Iterator

import pyoxigraph as ox

from kgraph.shacl.errors import ShapesError
from kgraph.shacl.vocabulary import Node
from kgraph.store import Token, tokens

_FORBIDDEN = {
    "minus": "MINUS",
    "values": "VALUES",
    "service": "SERVICE",
    "from": "FROM",
}


def mark(name: str) -> ox.NamedNode:
    """What stands for a variable in a text until its value is known; the name of its function, too."""
    return ox.NamedNode(f"urn:x-kgraph:prebound-{name}")


def form_of(text: str) -> str:
    """`select`, `ask` or whatever keyword of a query form comes first."""
    forms = {"select", "ask", "construct", "describe"}
    return next((t.text.lower() for t in tokens(text) if t.kind == "word" and t.text.lower() in forms), "")


#: What makes it matter whether one focus node is asked about or many.
_NOT_PLAIN = {"optional", "union", "graph", "select", "group", "having", "order", "limit", "offset", "count"}


def head_of_plain(read: list[Token]) -> int | None:
    """Where the pattern of a query begins that means the same for one focus node and for many; else None.

    Such a query has one group, and `$this` in a triple pattern of it, so that every filter and BIND there
    sees its value. Paths that can have no length are not plain: they lead from what is not in the data, too.
    """
    depth, brackets, selects = 0, 0, 0
    head: int | None = None
    has_this = False
    for previous, token in zip([None, *read], read, strict=False):
        word = token.text.lower() if token.kind == "word" else ""
        if word in _NOT_PLAIN:
            selects += word == "select"
            if word != "select" or selects > 1:
                return None
        elif token.kind == "mark" and depth and not brackets and token.text in "*?+":
            return None
        elif token.text == "{" and token.kind == "mark":
            is_exists = previous is not None and previous.text.lower() == "exists"
            if head is not None and not is_exists:
                return None
            head = head or token.end
            depth += 1
        elif token.kind == "mark":
            depth -= token.text == "}"
            brackets += {"(": 1, ")": -1}.get(token.text, 0)
        elif token.kind == "variable" and token.text[1:] == "this":
            has_this = has_this or (depth == 1 and not brackets)
    return head if has_this else None


def with_path(text: str, path: str | None, owner: Node) -> str:
    """The text with a path in the place of `$PATH`.

    :raises ShapesError: if there is none.
    """
    parts, copied = [], 0
    for token in tokens(text):
        if token.kind == "variable" and token.text[1:] == "PATH":
            if path is None:
                raise ShapesError(owner, "uses $PATH, and is not on a property shape")
            parts += [text[copied : token.start], path]
            copied = token.end
    return "".join(parts) + text[copied:]


def without_bound(text: str, names: frozenset[str]) -> str:
    """`BOUND(?x)` made true for variables that have a value."""
    read = list(tokens(text))
    parts, copied = [], 0
    for word, opening, variable, closing in zip(read, read[1:], read[2:], read[3:], strict=False):
        is_call = word.kind == "word" and word.text.lower() == "bound"
        if is_call and (opening.text, closing.text) == ("(", ")") and variable.text[1:] in names:
            parts += [text[copied : word.start], "(true)"]
            copied = closing.end
    return "".join(parts) + text[copied:]


def with_calls(text: str, names: frozenset[str]) -> str:
    """A call of a function for each variable that stands in an expression: within round brackets."""
    parts, copied, brackets = [], 0, [""]
    for token in tokens(text):
        if token.kind == "mark" and token.text in "({":
            brackets.append(token.text)
        elif token.kind == "mark" and token.text in ")}" and len(brackets) > 1:
            brackets.pop()
        elif token.kind == "variable" and token.text[1:] in names and brackets[-1] == "(":
            parts += [text[copied : token.start], f"{mark(token.text[1:])}()"]
            copied = token.end
    return "".join(parts) + text[copied:]


def as_select(text: str, late: tuple[str, ...]) -> str:
    """An ASK query as a SELECT with one solution at most: only these can be given blank nodes."""
    read = list(tokens(text))
    ask = next(t for t in read if t.kind == "word" and t.text.lower() == "ask")
    used = {t.text[1:] for t in read if t.kind == "variable"}
    projected = " ".join(f"?{name}" for name in late if name in used) or "*"
    return f"{text[: ask.start]}SELECT {projected} {text[ask.end :]} LIMIT 1"


def check_prebound(owner: Node, text: str, prebound: frozenset[str]) -> None:
    """Refuse what pre-binding leaves without meaning.

    Source: SHACL 1.0, appendix A.
    """
    read = list(tokens(text))
    for previous, token in zip([None, *read], read, strict=False):
        if token.kind == "word" and token.text.lower() in _FORBIDDEN:
            raise ShapesError(
                owner, f"its query uses {_FORBIDDEN[token.text.lower()]}, which SHACL does not allow"
            )
        is_assigned = previous is not None and previous.kind == "word" and previous.text.lower() == "as"
        if is_assigned and token.kind == "variable" and token.text[1:] in prebound:
            raise ShapesError(owner, f"its query gives {token.text} a value, which it has already")
    for depth, projected, body in _selects(read):
        if "*" in projected:
            # Whatever the pattern binds; a variable in filters alone is not among it.
            missing = [] if depth == 0 else sorted(prebound & body)
        elif depth == 0:
            missing = [] if "this" in projected else ["this"]
        else:
            missing = sorted(({"this"} | (prebound & body)) - projected)
        if missing:
            raise ShapesError(owner, f"a SELECT in its query does not return ${missing[0]}")


def _selects(read: list[Token]) -> Iterator[tuple[int, set[str], set[str]]]:
    """Each SELECT: how deep it lies, what it projects (`*` for all), which variables its body holds."""
    depth = 0
    for i, token in enumerate(read):
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "mark" else 0
        if token.kind == "word" and token.text.lower() == "select":
            yield depth, *_select(read[i + 1 :])


def _select(read: list[Token]) -> tuple[set[str], set[str]]:
    projected: set[str] = set()
    body: set[str] = set()
    depth, brackets = 0, 0
    for token in read:
        if token.kind == "mark":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            brackets += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0 and token.text == "}":
                break
        if token.kind == "variable" and depth:
            body.add(token.text[1:])
        elif token.kind == "variable" and not brackets:
            projected.add(token.text[1:])
        elif not depth and token.text == "*" and not brackets:
            projected.add("*")
    return projected, body
