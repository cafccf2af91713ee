"""Many documents in one process and in several."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kgraph.documents import read_bytes
from kgraph.errors import ConfigError, ExtractionError
from kgraph.extraction import RULES, extract_all
from kgraph.gazetteer import Gazetteer
from kgraph.records import Document, Extraction


@dataclass(frozen=True)
class Fragile:
    """Finds nothing; fails, or takes its process with it, where the text says so."""

    name: str = "fragile"
    version: str = "1"
    languages: tuple[str, ...] = ("en",)

    def extract(self, document: Document, gazetteer: Gazetteer) -> Extraction:
        if "fails" in document.text:
            raise ValueError("it always does")
        if "crashes" in document.text:
            os._exit(7)
        return Extraction(document, (), (), self.name, self.version)


def _documents(*texts: str) -> list[tuple[int, Document | None]]:
    return [
        (number, read_bytes(f"This note {text}, as all can see.".encode(), name=f"{number}.txt"))
        for number, text in enumerate(texts)
    ]


def test_what_an_extractor_raises_concerns_its_document_alone() -> None:
    answers = list(extract_all(Fragile(), _documents("holds", "fails", "holds too")))
    assert [number for number, _ in answers] == [0, 1, 2]
    assert isinstance(answers[1][1], ExtractionError)
    assert str(answers[1][1]) == "1: extractor 'fragile': ValueError: it always does"
    assert [type(answer) for _, answer in answers[::2]] == [Extraction, Extraction]


def test_a_process_that_dies_is_one_error_that_names_its_document() -> None:
    tasks = _documents("holds", "crashes", "fails", "crashes again", "holds still")
    answers = dict(extract_all(Fragile(), [(9, None), *tasks], processes=2))
    assert list(answers) == [9, 0, 1, 2, 3, 4]  # in the order asked
    assert answers[9] is None
    assert [n for n, answer in answers.items() if isinstance(answer, Extraction)] == [0, 4]
    assert str(answers[1]) == "1: extractor 'fragile': the process that read it ended with code 7"
    assert str(answers[2]) == "2: extractor 'fragile': ValueError: it always does"
    assert str(answers[3]).startswith("3: extractor 'fragile': the process that read it ended")


def test_documents_are_taken_only_shortly_before_their_turn() -> None:
    taken = 0

    def tasks() -> Iterator[tuple[int, Document | None]]:
        nonlocal taken
        for task in _documents(*["holds"] * 20):
            taken += 1
            yield task

    answers = extract_all(Fragile(), tasks(), processes=2)
    for done, _ in enumerate(answers, start=1):
        assert taken <= done + 5
        if done == 3:
            break
    answers.close()
    assert taken < 10


def test_an_extractor_that_cannot_travel_says_so() -> None:
    @dataclass(frozen=True)
    class Local(Fragile):
        pass

    with pytest.raises(ConfigError, match=r"'fragile' cannot be sent to another process"):
        list(extract_all(Local(), _documents("holds"), processes=2))


def test_two_processes_find_what_one_finds() -> None:
    texts = (
        "On 3 March 2015, the government blocked Telegram and Viber in Belarus.",
        "Protesters marched in Minsk, and police detained 40 of them, the BBC said.",
        "The law allows the ministry to block sites without a court order in Chad.",
        "Aleksandr Lukashenko, the president of Belarus, signed the law.",
    )
    tasks = [(n, read_bytes(text.encode(), name=f"{n}.txt")) for n, text in enumerate(texts)]
    assert list(extract_all(RULES, tasks, processes=2)) == list(extract_all(RULES, tasks))
