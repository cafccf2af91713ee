"""A document's identity: what stays the same when its bytes change.

`--id`, else the canonical address, else an id in the front matter, else the hash of the
bytes. Never a local path: it would tell of someone's machine and mean nothing elsewhere.
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from kgraph.documents.characters import one_line
from kgraph.documents.reading import Metadata
from kgraph.errors import SourceError

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def identity_of(name: str, given: str | None, metadata: Metadata, sha256: str) -> str:
    """What the document is known by.

    :param name: of the file, for error messages.
    :param given: as the user gave it.
    :raises SourceError: if the one given is empty or holds control characters.
    """
    if given is not None:
        if not given.strip() or _CONTROL.search(given):
            raise SourceError(name, f"{given!r} can be no identity; give an address or a short name (--id)")
        return given.strip()
    return metadata.source or metadata.id or f"sha256:{sha256}"


def address(text: str | None) -> str | None:
    """The text as an address on the web, without its fragment; None if it is none.

    Characters that no IRI may hold are percent-encoded.

    >>> address("HTTPS://Example.org/a b#top"), address("/home/me/a.html")
    ('https://example.org/a%20b', None)

    Source: RFC 3987, section 2.2.
    """
    try:
        parts = urlsplit(one_line(text or ""))
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            return None
    except ValueError:
        return None
    clean = urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, parts.query, ""))
    return "".join(quote(c) if c in ' <>"{}|\\^`' else c for c in clean)
