"""The command that validates: the whole store, or any files with any shapes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.group import DOES_NOT_CONFORM, main, open_graph
from kgraph.settings import Settings
from kgraph.terminal import say
