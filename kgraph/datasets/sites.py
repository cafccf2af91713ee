"""Sites: what an address on the web says: its host, the site, the page."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from kgraph.datasets.cells import known
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Named, Odd, Row, Value
from kgraph.namespaces import KG, XSD
from kgraph.records import Literal, Term

#: What `kg:domainName` can hold; a name with one part alone is no host of a site.
_HOST = re.compile(r"[^\s/:@.]+(\.[^\s/:@.]+)+")
#: A host that is no name: an address of the Internet Protocol.
_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+){3}")


def host_of(address: str) -> str:
    """The host of an address, with or without its scheme, in small letters.

    :raises Odd: if it has none.

    >>> host_of("HTTPS://www.Akorda.kz:443/ru"), host_of("akorda.kz/ru")
    ('www.akorda.kz', 'akorda.kz')
    """
    text = address.strip()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        host = ""
    host = host.rstrip(".").lower()
    if not _HOST.fullmatch(host):
        raise Odd(f"{address!r} is no address of a site")
    return host


def without_www(host: str) -> str:
    """A host as people speak of it.

    >>> without_www("www.akorda.kz"), without_www("www.kz")
    ('akorda.kz', 'www.kz')
    """
    short = host.removeprefix("www.")
    return short if "." in short else host


def _in_its_script(host: str) -> str:
    """A host as people read it.

    Source: RFC 3490, section 4.2 (ToUnicode).

    >>> _in_its_script("xn--80ak6aa92e.com"), _in_its_script("xn--.com")
    ('аррӏе.com', 'xn--.com')
    """
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def site_of(address: str, context: Context, *says: tuple[str, Term]) -> Named:
    """The site at an address: one for a host, whether `www.` stands before it or not, in whatever script.

    Where the address has a scheme, it is told too: a test may ask for one page of many.

    :raises Odd: if it is no address.
    """
    host = host_of(address)
    name = without_www(_in_its_script(host))
    names = set() if _NUMBERS.fullmatch(host) else {host, without_www(host), name}
    told: list[tuple[str, Term]] = [(KG.domainName, Literal(each)) for each in sorted(names)]
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://\S+$", address.strip()):
        scheme, rest = address.strip().split("://", 1)
        told.append((KG.url, Literal(f"{scheme.lower()}://{rest}", XSD.anyURI)))
    return Named(context.minter.named("site", name), KG.Website, name, (*told, *says))


def site(column: str) -> Cell:
    """The site at the address in a column."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(column)
        if known(text):
            yield site_of(text, context)

    return cell


def address(column: str) -> Cell:
    """A whole address; blanks in it are escaped, and what has no scheme is of the web."""

    def cell(row: Row, context: Context) -> Iterable[Value]:
        text = row.get(column)
        if known(text):
            host_of(text)
            whole = text if "://" in text else f"https://{text}"
            yield Literal(re.sub(r"\s", "%20", whole), XSD.anyURI)

    return cell
