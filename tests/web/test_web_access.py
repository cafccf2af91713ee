"""Who may do what, over real HTTP: nobody, anybody, and tokens of every kind."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from live_server import Served, Wire, serving
from sample_graph import first_note, load, sample_store

from kgraph.access import Scope, Tokens, tokens_of
from kgraph.settings import Settings
from kgraph.store import open_store
from kgraph.web import create_app
from kgraph.web.layers.access import allow

ASK = "/sparql?query=" + quote("ASK { ?s ?p ?o }")
READS_THAT_NEED_A_TOKEN = [
    "/", ASK, "/sparql", "/ready", "/metrics", "/queries", "/.well-known/void", "/disputes", "/ontology",
    "/questions/blocked-platforms", "/id/country/KZ", "/graph/catalog", "/static/style.css", "/nowhere",
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("access") / "store"
    with open_store(path, create=True) as opened:
        load(opened, first_note())
    return path


@pytest.fixture(scope="module")
def tokens(store: Path) -> Tokens:
    with open_store(store) as opened:
        found = tokens_of(opened)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def secrets(tokens: Tokens) -> dict[str, str]:
    """By the widest scope that each gives."""
    scopes: tuple[Scope, ...] = ("read", "write", "admin")
    return {scope: tokens.make(f"a-{scope}", [scope], timedelta(days=1)) for scope in scopes}


@pytest.fixture(scope="module")
def private(store: Path) -> Iterator[Served]:
    """A server that only who has a token may read."""
    with serving(store, "--reads", "token") as served:
        yield served


@pytest.fixture(scope="module")
def wire(private: Served) -> Iterator[Wire]:
    client = Wire(private.authority)
    yield client
    client.close()


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _basic(secret: str, user: str = "anybody") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()}


@pytest.mark.parametrize("path", READS_THAT_NEED_A_TOKEN)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_where_reading_needs_a_token_nothing_is_read_without(wire: Wire, method: str, path: str) -> None:
    answer = wire.ask(method, path, body=b"" if method == "POST" else None)
    assert answer.status == 401
    challenges = answer.headers.get_all("WWW-Authenticate") or []
    assert [challenge.split()[0].lower() for challenge in challenges] == ["bearer", "basic"]
    if method != "HEAD":
        assert json.loads(answer.body)["status"] == 401


def test_whether_it_lives_is_told_to_anybody(wire: Wire) -> None:
    answer = wire.ask("GET", "/health")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
def test_who_has_a_token_reads(wire: Wire, secrets: dict[str, str], scope: str) -> None:
    for headers in (
        _bearer(secrets[scope]),
        _basic(secrets[scope]),
        _basic(secrets[scope], ""),
        {"Authorization": f"bEARER   {secrets[scope]} "},
    ):
        assert wire.ask("GET", ASK, headers).status == 200


def test_an_answer_that_is_kept_is_not_given_to_who_has_no_token(wire: Wire, secrets: dict[str, str]) -> None:
    for _ in range(2):
        assert wire.ask("GET", ASK, _bearer(secrets["read"])).status == 200
        assert wire.ask("GET", ASK).status == 401


def test_a_page_elsewhere_may_ask_what_it_may_send(wire: Wire) -> None:
    answer = wire.ask("OPTIONS", "/sparql", {"Origin": "https://example.org"})
    assert answer.status == 204
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_a_token_is_heeded_as_soon_as_it_is_made_and_revoked(wire: Wire, tokens: Tokens) -> None:
    secret = tokens.make("brief", ["read"])
    assert wire.ask("GET", ASK, _bearer(secret)).status == 200
    tokens.revoke("brief")
    assert wire.ask("GET", ASK, _bearer(secret)).status == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer kg_wrong", "Bearer", "Bearer ", "", "Basic", "Basic !", "Basic kg_x", "Digest a=b", "kg_x",
        "Basic " + base64.b64encode(b"\xff\xff").decode(), "Basic " + base64.b64encode(b"kg_x").decode(),
        "Bearer " + "x" * 10_000, "Bearer kg_\xe9",
    ],
)  # fmt: skip
def test_a_wrong_token_is_none_where_anybody_may_read_too(
    wire: Wire, public: Wire, authorization: str
) -> None:
    for client in (wire, public):
        answer = client.ask("GET", ASK, {"Authorization": authorization})
        assert answer.status == 401
        assert "kg_" not in answer.text


@pytest.fixture(scope="module")
def public(store: Path) -> Iterator[Wire]:
    with serving(store) as served:
        client = Wire(served.authority)
        yield client
        client.close()


def test_anybody_reads_by_default_and_a_token_is_no_hindrance(public: Wire, secrets: dict[str, str]) -> None:
    assert public.ask("GET", ASK).status == 200
    assert public.ask("GET", ASK, _basic(secrets["read"])).status == 200


class _Door:
    """An application with a handler that asks for a scope, on a store with tokens."""

    def __init__(self, store: Path, settings: Settings):
        with open_store(store) as opened:
            self.app = create_app(opened, settings)

        @self.app.route("/door/<scope>", methods=["GET", "POST"])
        def door(scope: Scope) -> str:
            return allow(scope).name

    def knock(
        self, scope: str, headers: dict[str, str] | None = None, address: str = "127.0.0.1"
    ) -> tuple[int, str]:
        given = {"Host": "127.0.0.1:8000", "Accept": "text/plain"} | (headers or {})
        answer = self.app.test_client().post(
            f"/door/{scope}", headers=given, environ_overrides={"REMOTE_ADDR": address}
        )
        return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("writes", "token", "may"),
    [
        ("off", "", {"read": 200, "write": 403, "admin": 401}),
        ("off", "read", {"read": 200, "write": 403, "admin": 403}),
        ("off", "write", {"read": 200, "write": 403, "admin": 403}),
        ("off", "admin", {"read": 200, "write": 403, "admin": 200}),
        ("token", "", {"read": 200, "write": 401, "admin": 401}),
        ("token", "read", {"read": 200, "write": 403, "admin": 403}),
        ("token", "write", {"read": 200, "write": 200, "admin": 403}),
        ("token", "admin", {"read": 200, "write": 200, "admin": 200}),
        ("open", "", {"read": 200, "write": 200, "admin": 200}),
        ("open", "read", {"read": 200, "write": 403, "admin": 403}),
    ],
)
def test_who_may_do_what(
    store: Path, secrets: dict[str, str], writes: str, token: str, may: dict[str, int]
) -> None:
    door = _Door(store, Settings(writes=writes))  # type: ignore[arg-type]
    headers = _bearer(secrets[token]) if token else {}
    for scope, status in may.items():
        found, text = door.knock(scope, headers)
        assert found == status
        assert status != 200 or text == (f"a-{token}" if token else "")


def test_who_may_not_is_told_how_to_ask(store: Path) -> None:
    door = _Door(store, Settings(writes="token"))
    answer = door.app.test_client().post("/door/write")
    assert [each.split()[0].lower() for each in answer.headers.getlist("WWW-Authenticate")] == [
        "bearer",
        "basic",
    ]
    assert answer.json["status"] == 401


ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
HERE = [{"Origin": "http://127.0.0.1:8000"}, {"Origin": "http://localhost:3000"}, {"Sec-Fetch-Site": "none"}]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_page_elsewhere_writes_only_by_a_token_of_its_own(
    store: Path, secrets: dict[str, str], headers: dict[str, str]
) -> None:
    assert _Door(store, Settings(writes="open")).knock("write", headers)[0] == 403
    door = _Door(store, Settings(writes="token"))
    assert door.knock("write", headers | _basic(secrets["write"]))[0] == 403
    assert door.knock("write", headers | _bearer(secrets["write"]))[0] == 200


@pytest.mark.parametrize("headers", HERE)
def test_a_page_of_this_machine_writes(store: Path, headers: dict[str, str]) -> None:
    assert _Door(store, Settings(writes="open")).knock("write", headers)[0] == 200


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.1", {}),
        ("", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}),
        ("127.0.0.1", {"X-Forwarded-Host": "rebound.example"}),
        ("127.0.0.1", {"X-Real-IP": "192.0.2.1"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
        ("127.0.0.1", {"Host": "rebound.example"}),
        ("127.0.0.1", {"Host": "rebound.example:8000", "Origin": "http://rebound.example:8000"}),
        ("127.0.0.1", {"Host": ""}),
    ],
)
def test_open_is_for_this_machine_by_its_own_address(
    store: Path, address: str, headers: dict[str, str]
) -> None:
    assert _Door(store, Settings(writes="open")).knock("write", headers, address)[0] == 403


def test_a_store_in_memory_has_no_tokens(secrets: dict[str, str]) -> None:
    with sample_store() as store:
        client = create_app(store, Settings(writes="token")).test_client()
        assert client.get("/").status_code == 200
        assert client.get("/", headers=_bearer(secrets["admin"])).status_code == 401


def test_what_a_handler_sees_of_a_request_holds_no_secret(store: Path, secrets: dict[str, str]) -> None:
    seen: list[str] = []
    door = _Door(store, Settings())

    @door.app.before_request
    def look() -> None:
        from flask import request

        seen.append(repr(request.environ) + repr(request.headers))

    door.knock("read", _bearer(secrets["read"]))
    assert "a-read" in seen[0]
    assert secrets["read"] not in seen[0]


def test_a_damaged_file_of_tokens_is_503(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        (tmp_path / "store" / "tokens.json").write_text("{")
        client = create_app(store).test_client()
        assert client.get("/", headers=_bearer("kg_x")).status_code == 503
        assert client.get("/").status_code == 200
