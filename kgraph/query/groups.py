"""Which things are held to be one: what follows from judgements, as the links graph has it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgraph.store import View


def members(view: "View", iri: str) -> tuple[str, ...]:
    """All addresses of a thing, the canonical one first, then sorted; its own alone if nobody judged."""
    rows = view.evaluate(
        "SELECT DISTINCT ?member ?chosen WHERE { ?node kg:canonical ?chosen . ?member kg:canonical ?chosen }",
        bindings={"node": iri},
    )
    found = {(str(row["member"]) != str(row["chosen"]), str(row["member"])) for row in rows}
    return tuple(member for _, member in sorted(found)) or (iri,)


def canonical_addresses(view: "View") -> dict[str, str]:
    """The address that stands for each thing that is judged the same as another."""
    rows = view.evaluate("SELECT DISTINCT ?member ?chosen WHERE { ?member kg:canonical ?chosen }")
    return {str(row["member"]): str(row["chosen"]) for row in rows}
