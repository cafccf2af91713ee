# Needs Python 3.11 or newer and make; everything else is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: serve test check long bench lock clean javascript

## Load the sample data (first time only) and serve the endpoint
serve: $(READY)
	$(BIN)/python server.py

## Run the tests
test: $(READY)
	$(BIN)/pytest -m "not slow"

## Lint, format and types
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## The slow tests: crash after crash, a million rows
long: $(READY)
	$(BIN)/pytest -m slow

## What tests/web needs for JavaScript clients and the check of pages; skipped without it (needs npm)
javascript:
	npm install --ignore-scripts --no-audit --no-fund --no-package-lock --prefix tests/web/javascript

## What extraction costs beside the bare model; docs/benchmarks.md has more
bench: $(READY)
	$(BIN)/python benchmarks/extraction.py

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kgraph needs Python 3.11 or newer; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

## Pin the newest versions that pyproject.toml allows (needs uv)
lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --upgrade \
	    --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
