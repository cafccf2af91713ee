"""Headers that keep a page to itself: nothing inline, nothing from elsewhere, no frame around it."""

from flask import Flask, Response

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: Sent with every answer, by whatever way it comes.
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Any page may read what anybody may read. Where tokens are needed a page elsewhere needs one of its own:
    # with `*` a browser sends none that it has.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
}


def protect(app: Flask) -> None:
    """Send the headers with every answer, errors included."""

    @app.after_request
    def _add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
