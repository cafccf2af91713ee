"""How much one client may ask for in a row."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_graph import sample_store

from kgraph.errors import ConfigError
from kgraph.settings import Settings
from kgraph.web import create_app
from kgraph.web.layers.rates import RateLimit


def _ok(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return (b"",)


class _Asked:
    """A limit with a clock that the test turns."""

    def __init__(self, per_s: float, proxies: int = 0):
        self.now = 0.0
        self.limit = RateLimit(_ok, per_s, proxies, clock=lambda: self.now)

    def ask(self, address: str = "192.0.2.1", forwarded: str | None = None, path: str = "/") -> str:
        told: list[str] = []
        environ = {"REMOTE_ADDR": address, "PATH_INFO": path} | (
            {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        )
        self.limit(environ, lambda status, headers: told.append(status))
        return told[0][:3]


@given(st.lists(st.floats(0, 3), max_size=200), st.sampled_from([0.5, 1, 5]))
@settings(max_examples=100)
def test_in_any_stretch_of_time_no_more_pass_than_rate_and_burst(pauses: list[float], per_s: float) -> None:
    asked = _Asked(per_s)
    passed = []
    for pause in pauses:
        asked.now += pause
        if asked.ask() == "200":
            passed.append(asked.now)
    for i, start in enumerate(passed):
        for j in range(i, len(passed)):
            assert j - i + 1 <= max(1, per_s * 10) + (passed[j] - start) * per_s + 1e-6


def test_whoever_looks_whether_the_server_lives_is_told() -> None:
    asked = _Asked(1)
    assert [asked.ask() for _ in range(11)][-1] == "429"
    assert [asked.ask(path=path) for path in ("/health", "/ready", "/metrics")] == ["200", "200", "429"]


def test_whether_a_request_would_pass_is_told_without_taking_one() -> None:
    asked = _Asked(0.1)
    environ = {"REMOTE_ADDR": "192.0.2.1", "PATH_INFO": "/"}
    assert [asked.limit.is_open(environ) for _ in range(3)] == [True] * 3
    assert [asked.ask(), asked.ask()] == ["200", "429"]
    assert not asked.limit.is_open(environ)
    asked.now += 10
    assert asked.limit.is_open(environ)


def test_who_waits_as_long_as_told_is_let_in() -> None:
    asked = _Asked(2)
    assert [asked.ask() for _ in range(21)] == ["200"] * 20 + ["429"]
    asked.now += 0.5
    assert [asked.ask(), asked.ask()] == ["200", "429"]


def test_clients_do_not_share_a_bucket_and_a_network_of_one_client_does() -> None:
    asked = _Asked(0.1)
    assert [asked.ask("192.0.2.1"), asked.ask("192.0.2.1"), asked.ask("192.0.2.2")] == ["200", "429", "200"]
    assert [asked.ask("2001:db8::1"), asked.ask("2001:db8::2"), asked.ask("2001:db8:1::1")] == [
        "200",
        "429",
        "200",
    ]
    assert [asked.ask("::ffff:192.0.2.9"), asked.ask("::ffff:192.0.2.8")] == ["200", "200"]


def test_only_what_a_proxy_of_ours_adds_tells_who_asks() -> None:
    direct = _Asked(0.1)
    assert [direct.ask(forwarded=f"198.51.100.{n}") for n in range(2)] == ["200", "429"]
    behind = _Asked(0.1, proxies=1)
    assert [behind.ask(forwarded=f"made-up-{n}, 198.51.100.7") for n in range(2)] == ["200", "429"]
    assert behind.ask(forwarded="made-up, 198.51.100.8") == "200"


def test_a_client_that_asks_too_much_gets_a_problem_and_a_time() -> None:
    with sample_store() as store:
        client = create_app(store, Settings(client_rate=0.1)).test_client()
        assert client.get("/ontology").status_code == 200
        answer = client.get("/ontology")
        assert answer.status_code == 429
        assert answer.content_type == "application/problem+json"
        assert 0 < int(answer.headers["Retry-After"]) <= 10
        assert answer.json["status"] == 429


def test_a_negative_rate_is_no_setting() -> None:
    with pytest.raises(ConfigError, match="client_rate"):
        Settings(client_rate=-1)
