"""Who may do what: tokens in requests, and what needs one.

`Access` stands before all that answers, caches too, so that no answer is given across permissions. It finds
out who asks, and sends away whoever has a wrong token, or none where reading needs one. Handlers of what is
more than reading call `allow`.

A secret comes as `Authorization: Bearer SECRET`, or as the password of any user (Basic), which is all that
many SPARQL clients know.

Sources: RFC 6750 (Bearer), sections 2.1 and 3; RFC 7617 (Basic); RFC 9110, section 11.6.1 (WWW-Authenticate).
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import Forbidden, Unauthorized

from kgraph.access import Scope, Token, Tokens
from kgraph.errors import StoreError
from kgraph.settings import Reads, Settings, Writes, is_loopback
from kgraph.web.layers.bodies import Application
from kgraph.web.layers.problems import refuse

#: Under which name an application keeps its `Access`, and a request its `Caller`.
ACCESS = CALLER = "kgraph.access"

#: Says whether the process lives, whoever asks.
_ALWAYS = "/health"
_CHALLENGES = ('Bearer realm="kgraph"', 'Basic realm="kgraph", charset="UTF-8"')

_NO_TOKEN = "this needs a token: Authorization: Bearer SECRET, or the secret as a password"  # noqa: S105  # words
_WRONG = "the token is unknown, revoked or over"
_WRITES_OFF = "this endpoint is read-only: it takes no writes over HTTP"
_ELSEWHERE = "a page elsewhere may not do this in the name of whoever opened it"
_OF_PROXIES = frozenset({"HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP"})
_NOT_HERE = "without a token this is for clients on the same machine alone"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    :param name: of the token; empty for anybody.
    :param is_explicit: whether the client itself names a token: what Basic sends, a browser sends by itself
        once it knows it.
    """

    name: str = ""
    token: Token | None = field(default=None, repr=False)
    is_explicit: bool = False

    def has(self, scope: Scope) -> bool:
        """Whether the caller's token, if there is one, allows it."""
        return self.token is not None and self.token.allows(scope)


_ANYBODY = Caller()


def caller_of(environ: Mapping[str, Any]) -> Caller:
    """Who asks, once that is known; anybody until then."""
    caller: Caller = environ.get(CALLER, _ANYBODY)
    return caller


class _Refused(Exception):
    """:param status: 401 or 403."""

    def __init__(self, status: int, words: str):
        self.status = status
        self.words = words


class Access:
    """A WSGI application before another, which lets in whoever may read; and what knows who may do more.

    :param tokens: None for a store that has none, such as one in memory.
    """

    def __init__(self, application: Application, tokens: Tokens | None, settings: Settings):
        self._application = application
        self._tokens = tokens
        self._reads: Reads = settings.reads
        self._writes: Writes = settings.writes

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        try:
            # Nothing behind this sees the secret, so that nothing can tell it.
            environ[CALLER] = caller = self._caller(environ.pop("HTTP_AUTHORIZATION", None))
            self._let_read(environ, caller)
        except _Refused as exc:
            return refuse(start_response, exc.status, exc.words, *_challenge(exc.status))
        except StoreError:
            return refuse(start_response, 503, "it cannot be told at the moment who may do what")
        return self._application(environ, start_response)

    def check(self, environ: Mapping[str, Any], scope: Scope) -> Caller:
        """Who asks, if that one may do something.

        :raises Unauthorized: (401) if a token is needed and none came.
        :raises Forbidden: (403) if the token is not enough, writes are off, or a page elsewhere asks.
        """
        caller = caller_of(environ)
        try:
            if scope != "read":
                self._let_change(environ, caller, scope)
        except _Refused as exc:
            if exc.status == 401:
                refusal = Unauthorized(exc.words)
                refusal.www_authenticate = cast(Any, _CHALLENGES)  # werkzeug writes a realm without quotes
                raise refusal from None
            raise Forbidden(exc.words) from None
        return caller

    def _caller(self, authorization: str | None) -> Caller:
        if authorization is None:
            return _ANYBODY
        scheme, secret = _secret(authorization)
        token = self._tokens.find(secret) if self._tokens and secret else None
        if token is None:
            raise _Refused(401, _WRONG)
        return Caller(token.name, token, is_explicit=scheme == "bearer")

    def _let_read(self, environ: Mapping[str, Any], caller: Caller) -> None:
        # A browser asks what it may send (OPTIONS) without showing a token.
        is_free = environ["REQUEST_METHOD"] == "OPTIONS" or environ["PATH_INFO"] == _ALWAYS
        if self._reads == "token" and caller.token is None and not is_free:
            raise _Refused(401, _NO_TOKEN)

    def _let_change(self, environ: Mapping[str, Any], caller: Caller, scope: Scope) -> None:
        if scope == "write" and self._writes == "off":
            raise _Refused(403, _WRITES_OFF)
        if not caller.is_explicit and _is_from_elsewhere(environ):
            raise _Refused(403, _ELSEWHERE)
        if caller.has(scope):
            return
        if caller.token is not None:
            raise _Refused(403, f"the token {caller.name} does not have the scope {scope}")
        if self._writes != "open":
            raise _Refused(401, _NO_TOKEN)
        if not _is_on_this_machine(environ):
            raise _Refused(403, _NOT_HERE)


def allow(scope: Scope) -> Caller:
    """Who sends the current request, if that one may do something; for handlers of requests.

    :raises Unauthorized: (401) if a token is needed and none came.
    :raises Forbidden: (403) if the token is not enough, writes are off, or a page elsewhere asks.
    """
    return cast(Access, current_app.extensions[ACCESS]).check(request.environ, scope)


def _secret(authorization: str) -> tuple[str, str | None]:
    """The scheme of an Authorization header, and the secret in it; None where it is none that we know."""
    scheme, _, rest = authorization.strip().partition(" ")
    scheme, rest = scheme.lower(), rest.strip()
    if scheme == "bearer":
        return scheme, rest
    if scheme != "basic":
        return scheme, None
    try:
        return scheme, base64.b64decode(rest, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return scheme, None


def _challenge(status: int) -> tuple[tuple[str, str], ...]:
    return tuple(("WWW-Authenticate", each) for each in _CHALLENGES) if status == 401 else ()


def _is_from_elsewhere(environ: Mapping[str, Any]) -> bool:
    """Whether a page of another site has the browser ask; pages that this machine serves are none such."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return environ.get("HTTP_SEC_FETCH_SITE") in {"cross-site", "same-site"}
    host = _host(f"//{environ.get('HTTP_HOST', '')}")
    here = _host(str(origin))
    return here is None or not (here == host or is_loopback(here[0]))


def _is_on_this_machine(environ: Mapping[str, Any]) -> bool:
    """Whether a client is on this machine, and knows the server by an address of this machine.

    A page can have its own name resolve to 127.0.0.1 (DNS rebinding), but then asks for that name.
    """
    host = _host(f"//{environ.get('HTTP_HOST', '')}")
    return (
        host is not None
        and is_loopback(host[0])
        and is_loopback(str(environ.get("REMOTE_ADDR", "")))
        # A proxy that nobody told us of: it says so, or speaks as proxies do and programs do not any more.
        and not any(name in _OF_PROXIES or name.startswith("HTTP_X_FORWARDED_") for name in environ)
        and environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
    )


def _host(address: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(address)
        return (parts.hostname, parts.port) if parts.hostname else None
    except ValueError:
        return None
