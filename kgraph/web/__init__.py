"""SHOW: the SPARQL endpoint, pages for people, an address for every thing; read-only.

`create_app(store, settings)` makes the WSGI application, `serve(settings)` serves it until
interrupted, `application` is a WSGI entry that builds its application from KGRAPH_* when first asked.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgraph.web.app import create_app
    from kgraph.web.serving import application, serve

__all__ = ["application", "create_app", "serve"]


def __getattr__(name: str) -> object:
    """Flask is loaded by whoever serves, not by whoever only imports."""
    if name == "create_app":
        from kgraph.web.app import create_app

        return create_app
    if name in __all__:
        from kgraph.web import serving

        return getattr(serving, name)
    raise AttributeError(f"module 'kgraph.web' has no attribute {name!r}")
