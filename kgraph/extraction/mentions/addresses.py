"""What is named by its address: sites by their host, accounts by their handle."""

import re
from collections.abc import Iterator

from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.sentences import Sentence

_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,12})(?::\d+)?(/\S*)?", re.I)

#: Endings of files, which look like hosts.
_FILES = (
    ".pdf", ".csv", ".json", ".txt", ".html", ".htm", ".doc", ".docx", ".xlsx", ".zip", ".jpg", ".png",
    ".exe", ".js",
)  # fmt: skip

#: Hosts of files and of abbreviations look alike: "e.g", "U.S".
_TOO_SHORT = 5


def addresses(sentence: Sentence) -> Iterator[Mention]:
    """Hosts and handles in a sentence."""
    for token in sentence.doc:
        text = token.text.strip("()[],;.")
        match = _HOST.fullmatch(text)
        if match and _is_host(match[1]) and "@" not in text and not _is_citation(sentence, token.i):
            yield Mention(
                sentence.number,
                token.i,
                token.i + 1,
                token.i,
                "Website",
                match[1],
                proper=True,
                mechanism="address",
            )


def _is_host(text: str) -> bool:
    """Whether a dotted word is a host: "Node.js" is a file's name, "end.The" two sentences."""
    last = text.rsplit(".", 1)[-1]
    return len(text) > _TOO_SHORT and not text.lower().endswith(_FILES) and (last.islower() or text.isupper())


def _is_citation(sentence: Sentence, position: int) -> bool:
    """Whether an address is where to read on, not what is spoken of."""
    return "://" in sentence.doc[position].text or sentence.doc[0].lower_ == "source"
