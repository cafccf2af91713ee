"""The WSGI entry: `python server.py`, or `server:app` for any WSGI server.

Store, host and port are options or KGRAPH_STORE, KGRAPH_HOST and KGRAPH_PORT. Where there is no
store yet, the sample documents go into a new one first.
"""

import sys

from kgraph.web import application as app

__all__ = ["app"]

if __name__ == "__main__":
    from kgraph.cli import main

    main(["serve", "--sample", *sys.argv[1:]])
