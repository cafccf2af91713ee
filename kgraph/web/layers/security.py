"""Headers that keep a page to itself: nothing inline, nothing from elsewhere, no frame around it.

What no browser shows as a page needs none of those but the one that keeps it from being taken for a page; and
headers take a program that reads them, and this server, longer than one would think.

Sources: OWASP REST Security Cheat Sheet, "Security Headers"; Fetch Standard, section 3.3 (CORS).
"""

from flask import Flask, Response, request

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_FOR_ALL = (
    ("X-Content-Type-Options", "nosniff"),
    # Any page may read what anybody may read. Where tokens are needed a page elsewhere needs one of its own:
    # with `*` a browser sends none that it has.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id"),
)
#: What a page elsewhere may send, which a browser asks first (OPTIONS).
_MAY_BE_SENT = "Accept, Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id"
_DAY_S = "86400"
_FOR_PAGES = (
    *_FOR_ALL,
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def headers_for(mimetype: str) -> tuple[tuple[str, str], ...]:
    """The headers of every answer of a media type, by whatever way it comes."""
    return _FOR_ALL if mimetype.endswith(("/json", "+json")) else _FOR_PAGES


def protect(app: Flask) -> None:
    """Send the headers with every answer, errors included."""

    @app.after_request
    def _add_headers(response: Response) -> Response:
        for name, value in headers_for(response.mimetype or ""):
            response.headers.setdefault(name, value)
        if request.method == "OPTIONS" and response.status_code < 300:
            response.status_code = 204
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = _MAY_BE_SENT
            response.headers["Access-Control-Max-Age"] = _DAY_S
        return response
