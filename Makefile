# Every target is one short list of commands; `make` alone lists them.
# Needed on the machine: Python 3.11 or later with venv, and make. Nothing else.
.POSIX:
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
DEMO ?= build/demo

.PHONY: help demo test check lint types floors docs acceptance ladder evaluate lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*##/ -/'

.venv/.ready: requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("overt needs Python 3.11 or later; set PYTHON=…") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch .venv/.ready

demo: .venv/.ready ## Simulate a small archive, run every tier over it, show the incident
	rm -rf $(DEMO)
	$(BIN)/overt demo --workspace $(DEMO)

test: .venv/.ready ## Run the tests
	$(BIN)/python -m pytest -q -m "not acceptance"

check: lint types floors test docs acceptance ## Run everything that must stay green

lint: .venv/.ready ## Lint and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.ready ## Strict types
	$(BIN)/mypy

floors: .venv/.ready ## A module may only look down
	$(BIN)/lint-imports --no-logo

docs: .venv/.ready ## The generated reference is what the code says
	$(BIN)/python docs/generate.py --check

acceptance: .venv/.ready ## The real data in ../shared/data; skipped with the reason where absent
	$(BIN)/python -m pytest -q -m acceptance

ladder: .venv/.ready ## Write the rungs of tests/ladder anew; read the diff before you commit it
	$(BIN)/python -m pytest -q tests/ladder --bless

evaluate: .venv/.ready ## Score detection over simulated worlds with a known truth (some ten minutes)
	$(BIN)/overt evaluate

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --group dev --extra evaluate pyproject.toml -o requirements/lock.txt

clean: ## Remove what was built
	rm -rf .venv build dist
