"""Laws made: who passes, proposes or amends a law, and when."""

from collections.abc import Iterator

from kgraph.extraction.classes import is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import Calendar, date_literal, find_dates
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.circumstances import dates_of
from kgraph.extraction.events.reality import is_real
from kgraph.extraction.facts import Fact, term
from kgraph.extraction.law import Legal
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.syntax import agents_by, conjuncts, is_passive, objects_behind, patients, subjects

#: Who makes laws.
_MAKERS = ("StateBody", "Country", "Person", "Group", "PoliticalParty")


def law_making_facts(reading: Reading, legal: Legal, calendar: Calendar) -> Iterator[Fact]:
    """Who made each law and when: "parliament passed the bill on 12 May"."""
    verbs = read_words("law")["makes"]
    for sentence in reading.sentences:
        for verb in sentence.doc:
            if verb.pos_ != "VERB" or verb.lemma_ not in verbs or not is_real(verb):
                continue
            made = [c for t in patients(verb) for c in (*conjuncts(t), *objects_behind(t, "to"))]
            laws = [law for t in made if (law := legal.law_at(sentence.number, t.i))]
            if not laws:
                continue
            makers = actors(reading, sentence, agents_by(verb) if is_passive(verb) else subjects(verb))
            told = dates_of(sentence, verb, find_dates(sentence, calendar), frozenset({verb.i}))
            for law in dict.fromkeys(laws[:1]):
                for maker in makers:
                    if is_any(reading.things[maker].kind, _MAKERS):
                        yield Fact(law, term("conductedBy"), maker, (sentence.number,), "law maker")
                for when in told[:1]:
                    yield Fact(law, term("date"), date_literal(when.value), (sentence.number,), "law made")
