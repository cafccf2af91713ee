"""Refusals by what stands before the application: problem details, with the headers of every answer.

Source: RFC 9457 (Problem Details for HTTP APIs).
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.http import HTTP_STATUS_CODES

from kgraph.web.layers.security import headers_for

_MEDIA_TYPE = "application/problem+json"


def refuse(
    start_response: Callable[..., Any], status: int, words: str, *headers: tuple[str, str]
) -> Iterable[bytes]:
    """The answer of a WSGI application that says no."""
    title = HTTP_STATUS_CODES[status]
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": words}).encode()
    told = [
        ("Content-Type", _MEDIA_TYPE),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        *headers_for(_MEDIA_TYPE),
        *headers,
    ]
    start_response(f"{status} {title}", told)
    return (body,)
