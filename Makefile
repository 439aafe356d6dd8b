# ReliefDesk: everything a developer runs. Needs Python >= 3.11, make and the package registries; nothing else.
SHELL := /bin/sh
PYTHON ?= python3
TOOLS := .tools
UV := $(TOOLS)/bin/uv
UV_VERSION := 0.13.9
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: help demo test bench check setup format browser clean

help: ## say what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: setup ## a running county at http://127.0.0.1:8000 with printed accounts
	$(UV) run --no-sync relief demo

test: setup browser ## every test, on the embedded PostgreSQL
	$(UV) run --no-sync pytest

check: setup ## style, types, imports, diagrams, docs and the quick tests
	$(UV) run --no-sync ruff check
	$(UV) run --no-sync ruff format --check
	$(UV) run --no-sync mypy
	$(UV) run --no-sync lint-imports
	$(UV) run --no-sync relief lint workflows
	$(UV) run --no-sync pytest tests/unit tests/processes tests/architecture

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
