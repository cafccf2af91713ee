"""Who may do what over HTTP: tokens, each with a name, scopes and an end.

A token's secret is 32 random bytes, told once when it is made; its SHA-256 is kept. (Nobody guesses 256
random bits, so no slow hash is needed, as it would be for a password.) They lie in a file of the store that
only its owner reads. It is replaced as a whole, and a change of it is seen when a token is next looked for.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from kgraph.errors import ConfigError, NotFound, StoreError
from kgraph.store import Store, open_store, replace_file, tokens_file, wait_for_lock

Scope = Literal["read", "write", "admin"]
#: The widest last: each has all before it in it.
SCOPES: tuple[Scope, ...] = get_args(Scope)

#: How a secret begins, so that who finds one, or looks for them, knows what it is.
PREFIX = "kg_"
_SECRET_BYTES = 32
#: No secret of ours is longer; a longer one is not worth hashing.
_LONGEST = 200
#: Fit for a log: no blank, no quote, no control character.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", re.ASCII)
#: Raised when a file written by this version cannot be read by the one before.
_FORMAT = 1
_OWNER_ALONE = 0o600
_LOCK_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; never its secret.

    :param scopes: that it was given.
    :param made: when, in UTC.
    :param expires: when it ends, in UTC; None: never.
    """

    name: str
    scopes: frozenset[Scope]
    made: datetime
    expires: datetime | None

    def allows(self, scope: Scope) -> bool:
        """Whether a scope is among those given, or within one of them."""
        return any(scope in SCOPES[: SCOPES.index(given) + 1] for given in self.scopes)

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether its time is over.

        :param now: with its time zone.
        """
        return self.expires is not None and (now or datetime.now(UTC)) >= self.expires


class Tokens:
    """The tokens in a file; threads and processes share it. There are none where there is no file.

    :param path: of the file, as `kgraph.store.tokens_file` has it; the directory exists.
    """

    def __init__(self, path: Path):
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._entries: dict[str, _Entry] = {}

    def make(self, name: str, scopes: Iterable[Scope], expires: datetime | timedelta | None = None) -> str:
        """Make a token; one of the same name that is over is replaced.

        :param expires: when it ends, or how long it lasts; None: it does not end.
        :returns: its secret, which is told nowhere else.
        :raises ConfigError: if the name is taken or unfit, a scope is unknown, or the end lies in the past.
        :raises StoreError: if the file cannot be read or written.
        """
        given, now = frozenset(scopes), datetime.now(UTC)
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f"{name[:80]!r} is no name for a token; it has up to 64 letters, digits, dots, hyphens, "
                "underscores and at signs, and begins with a letter or digit"
            )
        if not given or not given <= set(SCOPES):
            raise ConfigError(f"scopes of a token are {', '.join(SCOPES)}; at least one is needed")
        end = now + expires if isinstance(expires, timedelta) else expires
        token = Token(name, given, now.replace(microsecond=0), end and _to_second(end))
        if token.is_over(now):
            raise ConfigError("a token cannot end before it begins")
        secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)

        def add(entries: dict[str, _Entry]) -> None:
            if name in entries and not entries[name].token.is_over(now):
                raise ConfigError(f"there is a token {name} already; revoke it first, or choose another name")
            entries[name] = _Entry(token, _digest(secret))

        self._change(add)
        return secret

    def revoke(self, name: str) -> None:
        """Take a token away: from now on it is none.

        :raises NotFound: if there is no such token.
        :raises StoreError: if the file cannot be read or written.
        """

        def drop(entries: dict[str, _Entry]) -> None:
            if entries.pop(name, None) is None:
                raise NotFound(f"there is no token {name[:80]!r}; `kgraph token list` lists them")

        self._change(drop)

    def all(self) -> list[Token]:
        """All there are, those that are over too, by name.

        :raises StoreError: if the file cannot be read.
        """
        return [entry.token for _, entry in sorted(self._read().items())]

    def find(self, secret: str) -> Token | None:
        """The token that a secret belongs to, if it is not over.

        :raises StoreError: if the file cannot be read.
        """
        if not secret.startswith(PREFIX) or len(secret) > _LONGEST:
            return None
        digest, found = _digest(secret), None
        # With each of them, and each in the same time, so that none tells how near a guess came.
        for entry in self._read().values():
            if hmac.compare_digest(entry.digest, digest):
                found = entry.token
        return None if found is None or found.is_over() else found

    def _read(self) -> "dict[str, _Entry]":
        with self._lock:
            try:
                stat = self._path.stat()
                seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
                if seen != self._seen:
                    self._entries, self._seen = _from_json(self._path.read_bytes()), seen
            except FileNotFoundError:
                self._entries, self._seen = {}, None
            except OSError as exc:
                raise self._error(f"cannot be read ({(exc.strerror or str(exc)).lower()})") from exc
            except (ValueError, KeyError, TypeError, AttributeError) as exc:
                raise self._error(f"is damaged ({exc}); put it aside and make new tokens") from exc
            return self._entries

    def _change(self, change: "Callable[[dict[str, _Entry]], None]") -> None:
        root = str(self._path.parent)
        try:
            with wait_for_lock(self._path.with_suffix(".lock"), _LOCK_WAIT_S, root):
                entries = dict(self._read())
                change(entries)
                replace_file(self._path, _to_json(entries), _OWNER_ALONE)
        except OSError as exc:
            raise self._error(f"cannot be written ({(exc.strerror or str(exc)).lower()})") from exc

    def _error(self, reason: str) -> StoreError:
        return StoreError(str(self._path.parent), f"{self._path.name} {reason}")


def tokens_of(store: Store) -> Tokens | None:
    """The tokens of a store; None for one in memory, which has none."""
    return Tokens(tokens_file(store.path)) if store.path else None


def tokens_in(path: Path) -> Tokens:
    """The tokens of the store in a directory.

    :raises StoreError: if there is none.
    """
    with open_store(path):
        return Tokens(tokens_file(path))


@dataclass(frozen=True, slots=True)
class _Entry:
    """:param digest: SHA-256 of the secret, in hexadecimal."""

    token: Token
    digest: str


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _to_second(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(microsecond=0)


def _to_json(entries: dict[str, _Entry]) -> bytes:
    written = {
        name: {
            "scopes": sorted(entry.token.scopes, key=SCOPES.index),
            "made": entry.token.made.isoformat(),
            "expires": entry.token.expires and entry.token.expires.isoformat(),
            "sha256": entry.digest,
        }
        for name, entry in sorted(entries.items())
    }
    return (json.dumps({"format": _FORMAT, "tokens": written}, indent=1) + "\n").encode("ascii")


def _from_json(data: bytes) -> dict[str, _Entry]:
    """What `_to_json` wrote.

    :raises ValueError: (or KeyError, TypeError, AttributeError) if it did not.
    """
    read = json.loads(data)
    if int(read["format"]) > _FORMAT:
        raise ValueError(f"it has format {read['format']}; upgrade kgraph")
    return {name: _entry(name, told) for name, told in read["tokens"].items()}


def _entry(name: str, told: dict[str, Any]) -> _Entry:
    scopes = frozenset(told["scopes"])
    if not scopes <= set(SCOPES):
        raise ValueError(f"{sorted(scopes - set(SCOPES))[0]!r} is no scope")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:80]!r} is no name")
    made, end = _time(told["made"]), told["expires"]
    if not re.fullmatch("[0-9a-f]{64}", told["sha256"]):
        raise ValueError(f"{name} has no SHA-256")
    return _Entry(Token(name, scopes, made, None if end is None else _time(end)), told["sha256"])


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return time
