"""Answers that are kept are the answers that would be given."""

from pathlib import Path

from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_graph import MINTER, sample_store

from kgraph.settings import Settings
from kgraph.store import Store, open_store
from kgraph.web import create_app

_GRAPH = MINTER.graph("d/one-more")
_QUERIES = [
    "SELECT ?s { ?s a kg:Country } ORDER BY ?s",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "ASK { ?s a kg:Protest }",
    "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } ORDER BY ?s LIMIT 5",
    "SELECT",
]
_ACCEPTS = ["application/sparql-results+json", "text/csv", "text/turtle", "text/html", "image/png", "*/*"]

_steps = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(_QUERIES), st.sampled_from(_ACCEPTS)),
        st.tuples(st.just("write"), st.integers(0, 3), st.none()),
    ),
    max_size=12,
)


def _ask(client: FlaskClient, query: str, accept: str = "text/csv", **more: object) -> tuple[object, ...]:
    answer = client.get("/sparql", query_string={"query": query, **more}, headers={"Accept": accept})
    headers = sorted(each for each in answer.headers.items() if each[0] != "X-Request-Id")
    return answer.status_code, headers, answer.data


def _write(store: Store, number: int) -> None:
    with store.writer() as writer:
        writer.replace_graph(_GRAPH, f"<urn:s> <urn:p> {number} .".encode())
        writer.commit()


@settings(max_examples=25, deadline=None)
@given(_steps)
def test_with_and_without_keeping_answers_are_the_same(steps: list[tuple[str, object, object]]) -> None:
    with sample_store() as store:
        kept = create_app(store).test_client()
        fresh = create_app(store, Settings(cache_bytes=0)).test_client()
        for what, first, second in steps:
            if what == "write":
                _write(store, first)
            else:
                assert _ask(kept, first, second) == _ask(fresh, first, second)


def test_what_another_process_writes_is_seen_by_the_next_request(tmp_path: Path) -> None:
    query = "SELECT ?o { <urn:s> <urn:p> ?o }"
    with open_store(tmp_path / "store", create=True) as store, open_store(tmp_path / "store") as other:
        client = create_app(store).test_client()
        for number in range(3):
            _write(other, number)
            for _ in range(2):
                assert _ask(client, query)[2].split() == [b"o", str(number).encode()]


def test_little_is_kept_where_little_may_be(tmp_path: Path) -> None:
    with sample_store() as store:
        client = create_app(store, Settings(cache_bytes=5000)).test_client()
        fresh = create_app(store, Settings(cache_bytes=0)).test_client()
        for n in range(30):
            query = f"SELECT ?s {{ ?s ?p ?o }} ORDER BY ?s OFFSET {n}"
            assert _ask(client, query) == _ask(fresh, query)
            assert _ask(client, "ASK {}") == _ask(fresh, "ASK {}")


def test_an_answer_that_was_not_read_to_its_end_is_not_kept() -> None:
    with sample_store() as store:
        application = create_app(store)
        client = application.test_client()
        query = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
        whole = _ask(create_app(store, Settings(cache_bytes=0)).test_client(), query)
        answer = client.get(
            "/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}, buffered=False
        )
        next(iter(answer.response))
        answer.close()
        assert _ask(client, query) == whole


def test_a_store_that_is_gone_is_told_as_before(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        client = create_app(store).test_client()
        assert _ask(client, "ASK {}")[0] == 200
        store.close()
        (tmp_path / "store").rename(tmp_path / "elsewhere")
        assert _ask(client, "ASK { ?s ?p ?o }")[0] == 503


def test_a_tag_is_of_one_store_and_outlives_a_restart(tmp_path: Path) -> None:
    def tag(number: int, name: str = "store") -> str:
        with open_store(tmp_path / name, create=True) as store:
            if store.view().version < 1:
                _write(store, number)
            headers = dict(_ask(create_app(store).test_client(), "SELECT ?o { <urn:s> <urn:p> ?o }")[1])
        return headers["ETag"]

    first = tag(1)
    assert tag(1) == first
    (tmp_path / "store").rename(tmp_path / "aside")
    assert tag(2) != first  # another store in its place, of the same version
    assert tag(1, "aside") == first
