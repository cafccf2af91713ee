"""Runs the command line: `python -m kgraph.cli`."""

from kgraph.cli.group import main

if __name__ == "__main__":
    main()
