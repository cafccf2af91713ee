"""Tokens in a file: what they allow, when they end, and that their secrets are nowhere."""

import json
import multiprocessing
import stat
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from kgraph.access import PREFIX, SCOPES, Scope, Token, Tokens, tokens_of
from kgraph.cli import main
from kgraph.errors import ConfigError, NotFound, StoreError
from kgraph.settings import Settings, size_bytes
from kgraph.store import Store, open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store", create=True) as opened:
        yield opened


@pytest.fixture
def tokens(store: Store) -> Tokens:
    found = tokens_of(store)
    assert found is not None
    return found


def _file(store: Store) -> Path:
    assert store.path is not None
    return store.path / "tokens.json"


def test_a_secret_is_found_and_lies_nowhere(store: Store, tokens: Tokens) -> None:
    secret = tokens.make("desk", ["write"], timedelta(days=90))
    assert secret.startswith(PREFIX)
    found = tokens.find(secret)
    assert found is not None
    assert (found.name, found.scopes) == ("desk", {"write"})
    assert store.path is not None
    for path in store.path.rglob("*"):
        assert not path.is_file() or secret.removeprefix(PREFIX).encode() not in path.read_bytes()


@pytest.mark.parametrize("wrong", ["", PREFIX, "kg_x", "x" * 10_000, "kg_\ud800", "kg_é"])
def test_another_secret_is_none(tokens: Tokens, wrong: str) -> None:
    secret = tokens.make("desk", ["write"])
    assert tokens.find(wrong) is None
    assert tokens.find(secret[:-1]) is None
    assert tokens.find(secret + "A") is None


def test_every_secret_is_another(tokens: Tokens) -> None:
    assert len({tokens.make(f"t{n}", ["read"]) for n in range(20)}) == 20


@given(st.sets(st.sampled_from(SCOPES), min_size=1), st.sampled_from(SCOPES))
def test_a_scope_has_those_before_it_in_it(given_: set[Scope], asked: Scope) -> None:
    token = Token("t", frozenset(given_), NOW, None)
    assert token.allows(asked) == (max(map(SCOPES.index, given_)) >= SCOPES.index(asked))


def test_a_token_ends_at_its_time() -> None:
    token = Token("t", frozenset({"read"}), NOW, NOW + timedelta(days=1))
    assert not token.is_over(NOW + timedelta(hours=23))
    assert token.is_over(NOW + timedelta(days=1))
    assert not Token("t", frozenset({"read"}), NOW, None).is_over(NOW + timedelta(days=9999))


def _end(store: Store, name: str) -> None:
    """Have the time of a token be over."""
    told = json.loads(_file(store).read_text())
    told["tokens"][name]["expires"] = "2020-01-01T00:00:00+00:00"
    _file(store).write_text(json.dumps(told))


def test_one_that_is_over_is_none_and_gives_its_name_away(store: Store, tokens: Tokens) -> None:
    secret = tokens.make("desk", ["write"], timedelta(days=1))
    with pytest.raises(ConfigError, match="desk already"):
        tokens.make("desk", ["write"])
    _end(store, "desk")
    assert tokens.find(secret) is None
    assert [token.name for token in tokens.all()] == ["desk"]
    assert tokens.find(tokens.make("desk", ["read"])) is not None
    assert tokens.find(secret) is None


def test_a_change_is_seen_by_whoever_has_read_before(store: Store, tokens: Tokens) -> None:
    other = tokens_of(store)
    assert other is not None
    first, second = tokens.make("first", ["read"]), tokens.make("second", ["read"])
    assert other.find(first)
    tokens.revoke("first")
    assert other.find(first) is None
    assert other.find(second)
    with pytest.raises(NotFound):
        other.revoke("first")


def test_only_its_owner_reads_the_file(store: Store, tokens: Tokens) -> None:
    _file(store).with_name("tokens.json.new").write_text("left behind")
    tokens.make("desk", ["read"])
    assert stat.S_IMODE(_file(store).stat().st_mode) == 0o600


def _make_some(path: Path, letter: str) -> None:
    tokens = Tokens(path)
    for n in range(5):
        tokens.make(f"{letter}{n}", ["read"])


def test_processes_that_make_tokens_at_once_lose_none(store: Store, tokens: Tokens) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        list(processes.map(_make_some, [_file(store)] * 2, "ab"))
    assert len(tokens.all()) == 10


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"format": 9, "tokens": {}}', '{"format": 1, "tokens": {"a\\nb": {"scopes": []}}}'],
)
def test_a_damaged_file_lets_nobody_in(store: Store, tokens: Tokens, text: str) -> None:
    secret = tokens.make("desk", ["admin"])
    _file(store).write_text(text)
    with pytest.raises(StoreError, match=r"tokens\.json"):
        tokens.find(secret)


@pytest.mark.parametrize("name", ["", "a b", "a\nb", "-x", "é", "x" * 65])
def test_names_are_fit_for_a_log(tokens: Tokens, name: str) -> None:
    with pytest.raises(ConfigError):
        tokens.make(name, ["read"])


def test_a_token_has_a_scope_and_a_future(tokens: Tokens) -> None:
    with pytest.raises(ConfigError):
        tokens.make("desk", [])
    with pytest.raises(ConfigError):
        tokens.make("desk", ["all"])  # type: ignore[list-item]
    with pytest.raises(ConfigError):
        tokens.make("desk", ["read"], NOW - timedelta(days=9999))


def test_a_store_with_tokens_is_still_one(store: Store, tokens: Tokens) -> None:
    tokens.make("desk", ["read"])
    assert store.path is not None
    with open_store(store.path) as again, again.writer():
        pass
    assert len(tokens.all()) == 1


def _run(store: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--store", str(store), *arguments])


def test_the_secret_alone_goes_to_standard_output(tmp_path: Path) -> None:
    assert _run(tmp_path / "store", "token", "make", "desk").exit_code == 3
    with open_store(tmp_path / "store", create=True, plain=True):
        pass
    made = _run(tmp_path / "store", "token", "make", "desk", "--scope", "write", "--expires", "90d")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    assert secret.startswith(PREFIX)
    assert secret not in made.stderr
    with open_store(tmp_path / "store") as store:
        tokens = tokens_of(store)
        assert tokens is not None
        found = tokens.find(secret)
    assert found is not None
    assert found.expires is not None
    assert found.expires - found.made == timedelta(days=90)
    listed = _run(tmp_path / "store", "token", "list")
    assert "desk" in listed.stdout
    assert secret[3:] not in listed.output
    assert _run(tmp_path / "store", "token", "revoke", "desk").exit_code == 0
    assert _run(tmp_path / "store", "token", "list").stdout == ""
    assert _run(tmp_path / "store", "token", "revoke", "desk").exit_code == 3


@pytest.mark.parametrize("when", ["soon", "90", "-1d", "2030-13-01"])
def test_an_end_that_is_none_is_wrong_usage(tmp_path: Path, when: str) -> None:
    made = _run(tmp_path / "store", "token", "make", "desk", "--expires", when)
    assert made.exit_code == 2
    assert made.stdout == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org", ""])
def test_open_writes_are_for_this_machine_alone(host: str) -> None:
    with pytest.raises(ConfigError, match="open writes"):
        Settings(writes="open", host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_a_loopback_address_may_be_open(host: str) -> None:
    assert Settings(writes="open", host=host).writes == "open"
    with pytest.raises(ConfigError, match="proxies"):
        Settings(writes="open", host=host, proxies=1)


def test_an_open_server_elsewhere_is_refused_in_one_line(tmp_path: Path) -> None:
    refused = _run(tmp_path / "store", "serve", "--open", "--host", "0.0.0.0")
    assert refused.exit_code == 3
    assert refused.stderr.count("\n") == 1


def test_sizes_and_truths_come_from_the_environment() -> None:
    environ = {"KGRAPH_QUERY_MEMORY_BYTES": "2GB", "KGRAPH_PLAIN": "1", "KGRAPH_READS": "token"}
    settings = Settings.from_environment(environ)
    assert (settings.query_memory_bytes, settings.plain, settings.reads) == (2 * 10**9, True, "token")
    for name, text in (("CACHE_BYTES", "much"), ("PLAIN", "perhaps"), ("READS", "all"), ("WRITES", "yes")):
        with pytest.raises(ConfigError, match=f"(?i){name}"):
            Settings.from_environment({f"KGRAPH_{name}": text})


@given(st.integers(0, 10**6), st.sampled_from([("", 1), ("kB", 10**3), (" MB", 10**6), ("GiB", 2**30)]))
def test_a_size_is_read_in_its_unit(number: int, unit: tuple[str, int]) -> None:
    assert size_bytes(f"{number}{unit[0]}") == number * unit[1]
    for wrong in (f"-{number}{unit[0]}", f"{number}{unit[0]}x", f"{unit[0]} of {number}"):
        with pytest.raises(ValueError):
            size_bytes(wrong)
