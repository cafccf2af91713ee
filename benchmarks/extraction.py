"""What extraction costs beside the bare model: words a second of both, on the same texts, in one run.

    python benchmarks/extraction.py [FOLDER] [--rounds N]      the model on each whole text, then `extract`
    python benchmarks/extraction.py [FOLDER] --processes N     extraction in so many processes
    python benchmarks/extraction.py --memory [MEGABYTES]       peak memory of one long text
    python benchmarks/extraction.py --corpus [DOCUMENTS]       memory along a corpus of many texts

FOLDER holds .txt and .md files; left out, it is ../shared/documents, else data/documents. The model is
the one that extraction uses, with all that it comes with, one process each. Rounds alternate, so that
what else the machine does meets both; the median counts.
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kgraph.documents import read_bytes, read_document
from kgraph.extraction import RULES
from kgraph.extraction.language_model import load_model
from kgraph.gazetteer import load_gazetteer
from kgraph.records import Document

HERE = Path(__file__).resolve().parent
SHARED, SAMPLES = HERE.parents[1] / "shared" / "documents", HERE.parent / "data" / "documents"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--memory", type=float, nargs="?", const=5.0, metavar="MEGABYTES")
    parser.add_argument("--corpus", type=int, nargs="?", const=500, metavar="DOCUMENTS")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        CHILDREN[asked.child](asked.memory or asked.corpus)
    elif asked.memory or asked.corpus:
        # a process of its own: peak memory is that of a process, whatever it did before
        sys.exit(subprocess.run([sys.executable, *sys.argv, "--child", _child(asked)]).returncode)
    else:
        documents = list(_documents(asked.folder))
        if asked.processes:
            spread(documents, asked.processes, asked.rounds)
        else:
            compare(documents, asked.rounds)


def _child(asked: argparse.Namespace) -> str:
    return "memory" if asked.memory else "corpus"


def _documents(folder: Path | None) -> Iterator[Document]:
    if folder is None:
        folder = SHARED
        if not folder.is_dir():
            folder = SAMPLES
            print(f"no folder ../shared/documents here: reading {folder.name} of the samples")
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".txt", ".md") and p.name != "README.md")
    if not files:
        sys.exit(f"no .txt or .md file in {folder}")
    for file in files:
        yield read_document(file)


def words(documents: list[Document]) -> int:
    """Words divided by white space, of the texts as read."""
    return sum(len(document.text.split()) for document in documents)


def compare(documents: list[Document], rounds: int) -> None:
    """The bare model and extraction by turns."""
    model, gazetteer = load_model(), load_gazetteer()

    def bare() -> None:
        for document in documents:
            model(document.text)

    def extraction() -> None:
        for document in documents:
            RULES.extract(document, gazetteer)

    tasks = {"bare model": bare, "extraction": extraction}
    for task in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            times[name].append(_seconds(task))
    count = words(documents)
    print(f"{len(documents)} texts, {count:,} words, {rounds} rounds, medians")
    for name, taken in times.items():
        print(f"{name:<12} {count / statistics.median(taken):8,.0f} words/s")
    ratio = statistics.median(b / a for a, b in zip(*times.values(), strict=True))
    print(f"extraction takes {ratio:.2f} times what the bare model takes")


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def spread(documents: list[Document], processes: int, rounds: int) -> None:
    """Extraction of all texts, ten times each, in one process and in several."""
    from kgraph.extraction import extract_all

    many = documents * 10
    count = words(many)
    for number in dict.fromkeys((1, processes)):

        def task(number: int = number) -> None:
            for _ in extract_all(RULES, enumerate(many), processes=number):
                pass

        taken = statistics.median(_seconds(task) for _ in range(rounds))
        print(
            f"{number} process{'es' * (number > 1):<2} {count / taken:8,.0f} words/s, starting them included"
        )


# Long texts of our own

_FIRST = [
    "Aida",
    "Boris",
    "Chen",
    "Dana",
    "Elif",
    "Farid",
    "Gulnara",
    "Hassan",
    "Ilse",
    "Joao",
    "Karim",
    "Lena",
]
_LAST = [
    "Akhm",
    "Berd",
    "Cast",
    "Dovl",
    "Erk",
    "Fern",
    "Gais",
    "Holm",
    "Ibra",
    "Jans",
    "Kass",
    "Lind",
    "Mora",
]
_ENDS = ["ov", "eva", "ez", "ing", "ari", "son", "ulin", "aty", "berg", "ini", "ouz", "ek"]
_PLACES = ["Kazakhstan", "Belarus", "Uganda", "Iran", "Cuba", "Myanmar", "Turkey", "Egypt", "Sudan", "Chad"]
_PLATFORMS = ["Telegram", "Twitter", "Facebook", "WhatsApp", "Instagram", "YouTube", "Signal", "Viber"]
_BODIES = ["Ministry", "Committee", "Agency", "Commission", "Bureau"]
_FIELDS = ["Digital Development", "Information", "Public Order", "Press Affairs", "Internal Security"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
_SENTENCES = (
    "On {day} {month} {year}, the {body} of {field} blocked {platform} in {place}, {person} said.",
    "{person}, a journalist from {place}, was detained in {month} {year} and fined {number} dollars.",
    "At least {number} people were killed during protests in {place}, according to {person}.",
    "Protesters led by {person} gathered on {day} {month} and demanded the release of {number} prisoners.",
    "The {body} of {field} ({short}) denied that it had ordered operators to cut access to {platform}.",
    "Under the {year} Law on {field}, the {body} may block {platform} without a court order.",
    "{person} told reporters that the {short} had received {number} complaints since {year}.",
    "The outage of {day} {month} lasted {number} hours and hit users of {platform} in most of {place}.",
    "In {place}, {person} opened an account on {platform}, which {number} people followed by {month} {year}.",
    "Nobody answered the {number} letters that {person} wrote to the government about roads and water.",
)


def long_text(length: int, seed: int = 1) -> str:
    """Prose of so many code points with many names and numbers, in paragraphs under headings."""
    chance = random.Random(seed)
    pieces, size, number = ["A long report\n\n"], 0, 0
    while size < length:
        if number % 60 == 0:
            piece = f"\n\nChapter {number // 60 + 1}\n\n"
        else:
            piece = _sentence(chance) + ("\n\n" if number % 6 == 0 else " ")
        pieces.append(piece)
        size += len(piece)
        number += 1
    return "".join(pieces)


def _sentence(chance: random.Random) -> str:
    field = chance.choice(_FIELDS)
    body, last = chance.choice(_BODIES), chance.choice(_LAST)
    return chance.choice(_SENTENCES).format(
        day=chance.randint(1, 28), month=chance.choice(_MONTHS), year=chance.randint(2001, 2024),
        number=chance.randint(2, 99_999), place=chance.choice(_PLACES), platform=chance.choice(_PLATFORMS),
        person=f"{chance.choice(_FIRST)} {last}{chance.choice(_LAST).lower()}{chance.choice(_ENDS)}",
        body=body, field=field, short=body[0] + "".join(w[0] for w in field.split()) + "K",
    )  # fmt: skip


def memory(megabytes: float) -> None:
    """Peak memory of a process that reads and extracts one long text."""
    document = read_bytes(long_text(int(megabytes * 1e6)).encode(), name="long.txt", identity="long")
    gazetteer = load_gazetteer()
    RULES.extract(read_bytes(b"Nothing.", name="n.txt", identity="n"), gazetteer)
    before = _peak_mb()
    count = words([document])
    print(f"one text of {megabytes:g} MB: {count:,} words, {len(document.passages):,} passages")
    taken = _seconds(lambda: RULES.extract(document, gazetteer))
    print(
        f"{count / taken:,.0f} words/s; peak {_peak_mb():,.0f} MB, of which {before:,.0f} before extraction"
    )


def corpus(number: int) -> None:
    """Memory of a process along a corpus of texts of 5 KB each, as news reports are."""
    gazetteer = load_gazetteer()
    for position in range(number):
        text = long_text(5_000, seed=position)
        RULES.extract(read_bytes(text.encode(), name=f"{position}.txt", identity=str(position)), gazetteer)
        if position in (0, number - 1) or (position + 1) % max(1, number // 10) == 0:
            print(f"{position + 1:>5} documents: peak {_peak_mb():,.0f} MB", flush=True)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # macOS counts bytes, Linux KB


CHILDREN: dict[str, Callable[..., None]] = {"memory": memory, "corpus": corpus}


if __name__ == "__main__":
    main()
