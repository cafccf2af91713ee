"""The command line: thin commands, one verb each. Data to stdout, talk to stderr.

Exit code 0: done. 1: data do not conform. 2: wrong usage. 3: could not run.
"""

from kgraph.cli import adding, asking, checking, datasets, keeping, linking, rejects, serving, tokens
from kgraph.cli.group import main

#: Importing a module of commands adds them to the group.
_COMMANDS = (adding, asking, checking, datasets, keeping, linking, rejects, serving, tokens)

__all__ = ["main"]
