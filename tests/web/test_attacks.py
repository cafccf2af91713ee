"""What strangers try, byte by byte over real HTTP: whatever it is, the server stays, and tells nothing."""

import gzip
import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from select import select
from urllib.parse import urlencode

import pytest
from live_server import Answer, Served, Wire, serving
from rdflib import Graph
from sample_graph import first_note, load

from kgraph.access import tokens_of
from kgraph.store import open_store

#: For what is sure to happen, but not when.
PATIENCE_S = 60.0
CLIENT_TIME_S = 2.0
NAMES = "SELECT ?name { ?c a kg:Country ; rdfs:label ?name }"
FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
DEEP = 30_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("attacks") / "store"
    with open_store(path, create=True) as opened:
        load(opened, first_note())
    options = ("--access-log", "text", "--writes")
    with serving(path, *options, KGRAPH_CLIENT_TIME_S=f"{CLIENT_TIME_S:g}") as running:
        yield running
        assert _ask(running, "GET", _address(NAMES)).status == 200
    said = running.said[0]
    assert "crash" not in said
    assert "kg_" not in said


@pytest.fixture(scope="module")
def writer(served: Served) -> dict[str, str]:
    with open_store(served.store) as opened:
        tokens = tokens_of(opened)
    assert tokens is not None
    return {"Authorization": f"Bearer {tokens.make('writer', ['admin'])}"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server to which anybody on this machine may write."""
    with serving(tmp_path_factory.mktemp("plain") / "store", "--plain", "--open") as running:
        yield running
        assert _ask(running, "GET", _address("ASK {}")).status == 200
    assert "crash" not in running.said[0]


def _address(query: str, **more: object) -> str:
    return f"/sparql?{urlencode({'query': query, **more})}"


def _ask(
    served: Served, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> Answer:
    wire = Wire(served.authority)
    try:
        return wire.ask(method, path, headers, body)
    finally:
        wire.close()


def _connect(served: Served) -> socket.socket:
    host, port = served.authority.split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def _raw(served: Served, sent: bytes, *, is_cut: bool = False) -> bytes:
    """All that comes back for some bytes, until the server ends the connection.

    :param is_cut: whether to say that no more comes; a server may take that for the client's leaving.
    """
    with _connect(served) as connection:
        received = b""
        try:
            connection.sendall(sent)
            if is_cut:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except ConnectionError:
            pass
        return received


def _begin(served: Served) -> float:
    """When the process that answers began."""
    answer = _ask(served, "GET", "/metrics")
    return next(
        float(line.split()[1]) for line in answer.text.splitlines() if line.startswith("process_start")
    )


SECRETS = ("root:x:", "sha256", '"format": 1', "Traceback", "site-packages")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../../../etc/passwd",
        "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/%2e%2e/settings.py",
        "/static/....//....//settings.py",
        "/static//etc/passwd",
        "/static/..%5c..%5csettings.py",
        "/static/style.css%00.txt",
        "/../../../../etc/passwd",
        "//etc/passwd",
        "/tokens.json",
        "/store/../tokens.json",
        "/store/tokens.json",
        "/id/../../tokens.json",
        "/id/..%2f..%2ftokens.json",
        "/graph/..%2f..%2f..%2fformat.json",
        "/questions/..%2f..%2fstore",
        "/questions/%2e%2e%2f%2e%2e%2fkgraph%2fsettings",
        "/ontology/..%2fkgraph.ttl",
        "/texts/pending",
        "/current",
    ],
)
def test_no_path_leads_out(served: Served, path: str) -> None:
    answer = _ask(served, "GET", path)
    assert 400 <= answer.status < 500
    assert not any(secret in answer.text for secret in SECRETS)


INJECTED = "x%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a%3Cscript%3Ealert(1)%3C/script%3E"


@pytest.mark.parametrize(
    "path",
    [
        f"/find?name={INJECTED}",
        f"/questions/blocked-platforms?country={INJECTED}",
        f"/questions/{INJECTED}",
        f"/id/{INJECTED}",
        f"/graph/{INJECTED}",
        f"/concept/{INJECTED}",
        f"/things/{INJECTED}",
        f"/{INJECTED}",
        f"/sparql?query=ASK{{}}&format={INJECTED}",
        f"/sparql?query=ASK{{}}&timeout={INJECTED}",
        f"/sparql?query=ASK{{}}&default-graph-uri={INJECTED}",
        f"/sparql?query={INJECTED}",
        f"/sparql?example={INJECTED}",
        f"/store?graph={INJECTED}",
        f"/store/{INJECTED}",
        f"/queries/{INJECTED}",
    ],
)
def test_what_comes_back_makes_no_header_and_no_markup(served: Served, path: str) -> None:
    for accept in ("text/html", "application/json", "text/plain"):
        answer = _ask(served, "GET", path, {"Accept": accept})
        assert answer.status < 500
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype != "text/html" or "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "lines",
    [
        b"X-Request-Id: a\rSet-Cookie: a=b",
        b"X-Request-Id: a\nSet-Cookie: a=b",
        b"X-Request-Id: a\x00b",
        b"X-Request-Id: \xff\xfe",
        b"X-Request-Id: " + b"a" * 10_000,
        b"X-Request-Id: a%0d%0aSet-Cookie: a=b",
        b"X-Request-Id: first\r\nX-Request-Id: second",
        b"Accept: text/html\x0bSet-Cookie: a",
        b"If-None-Match: " + b'"a", ' * 20_000,
        b"Accept: " + b"text/html;q=0.1, " * 10_000,
        b"Accept-Encoding: " + b"gzip;q=0.1, " * 10_000,
        b"Accept: " + b'a/b;q="' * 10_000,
        b"Origin: " + b"x" * 100_000,
        b"Range: bytes=" + b"0-," * 10_000,
        b"Authorization: " + b"Bearer " * 10_000,
        b"Authorization: Basic " + b"A" * 100_000,
        b"Cookie: " + b"a=b;" * 10_000,
        b"X-Forwarded-For: " + b"1," * 20_000,
    ],
)
def test_no_header_does_harm(served: Served, lines: bytes) -> None:
    sent = (
        b"GET "
        + _address(NAMES).encode()
        + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        + lines
        + b"\r\n\r\n"
    )
    received = _raw(served, sent)
    head = received.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 ")
    assert int(head.split()[1]) < 500
    assert b"set-cookie:" not in head


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "a@b:99999", "[::1", "[::1]:x", "a b", "a/../b", "x" * 5_000, "évil", "<script>"],
)
def test_a_host_of_any_kind_makes_no_markup_and_no_triple(served: Served, host: str) -> None:
    for path in ("/sparql", "/.well-known/void", "/", "/store/x"):
        for accept in ("text/turtle", "text/html"):
            sent = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
            received = _raw(served, sent.encode())
            status = int(received.split()[1])
            assert status < 500
            assert b"<script>" not in received


def test_a_host_cannot_add_to_the_service_description(served: Served) -> None:
    host = "a>.<urn:s><urn:p><urn:o>.<urn:x"
    sent = (
        f"GET /sparql HTTP/1.1\r\nHost: {host}\r\nAccept: application/n-triples\r\nConnection: close\r\n\r\n"
    )
    head, _, body = _raw(served, sent.encode()).partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert status < 500
    assert (
        status != 200
        or not [*Graph().parse(data=body, format="nt").triples((None, None, None))]
        or (b"<urn:o>" not in body)
    )


def test_a_request_without_host_is_answered_or_refused(served: Served) -> None:
    for version in (b"1.0", b"1.1"):
        received = _raw(served, b"GET /sparql HTTP/" + version + b"\r\nAccept: text/turtle\r\n\r\n")
        assert int(received.split()[1]) < 500


BOMB = gzip.compress(b"query=ASK%7B%7D&" + b"a" * 50_000_000)


@pytest.mark.parametrize(
    "coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "GZIP", "gzip;q=1"]
)
@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/sparql", FORM),
        ("POST", "/query", QUERY),
        ("POST", "/update", UPDATE),
        ("PUT", "/store?graph=urn:g", "text/turtle"),
        ("POST", "/", FORM),
    ],
)
def test_nothing_is_unpacked(
    served: Served, writer: dict[str, str], coding: str, method: str, path: str, kind: str
) -> None:
    answer = _ask(served, method, path, {"Content-Type": kind, "Content-Encoding": coding, **writer}, BOMB)
    assert answer.status == 415
    assert answer.headers["Accept-Encoding"] == "identity"
    assert _ask(served, "GET", _address(NAMES)).status == 200


NESTED = {
    "groups": "SELECT * { " + "{" * DEEP + "}" * DEEP + " }",
    "brackets": "SELECT (" + "(" * DEEP + "1" + ")" * DEEP + " AS ?x) {}",
    "negations": "ASK { FILTER(" + "!" * DEEP + "true) }",
    "not exists": "ASK { " + "FILTER NOT EXISTS { ?a ?b ?c " * 20_000 + "}" * 20_000 + " }",
    "subselects": "SELECT * { " + "{SELECT*{" * DEEP + "}}" * DEEP + " }",
    "paths": "ASK { ?a " + "(" * DEEP + "!<a>" + ")*" * DEEP + " ?b }",
    "collections": "ASK { ?a ?b " + "(" * DEEP + ")" * DEEP + " }",
    "blank nodes": "ASK { ?a ?b " + "[<a> " * DEEP + "1" + "]" * DEEP + " }",
    "unclosed": "SELECT * { " + "{" * DEEP,
    "services": "ASK { " + "SERVICE<a>{" * (DEEP // 2) + "}" * (DEEP // 2) + " }",
    "quoted triples": "ASK { " + "<<" * DEEP + "?a ?b ?c" + ">>" * DEEP + " ?d ?e }",
    "prefixes": "PREFIX a: <a> " * 50_000 + "ASK {}",
    "comments": "#\n" * 400_000 + "ASK {}",
    "quotes": "ASK { ?a ?b '''" + "'" * 1 + '"' * 900_000,
    "blanks": "ASK" + " " * 900_000 + "{",
    "variables": "SELECT " + " ".join(f"?v{n}" for n in range(10_000)) + " {}",
    "filters": "ASK { FILTER(" + "||".join(["true"] * 100_000) + ") }",
    "escapes": 'ASK { ?a ?b "' + "\\u0041" * 140_000 + '" }',
    "insert": "INSERT DATA { " + "GRAPH <a> { " * 50_000,
}


@pytest.mark.parametrize("query", NESTED.values(), ids=NESTED)
def test_a_query_that_is_nested_deeply_breaks_nothing_but_itself(served: Served, query: str) -> None:
    headers = {"Content-Type": QUERY, "Accept": "text/html"}
    answer = _ask(served, "POST", "/sparql?timeout=2", headers, query.encode())
    assert answer.status in {200, 400, 403, 413, 500, 503}
    assert not any(secret in answer.text for secret in SECRETS)


DEEP_DATA = {
    "blank nodes": ("text/turtle", "<a> <b> " + "[<c> " * 2_000 + "1" + "]" * 2_000 + " ."),
    "collections": ("text/turtle", "<a> <b> " + "(" * 2_000 + ")" * 2_000 + " ."),
    "quoted triples": ("text/turtle", "<<" * DEEP + "<a> <b> <c>" + ">>" * DEEP + " <d> <e> ."),
    "elements": (
        "application/rdf+xml",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a#">'
        + "<rdf:Description><a:b>" * DEEP
        + "</a:b></rdf:Description>" * DEEP
        + "</rdf:RDF>",
    ),
    "entities": (
        "application/rdf+xml",
        '<!DOCTYPE r [<!ENTITY a0 "lol">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + ']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:b="urn:b#">'
        '<rdf:Description rdf:about="urn:s"><b:c>&a11;</b:c></rdf:Description></rdf:RDF>',
    ),
    "files": (
        "application/rdf+xml",
        '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:b="urn:b#">'
        '<rdf:Description rdf:about="urn:s"><b:c>&f;</b:c></rdf:Description></rdf:RDF>',
    ),
    "objects": ("application/ld+json", '{"urn:a":' * DEEP + "1" + "}" * DEEP),
    "arrays": ("application/ld+json", "[" * DEEP + "]" * DEEP),
    "lists": ("application/ld+json", '{"@id":"urn:s","urn:p":' + '{"@list":[' * DEEP + "]}" * DEEP + "}"),
    "context": ("application/ld+json", '{"@context":"http://127.0.0.1:9/c","@id":"urn:s","p":"o"}'),
    "not UTF-8": ("application/n-triples", "\udcff\udcfe"),
    "graphs": ("application/trig", "GRAPH <urn:g> {" * DEEP),
}


@pytest.mark.parametrize(("kind", "text"), DEEP_DATA.values(), ids=DEEP_DATA)
def test_data_that_are_nested_deeply_break_nothing(
    served: Served, plain: Served, writer: dict[str, str], kind: str, text: str
) -> None:
    # The gate takes long for long chains, and who may write may have it do so.
    less = text if kind != "text/turtle" else "<urn:a> <urn:b> " + "(" * 100 + ")" * 100 + " ."
    for server, headers, sent in ((served, writer, less), (plain, {}, text)):
        data = sent.encode("utf-8", "surrogateescape")
        answer = _ask(server, "PUT", "/store?graph=urn:g:deep", {"Content-Type": kind, **headers}, data)
        assert answer.status in {201, 204, 400, 413, 415, 422, 500, 503}
        assert _ask(server, "GET", "/health").status == 200
        got = _ask(server, "GET", "/store?graph=urn:g:deep", {"Accept": "text/turtle", **headers})
        assert "root:x:" not in got.text


DEEP_UPDATES = {
    "blank nodes": "INSERT DATA { <a> <b> " + "[<c> " * 1_000 + "1" + "]" * 1_000 + " }",
    "collections": "INSERT DATA { <a> <b> " + "(" * 1_000 + ")" * 1_000 + " }",
    "groups": "INSERT { <a> <b> <c> } WHERE { " + "{" * DEEP + "}" * DEEP + " }",
    "operations": "INSERT DATA { <a> <b> <c> } ;" * 10_000,
    "unclosed": "INSERT DATA { GRAPH <a> {" * DEEP,
    "load of a file": "LOAD <file:///etc/passwd>",
    "load of an address": "LOAD <http://127.0.0.1:9/>",
}


@pytest.mark.parametrize("update", DEEP_UPDATES.values(), ids=DEEP_UPDATES)
def test_an_update_that_is_nested_deeply_breaks_nothing(
    served: Served, plain: Served, writer: dict[str, str], update: str
) -> None:
    for server, headers in ((served, writer), (plain, {})):
        answer = _ask(server, "POST", "/update", {"Content-Type": UPDATE, **headers}, update.encode())
        assert answer.status in {200, 201, 204, 400, 403, 413, 422, 500, 503}
        assert not any(secret in answer.text for secret in SECRETS)
        assert _ask(server, "GET", "/health").status == 200


def test_iris_of_ten_megabytes_are_refused(served: Served, writer: dict[str, str]) -> None:
    iri = "urn:" + "x" * 10_000_000
    received = _raw(served, f"GET /id/{iri} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert not received or int(received.split()[1]) in {400, 414, 431}
    for kind, text in (
        (QUERY, f"ASK {{ <{iri}> ?p ?o }}"),
        (FORM, urlencode({"query": "ASK {}", "default-graph-uri": iri})),
    ):
        body = text.encode()
        head = (
            f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        received = _raw(served, head.encode() + body)
        assert not received or int(received.split()[1]) == 413
    turtle = f"<{iri}> <urn:p> <urn:o> .".encode()
    answer = _ask(served, "PUT", "/store?graph=urn:g", {"Content-Type": "text/turtle", **writer}, turtle)
    assert answer.status < 500


def test_iris_as_long_as_may_be_are_taken_as_they_are(served: Served) -> None:
    iri = "urn:" + "x" * 900_000
    for kind, text in (
        (QUERY, f"ASK {{ <{iri}> ?p ?o }}"),
        (FORM, urlencode({"query": "ASK {}", "default-graph-uri": iri})),
        (QUERY, f"PREFIX a: <{iri}> DESCRIBE a:b"),
    ):
        answer = _ask(served, "POST", "/sparql", {"Content-Type": kind}, text.encode())
        assert answer.status == 200
    path = "/id/" + "x" * 100_000
    assert _ask(served, "GET", path).status in {404, 414}


@pytest.mark.parametrize("count", [2_000, 100_000])
def test_headers_without_number_are_refused(served: Served, count: int) -> None:
    lines = b"".join(b"X-%d: y\r\n" % n for n in range(count))
    received = _raw(served, b"GET / HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n")
    assert not received or int(received.split()[1]) in {400, 431}


@pytest.mark.parametrize(
    "body",
    [
        "&".join(["a=b"] * 100_000),
        "query=ASK%7B%7D&" + "&".join(f"default-graph-uri=urn:{n}" for n in range(30_000)),
        "&" * 900_000,
        "=" * 900_000,
        "%" * 900_000,
        "query=" + "%f0%9f" * 100_000,
        "query=" + "+" * 900_000,
    ],
)
def test_fields_without_number_are_refused(served: Served, body: str) -> None:
    assert _ask(served, "POST", "/sparql", {"Content-Type": FORM}, body.encode()).status == 400
    assert _ask(served, "GET", f"/sparql?{body[:100_000]}").status in {200, 400, 414}


def test_parts_without_number_are_refused(served: Served, writer: dict[str, str]) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="graph"\r\nContent-Type: text/turtle\r\n\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x", **writer}
    answer = _ask(served, "POST", "/store?graph=urn:g", headers, part * 9_000 + b"--x--\r\n")
    assert answer.status in {400, 413}
    answer = _ask(served, "POST", "/store?graph=urn:g", headers, b"--x\r\n" + b"A" * 900_000)
    assert answer.status in {400, 413}


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /id/%ff%fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /find?name=%ff%fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /questions/blocked-platforms?country=%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sparql?query=%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sparql?query=ASK%7B%7D&format=%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sparql?\xff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 2\r\n\r\n\xff\xfe",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: \xff\r\n"
        b"Content-Length: 0\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: a\r\nAccept: \xff\xfe\r\nConnection: close\r\n\r\n",
        b"GET /concept/%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /find?name=%ed%a0%80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
)
def test_what_is_no_utf8_is_no_fault(served: Served, sent: bytes) -> None:
    status = int(_raw(served, sent).split()[1])
    assert 200 <= status < 500


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: -1",
        b"Content-Length: +6",
        b"Content-Length: 0x6",
        b"Content-Length: 99999999999999999999999999",
        b"Content-Length: 6\r\nContent-Length: 60",
        b"Content-Length: 6\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ],
)
def test_lengths_that_contradict_each_other_smuggle_nothing(served: Served, lengths: bytes) -> None:
    inner = b"GET /ontology HTTP/1.1\r\nHost: a\r\n\r\n"
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        + lengths
        + b"\r\n\r\n"
    )
    received = _raw(served, head + b"0\r\n\r\n" + inner)
    assert received.count(b"HTTP/1.1 200") == 0
    assert b"<!doctype html>" not in received


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x00" * 10_000,
        b"TRACE / HTTP/1.1\r\nHost: a\r\nX-Secret: told\r\nConnection: close\r\n\r\n",
        b"CONNECT example.org:80 HTTP/1.1\r\nHost: example.org\r\n\r\n",
        b"GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"G" * 50_000 + b" / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
)
def test_what_is_hardly_http_does_no_harm(served: Served, sent: bytes) -> None:
    received = _raw(served, sent)
    assert b"X-Secret: told" not in received
    assert not received or int(received.split()[1]) < 600


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(served: Served) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    received = _raw(
        served, head + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 40
    )
    assert not received or int(received.split()[1]) == 413
    received = _raw(served, head + b"Content-Length: 1000000000000\r\n\r\n" + b"x" * 1000)
    assert not received or int(received.split()[1]) in {400, 413}


def test_half_a_request_is_not_taken_for_a_whole_one(served: Served, plain: Served) -> None:
    whole = "INSERT DATA { <urn:half> <urn:b> <urn:c> } ; INSERT DATA { <urn:d> <urn:e> <urn:f> }"
    half = whole.partition(";")[0]
    head = f"POST /update HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {UPDATE}\r\n"
    cut = f"{head}Content-Length: {len(whole)}\r\n\r\n{half}"
    assert _raw(plain, cut.encode(), is_cut=True).startswith(b"HTTP/1.1 400 ")
    cut = f"{head}Transfer-Encoding: chunked\r\n\r\n{len(half):x}\r\n{half}\r\n"
    # Whoever has left is told nothing, or that it was not taken.
    received = _raw(plain, cut.encode(), is_cut=True)
    assert not received or received.startswith(b"HTTP/1.1 400 ")
    asked = _ask(plain, "GET", _address("ASK { <urn:half> ?p ?o }"), {"Accept": "application/json"})
    assert json.loads(asked.body)["boolean"] is False


def _by_old_http(served: Served, query: str, **more: object) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer to HTTP/1.0."""
    sent = f"GET {_address(query, **more)} HTTP/1.0\r\nHost: {served.authority}\r\nAccept: text/csv\r\n\r\n"
    head, _, body = _raw(served, sent.encode()).partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(status.split()[1]), headers, body


ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def test_half_an_answer_looks_whole_in_no_version_of_http(served: Served) -> None:
    """HTTP/1.0, which some proxies speak, has no chunks that could break off."""
    status, headers, body = _by_old_http(served, f"{ROWS} LIMIT 3000")
    assert (status, len(body)) == (200, int(headers["content-length"]))
    assert len(body) > 100_000
    assert _by_old_http(served, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")[0] == 413
    slow = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i) }"
    assert _by_old_http(served, slow, timeout=0.5)[0] == 503


def test_a_page_of_very_many_columns_is_as_short_as_others(served: Served) -> None:
    columns = " ".join(f"?c{n}" for n in range(3000))
    query = f"SELECT {columns} {{ VALUES ?z {{ {'1 ' * 600} }} }}"
    headers = {"Accept": "text/html", "Content-Type": QUERY}
    answer = _ask(served, "POST", "/sparql", headers, query.encode())
    assert (answer.status, "are shown" in answer.text) == (200, True)
    assert answer.text.count("<th") <= 200
    assert answer.text.count("<td") <= 1000


def test_names_that_are_unknown_are_told_a_few_at_a_time(served: Served) -> None:
    query = f"SELECT * {{ VALUES ?x {{ {' '.join(f'kg:blokcing{n}' for n in range(500))} }} }} LIMIT 1"
    headers = {"Accept": "text/html", "Content-Type": QUERY}
    answer = _ask(served, "POST", "/sparql", headers, query.encode())
    assert 0 < answer.text.count("is not in the") < 20


@pytest.mark.parametrize(
    "query",
    ["know" + "-" * 60_000, "now" + "<" * 60_000, "rand" + "a." * 30_000, '"now' + '\\"' * 30_000,
     f"SELECT * {{ ?s ?p ?o{',?o' * 1200} }}", f"SELECT * {{ ?s ?p ?o{'. ?s ?p ?o' * 300} }}"],
    ids=["dashes", "angles", "dots", "quotes", "objects", "patterns"],
)  # fmt: skip
@pytest.mark.parametrize(
    "headers", [{"If-None-Match": "x"}, {"Accept": "text/html"}, {"Accept": "a/b," * 90_000}]
)
def test_what_takes_long_to_read_is_read_all_the_same(
    served: Served, query: str, headers: dict[str, str]
) -> None:
    for method in ("GET", "HEAD"):
        answer = _ask(served, method, _address(query, timeout=0.2), headers)
        assert answer.status in {200, 400, 406, 414, 431, 503}
    assert _ask(served, "GET", "/health").status == 200


def test_who_does_not_finish_a_head_is_hung_up_on(served: Served) -> None:
    with _connect(served) as silent, _connect(served) as slow:
        silent.sendall(b"GET / HTTP/1.1\r\n")
        assert silent.recv(100).startswith(b"HTTP/1.1 408 ")
        with pytest.raises(ConnectionError):
            _trickle(slow)


def _trickle(connection: socket.socket) -> None:
    for n in range(1_000):
        connection.sendall(b"X-%d: y\r\n" % n)
        time.sleep(0.05)


@pytest.mark.parametrize(("size", "statuses"), [(6, {b"408"}), (100_000, {b"408", b"503"})])
def test_who_does_not_send_what_is_announced_holds_up_nobody_else(
    served: Served, size: int, statuses: set[bytes]
) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {QUERY}\r\nContent-Length: {size}\r\n\r\nASK"
    with ExitStack() as held:
        slow = [held.enter_context(_connect(served)) for _ in range(100)]
        for connection in slow:
            connection.sendall(head.encode())
        for _ in range(3):
            answer = _ask(served, "POST", "/sparql", {"Content-Type": QUERY}, b"ASK {}")
            assert answer.status == 200
            assert _ask(served, "GET", "/").status == 200
        end = time.monotonic() + PATIENCE_S
        while len(answered := select(slow, [], [], 0.1)[0]) < len(slow):
            assert time.monotonic() < end
        assert {connection.recv(1000).split()[1] for connection in answered} == statuses


def test_who_does_not_read_an_answer_is_hung_up_on(served: Served, writer: dict[str, str]) -> None:
    with ExitStack() as held:
        for _ in range(3):
            connection = held.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(PATIENCE_S)
            host, port = served.authority.split(":")
            connection.connect((host, int(port)))
            path = _address("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n".encode())
        end = time.monotonic() + PATIENCE_S
        while json.loads(_ask(served, "GET", "/queries", writer).body)["queries"]:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_secrets_are_on_no_command_line_and_in_no_answer(served: Served, writer: dict[str, str]) -> None:
    secret = writer["Authorization"].split()[1]
    for headers in (writer, {"Authorization": f"Basic {secret}"}, {"Authorization": f"Bearer {secret}x"}):
        for path in (_address("SELECT"), "/nowhere", "/queries", "/metrics", "/sparql"):
            answer = _ask(served, "GET", path, headers)
            assert secret not in answer.text
            assert secret not in str(answer.headers)
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            assert secret.encode() not in told


# Crowds


@pytest.mark.skipif(sys.platform != "linux", reason="only there are connections known")
def test_who_has_too_many_connections_loses_the_newest(tmp_path: Path, own_address: str) -> None:
    with (
        serving(tmp_path / "store", "--host", "0.0.0.0", KGRAPH_CLIENT_CONNECTIONS="5") as served,
        ExitStack() as stack,
    ):
        port = int(served.authority.rpartition(":")[2])

        def connect(host: str) -> socket.socket:
            return stack.enter_context(socket.create_connection((host, port), timeout=PATIENCE_S))

        ours, many = [connect("127.0.0.1") for _ in range(8)], [connect(own_address) for _ in range(8)]
        assert [each.recv(1) for each in many[5:]] == [b""] * 3
        for each in (*ours, *many[:5]):
            each.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert each.recv(15) == b"HTTP/1.1 200 OK"
    assert "hung up 3 connections" in "".join(served.said)
