"""Calls of SERVICE and LOAD elsewhere: only to what is on a list, never into a network that is not public.

The engine calls addresses itself, follows redirects, and asks nobody. So a query or update gets, in the place
of each address that is allowed, one of a server of ours on this machine's loopback, known to no one else.
That server calls: it looks at the list, looks up the name, refuses addresses that are not public (unless
the list itself has the address, not a name), connects to the very address that it looked at, does the same
again where it is sent elsewhere, and bounds time, size and number. What LOAD gets is parsed here: the engine
would resolve its relative IRIs against our address.
"""

import http.client
import logging
import secrets
import socket
import ssl
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from kgraph.errors import WriteError
from kgraph.formats import formats_for
from kgraph.settings import is_loopback
from kgraph.store import ntriples_from

#: What an endpoint may answer at most; it is held in memory.
_MOST_BYTES = 20_000_000
_MOST_REQUEST_BYTES = 1_000_000
_MOST_AT_ONCE = 16
#: Queries that are known to call, at most; far fewer are evaluated at once.
_MOST_CALLERS = 1000
_MOST_REDIRECTS = 3
_PIECE_BYTES = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
#: Of these the method may become GET; of the others it stays. Source: RFC 9110, section 15.4.
_BY_GET = {301, 302, 303}
_RESULTS = "application/sparql-results+json, application/sparql-results+xml"
_GRAPHS = ", ".join(each.media_type for each in formats_for("graph"))
_PORTS = {"http": 80, "https": 443}
#: IPv4 addresses in clothes of IPv6. Source: RFC 6052, section 2.1.
_TRANSLATED = IPv6Network("64:ff9b::/96")

_log = logging.getLogger("kgraph.web")

Address = IPv4Address | IPv6Address


class ServiceRefused(Exception):
    """An endpoint may not be asked, or does not answer; its text says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What calls may take.

    :param time_s: to the last byte of the answer, in seconds.
    :param calls: of one query or update.
    """

    time_s: float
    calls: int
    answer_bytes: int = _MOST_BYTES


class Services:
    """What SERVICE and LOAD may name, each behind an address of ours.

    Its server is started when first asked for routes, and ends with the process.

    :param allowed: addresses of SPARQL endpoints and of RDF, http or https.
    """

    def __init__(self, allowed: Sequence[str], bounds: Bounds):
        self._allowed = tuple(allowed)
        self._bounds = bounds

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._allowed)

    def routes(self) -> Mapping[str, str]:
        """From the addresses that one query or update may name to those that are called; threads may ask."""
        return self._server.routes() if self._allowed else {}

    @cached_property
    def _server(self) -> "_Server":
        """Threads may make two at first; either serves."""
        server = _Server(self._allowed, self._bounds)
        threading.Thread(target=server.serve_forever, name="kgraph-services", daemon=True).start()
        return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, allowed: Sequence[str], bounds: Bounds):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.allowed = allowed
        self.bounds = bounds
        self.turns = threading.Semaphore(_MOST_AT_ONCE)
        self._counting = threading.Lock()
        self._calls_left: OrderedDict[str, int] = OrderedDict()

    def routes(self) -> Mapping[str, str]:
        """Addresses that nobody else knows, for as many calls as one query may make."""
        secret = secrets.token_urlsafe(24)
        with self._counting:
            self._calls_left[secret] = self.bounds.calls
            if len(self._calls_left) > _MOST_CALLERS:
                self._calls_left.popitem(last=False)
        start = f"http://127.0.0.1:{self.server_port}/{secret}"
        return {address: f"{start}/{number}" for number, address in enumerate(self.allowed)}

    def called(self, path: str) -> str | None:
        """The address that a path stands for; it counts as a call.

        :raises ServiceRefused: if that is one too many.
        """
        secret, _, number = path[1:].partition("/")
        with self._counting:
            left = self._calls_left.get(secret)
            if left is None or not number.isdecimal() or int(number) >= len(self.allowed):
                return None
            if not left:
                raise ServiceRefused(f"one query may call others {self.bounds.calls} times")
            self._calls_left[secret] = left - 1
        return self.allowed[int(number)]

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked has gone, mostly because its query was stopped; anything else is for the log."""
        if not isinstance(sys.exception(), OSError):
            _log.exception("a call elsewhere failed")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def do_POST(self) -> None:
        """Ask the endpoint that a path stands for (SERVICE)."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_REQUEST_BYTES:
            self._answer(413, "text/plain", b"the query is too large")
            return
        query = self.rfile.read(int(length))
        self._call(lambda address: _results(self._fetch(address, query)))

    def do_GET(self) -> None:
        """Get the graph that a path stands for (LOAD)."""
        self._call(lambda address: _graph(self._fetch(address, None)))

    def _fetch(self, address: str, query: bytes | None) -> "Fetched":
        return fetch(address, query, self.server.allowed, self.server.bounds)

    def _call(self, called: Callable[[str], tuple[str, bytes]]) -> None:
        try:
            address = self.server.called(self.path)
            if address is None:
                self._answer(404, "text/plain", b"there is nothing here")
            elif not self.server.turns.acquire(timeout=self.server.bounds.time_s):
                self._answer(503, "text/plain", b"too many others are being called")
            else:
                try:
                    found = called(address)
                finally:
                    self.server.turns.release()
                self._answer(200, *found)
        except ServiceRefused as exc:
            self._answer(502, "text/plain; charset=utf-8", str(exc).encode())

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library calls it so
        """Nothing: a path is a secret."""


class Fetched(NamedTuple):
    """What an address has given.

    :param address: where it came from in the end.
    """

    address: str
    media_type: str
    data: bytes


def _results(found: Fetched) -> tuple[str, bytes]:
    return found.media_type, found.data


def _graph(found: Fetched) -> tuple[str, bytes]:
    """What was fetched as N-Triples."""
    media_type = found.media_type.partition(";")[0].strip().lower()
    extension = urlsplit(found.address).path.rpartition(".")[2].lower()
    formats = formats_for("graph")
    # Many a server knows no better than that a file is text.
    format_ = next((each for each in formats if each.media_type == media_type), None) or next(
        (each for each in formats if each.extension == extension), None
    )
    if format_ is None:
        raise ServiceRefused(f"its answer is {media_type or 'of no media type'}, not one of {_GRAPHS}")
    try:
        return "application/n-triples", ntriples_from(found.data, format_.name, base=found.address)
    except WriteError as exc:
        raise ServiceRefused(str(exc)) from exc


def fetch(address: str, query: bytes | None, allowed: Sequence[str], bounds: Bounds) -> Fetched:
    """The answer of an endpoint to a query, or what is at an address.

    :param query: None to get what is there.
    :param allowed: the addresses that may be called, of which redirects are to be, too.
    :raises ServiceRefused: if an address is not allowed, or it gives no answer within the bounds.
    """
    deadline = time.monotonic() + bounds.time_s
    body = query
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            if address not in allowed:
                raise ServiceRefused(f"it leads to {address}, which is not on the list of this server")
            connection = _connected(urlsplit(address), deadline)
            # However slowly it comes: the time of a socket is that of one piece.
            end = threading.Timer(deadline - time.monotonic(), _hang_up, [connection.sock])
            end.start()
            try:
                response = _asked(connection, urlsplit(address), body, query)
                if response.status not in _REDIRECTS:
                    return Fetched(address, *_read(response, bounds, deadline))
                if response.status in _BY_GET:
                    body = None
                address = urljoin(address, response.headers.get("Location", ""))
            finally:
                end.cancel()
                connection.close()
    except (OSError, http.client.HTTPException, ValueError) as exc:
        raise ServiceRefused(f"{address} cannot be called: {exc or type(exc).__name__}") from exc
    raise ServiceRefused("it leads from one address to another without end")


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        connected.shutdown(socket.SHUT_RDWR)


def _asked(
    connection: http.client.HTTPConnection, address: SplitResult, body: bytes | None, query: bytes | None
) -> http.client.HTTPResponse:
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    accept = _GRAPHS if query is None else _RESULTS
    headers = {"Accept": accept, "User-Agent": "kgraph", "Connection": "close"}
    if body is None:
        if query is not None:
            path += f"{'&' if address.query else '?'}query={quote(query)}"
        connection.request("GET", path, headers=headers)
    else:
        connection.request("POST", path, body, headers | {"Content-Type": "application/sparql-query"})
    return connection.getresponse()


def _read(response: http.client.HTTPResponse, bounds: Bounds, deadline: float) -> tuple[str, bytes]:
    if response.status != 200:
        raise ServiceRefused(f"it answers {response.status} {response.reason}")
    data = bytearray()
    while piece := response.read1(_PIECE_BYTES):
        data += piece
        if len(data) > bounds.answer_bytes:
            raise ServiceRefused(f"its answer is larger than {bounds.answer_bytes:,} bytes")
    if time.monotonic() > deadline:
        raise ServiceRefused(f"its answer takes longer than {bounds.time_s:g} s")
    if response.length:  # what was announced and has not come
        raise ServiceRefused("its answer breaks off")
    return response.headers.get("Content-Type", ""), bytes(data)


def _connected(address: SplitResult, deadline: float) -> http.client.HTTPConnection:
    """A connection to an address that was looked at, under the name that it was looked up by."""
    host, port = address.hostname or "", address.port or _PORTS[address.scheme]
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("it takes too long")
    found = look_up(host, port)
    connected = socket.create_connection((str(found), port), timeout=left_s)
    if address.scheme == "https":
        try:
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise
    # With a socket of its own it neither looks the name up again nor connects anew.
    connection = http.client.HTTPConnection(host, address.port, timeout=left_s)
    connection.sock = connected
    connection.auto_open = 0
    return connection


def look_up(host: str, port: int) -> Address:
    """The address that a host of the list is asked at.

    :raises ServiceRefused: if it is a name, and any of its addresses is not public.
    """
    try:
        return ip_address(host)  # whoever wrote the list wrote the address itself
    except ValueError:
        pass
    found = [ip_address(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for each in found:
        if not is_public(each) and not is_loopback(host):
            raise ServiceRefused(f"{host} is at {each}, which is no public address")
    return found[0]


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, and not of this machine, a house or a link.

    >>> [is_public(ip_address(each)) for each in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1")]
    [True, False, False, False]
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast
