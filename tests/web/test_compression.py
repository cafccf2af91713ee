"""Compression hands on what there is, and lets go of what nobody reads."""

import importlib.util
from collections.abc import Iterator

import pytest
from flask import Flask, Response

from kgraph.web.layers.compression import codings, compress_answers

CODINGS = ["gzip", "br", "zstd"]
LIBRARIES = {"gzip": "zlib", "br": "brotli", "zstd": "zstandard"}


class Source(Iterator[bytes]):
    """Chunks that tell how many were taken, and whether they were let go."""

    def __init__(self) -> None:
        self.taken = 0
        self.is_closed = False

    def __next__(self) -> bytes:
        self.taken += 1
        return b"what was said, and by whom; " * 1000

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize("coding", CODINGS)
def test_a_chunk_goes_out_before_the_next_is_taken(coding: str) -> None:
    if importlib.util.find_spec(LIBRARIES[coding]) is None:
        pytest.skip(f"needs {LIBRARIES[coding]}")
    app, source = Flask("streaming"), Source()
    compress_answers(app)
    app.add_url_rule("/", view_func=lambda: Response(source, content_type="text/csv"))
    answer = app.test_client().get("/", headers={"Accept-Encoding": coding}, buffered=False)
    assert answer.headers["Content-Encoding"] == coding
    pieces = iter(answer.response)
    assert next(pieces)
    assert source.taken <= 2  # the test's client looks one ahead
    answer.close()
    assert source.is_closed


def test_what_is_small_or_compressed_already_stays_as_it_is() -> None:
    app = Flask("small")
    compress_answers(app)
    app.add_url_rule("/small", "small", lambda: Response("few words", content_type="text/plain"))
    coded = {"Content-Encoding": "x-own"}
    app.add_url_rule(
        "/coded", "coded", lambda: Response("x" * 5000, headers=coded, content_type="text/plain")
    )
    app.add_url_rule("/image", "image", lambda: Response("x" * 5000, content_type="image/png"))
    client = app.test_client()
    got = [
        client.get(f"/{name}", headers={"Accept-Encoding": "gzip"}) for name in ("small", "coded", "image")
    ]
    assert [answer.headers.get("Content-Encoding") for answer in got] == [None, "x-own", None]
    assert "gzip" in codings()
