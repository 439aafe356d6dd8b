# ReliefDesk: everything a developer runs. Needs Python >= 3.11, make and the package registries; nothing else.
SHELL := /bin/sh
PYTHON ?= python3
TOOLS := .tools
UV := $(TOOLS)/bin/uv
UV_VERSION := 0.13.9
export UV_PROJECT_ENVIRONMENT := .venv
# From compiled modules servers and workers start in half the time, and tests start many of them.
unexport PYTHONDONTWRITEBYTECODE
# The tests below run one process a core, each with a database server and a browser of its own; PARALLEL= runs them in
# one. Those that kill servers and wait on real clocks want the machine for themselves: they come one after the other.
PARALLEL ?= -n logical --maxprocesses 8 --dist worksteal
QUICK := tests/architecture tests/unit tests/processes
DATABASES := tests/contracts tests/api
ALONE := tests/chaos

.PHONY: help demo test slow databases others bench check setup format browser clean

help: ## say what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

demo: setup ## a running county at http://127.0.0.1:8000 with printed accounts; ARGS="--cases 20 --port 8001"
	$(UV) run --no-sync relief demo $(ARGS)

test: setup browser ## every test, on the embedded PostgreSQL
	$(UV) run --no-sync pytest $(PARALLEL) $(ALONE:%=--ignore=%)
	$(UV) run --no-sync pytest $(ALONE)

slow: setup browser ## the tests that check leaves out
	$(UV) run --no-sync pytest $(PARALLEL) $(QUICK:%=--ignore=%) $(ALONE:%=--ignore=%)
	$(UV) run --no-sync pytest $(ALONE)

databases: setup ## the tests of commands and of the API, on the server RELIEF_TEST_DATABASE_URL names
	$(UV) run --no-sync pytest $(PARALLEL) $(DATABASES)

others: setup browser ## the tests that check and databases leave out
	$(UV) run --no-sync pytest $(PARALLEL) $(QUICK:%=--ignore=%) $(DATABASES:%=--ignore=%) $(ALONE:%=--ignore=%)
	$(UV) run --no-sync pytest $(ALONE)

check: setup ## style, types, imports, diagrams, docs and the quick tests
	$(UV) run --no-sync ruff check
	$(UV) run --no-sync ruff format --check
	$(UV) run --no-sync mypy
	$(UV) run --no-sync lint-imports
	$(UV) run --no-sync relief lint workflows
	$(UV) run --no-sync pytest $(PARALLEL) $(QUICK)

bench: setup ## figures of the engine, of FEEL and DMN, beside others; ARGS="engine --quick" takes two minutes
	$(UV) run --no-sync python -m tests.benchmarks $(ARGS)

format: setup ## put the code in order
	$(UV) run --no-sync ruff check --fix
	$(UV) run --no-sync ruff format

setup: $(UV) ## install what the project needs into .venv
	$(UV) sync --quiet

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Set PYTHON=/path/to/python3.11."; exit 1; }
	$(PYTHON) scripts/bring_uv.py $(TOOLS) $(UV_VERSION)

browser:
	@$(PYTHON) scripts/bring_chromium.py

clean: ## forget everything that was built or installed here
	rm -rf .venv $(TOOLS) web/static/dist web/frontend/node_modules
