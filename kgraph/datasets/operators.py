"""Operators: the telephone and internet companies that a cell names, as people write them.

What the gazetteer knows in the country is that operator; any other name is one of the dataset's own. Words
for all of them, or for some that are not named, name none.
"""

import re
from collections.abc import Iterator

from kgraph.datasets.cells import known
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Named, Odd
from kgraph.iris import slug
from kgraph.namespaces import KG

#: "and" joins operators, but in the names of the posts.
_BETWEEN = r"[,;\n]|(?<!Post)(?<!Posts)\s+(?:and|&)\s+(?!Tele)|(?<=\))\s+(?=\w)"
_COUNTRY = re.compile(r"\s*([^:()]+?)\s*:\s*(?!//)(.*)", re.DOTALL)
_NO_NAME = re.compile(
    r"https?:|\b(all|any|other|others|multiple|several|various|some|many|most|unknown|not|only|local|"
    r"companies|operators|providers|telcos|isps|networks|services|ministry|government)\b",
    re.IGNORECASE,
)
_MOST_LETTERS = 60


def operators_in(text: str, country: Named, context: Context) -> Iterator[tuple[Named, Named]]:
    """The operators that a cell lists, each with the country that it is in.

    :param country: that they are in, unless a name begins with another: `Iraq: Korek`.
    """
    named = re.split(r"\b(?:except|excluding|but not)\b", text, flags=re.IGNORECASE)[0]
    where = country
    for part in re.split(_BETWEEN, named):
        prefix = _COUNTRY.fullmatch(part)
        if prefix is not None:
            where, part = _country(prefix[1], country, context), prefix[2]
        name = re.sub(
            r"^(including|e\.g\.)\s+", "", " ".join(part.split()).strip(" .\"'"), flags=re.IGNORECASE
        )
        if known(name) and len(name) <= _MOST_LETTERS and not _NO_NAME.search(name) and slug(name):
            found = _known(name, where, context) or _by_name(name, where, context)
            if found is not None:
                yield found, where


def _country(name: str, country: Named, context: Context) -> Named:
    try:
        found = context.states.by_name(name)
    except Odd:
        return country
    return found if found.class_ == KG.Country else country


def _known(name: str, country: Named, context: Context) -> Named | None:
    """The operator of the gazetteer that has a name in a country: `Airtel` in Chad is Airtel Chad."""
    bare, inside = _bare(name)
    for words in (name, bare, f"{bare} {country.label}", inside):
        for entry in context.gazetteer.find(words):
            if entry.kind == "TelecomOperator" and entry.country == country.iri:
                return Named(entry.iri, KG.TelecomOperator, entry.label)
    return None


def _by_name(name: str, country: Named, context: Context) -> Named | None:
    """An operator of the dataset's own; a place in the country is none."""
    bare, _ = _bare(name)
    named = context.gazetteer.find(bare)
    if any(entry.kind == "Place" and entry.country in {country.iri, None} for entry in named):
        return None
    code = country.iri.rpartition("/")[2]
    says = ((KG.country, country),) if country.class_ == KG.Country else ()
    return Named(context.own(f"operator-{code}-{bare}"), KG.TelecomOperator, bare, says)


def _bare(name: str) -> tuple[str, str]:
    """`Sudani (Sudatel)`: the name, and behind it the owner, or the name in full."""
    bare, _, inside = name.partition("(")
    return bare.strip() or name, inside.strip(" )")
