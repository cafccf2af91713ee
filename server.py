"""The WSGI entry: `python server.py`, or `server:app` for any WSGI server.

Store, host and port are options or KGRAPH_STORE, KGRAPH_HOST and KGRAPH_PORT.
"""

import sys

from kgraph.web import application as app
from kgraph.web import main

__all__ = ["app"]

if __name__ == "__main__":
    sys.exit(main())
