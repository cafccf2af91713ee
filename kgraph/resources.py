"""Where the files that come with kgraph lie: ontology and data."""

from pathlib import Path

from kgraph.errors import ConfigError


def resource(*parts: str) -> Path:
    """Path of a file or folder that the project ships, such as `resource("ontology", "kgraph.ttl")`.

    In an installed wheel `ontology/` and `data/` lie inside the package, in a checkout (and so
    in an editable install) beside it.

    :raises ConfigError: if it is in neither place.
    """
    package = Path(__file__).resolve().parent
    for root in (package, package.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ConfigError(f"{'/'.join(parts)} is missing from the installation; install kgraph again")
