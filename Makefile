# The Federal Learning Account: everything starts here. `make help` lists what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help up down status logs reset check lint test coverage preview clients faults bench audit lock

# The first Python on this machine that is new enough; another one: make PYTHON=/path/to/python3.12 up
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
FLA := $(BIN)/fla

help: ## show this list
	@echo "Federal Learning Account"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Settings are environment variables or lines of .env; .env.example lists them."

up: .runtime ## set everything up, start what is stopped, wait until healthy; keeps all data
	@$(FLA) up

down: .present ## stop everything; keeps all data
	@$(FLA) down

status: .present ## show each process: port, health, how long it runs
	@$(FLA) status

logs: .present ## show the last lines of all logs and follow them (Ctrl-C ends it)
	@$(FLA) logs --follow

reset: .present ## erase all local data, after asking (FLA_YES=1 does not ask)
	@$(FLA) reset

# A stage that fails ends the run with its name; the closing lines of a good run are the last stage's own.
define stage
@printf '\n=== %s\n' '$(1)'; $(2) || { printf '\n✗ stopped at: %s\n' '$(1)' >&2; exit 1; }
endef

# Stages side by side, each one's output in one piece where this make can do that.
SIDE_BY_SIDE = $(MAKE) --no-print-directory -j 3 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

check: .development ## style, types, import directions and unit tests: no servers, under a minute
	@$(SIDE_BY_SIDE) .unit-gateway .unit-others .types .style .imports
	@printf '\n✓ check passed\n'

lint: .development ## style, types and directions of imports
	@$(SIDE_BY_SIDE) .types .style .imports

test: lint ## the whole test suite, from nothing, on real servers and in a real browser
	@printf '\nTwo processes test side by side; each one'"'"'s output comes when it is done, in a quarter of an hour or so.\n'
	@$(MAKE) --no-print-directory -j 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=line) .test-parts .test-product
	@printf '\n✓ all tests passed\n'

coverage: .development ## which lines the tests run; TESTS=tests/unit for less than unit and integration tests
	$(call stage,tests,$(BIN)/coverage run -m pytest $(or $(TESTS),tests/unit tests/contract tests/integration))
	@$(BIN)/coverage html -q && $(BIN)/coverage report --skip-covered --skip-empty --sort=cover
	@echo "Line by line: htmlcov/index.html"

# In two processes, each with servers of its own: the parts of the product, and the product as a whole.
.PHONY: .test-parts .test-product
.test-parts:
	$(call stage,tests of the parts,$(BIN)/python -m pytest tests/unit tests/contract tests/integration)

.test-product:
	$(call stage,tests of the whole product,$(BIN)/python -m pytest tests/end_to_end tests/browser)

.PHONY: .style .types .imports .unit-gateway .unit-others
.style:
	$(call stage,ruff check,$(BIN)/ruff check .)
	$(call stage,ruff format,$(BIN)/ruff format --check .)

.types:
	$(call stage,mypy --strict,$(BIN)/mypy --strict services shared cli deploy)

.imports:
	$(call stage,import directions,$(BIN)/lint-imports --no-logo)

# In two processes: the gateway has half of the tests, and each process collects only its own.
.unit-gateway:
	$(call stage,unit tests of the gateway,$(BIN)/python -m pytest tests/unit/gateway -q)

.unit-others:
	$(call stage,unit tests of all others,$(BIN)/python -m pytest tests/unit --ignore=tests/unit/gateway -q)

preview: .development ## every page of the web with sample content, on http://127.0.0.1:8085/preview
	@$(BIN)/python -m tests.pages

clients: .development ## clients of the API in Python, Java and TypeScript: generate, compile, run
	$(call stage,generated clients,$(BIN)/python -m pytest tests/end_to_end/the_api/test_generated_clients.py)

faults: .development ## kill processes in the middle of the work and count what arrives
	$(call stage,fault tests,$(BIN)/python -m pytest tests/faults)

bench: .development ## benchmarks, each with its yardstick in the same run
	$(call stage,benchmarks,$(BIN)/python -m tests.benchmarks)

audit: .development ## known vulnerabilities in the locked packages (asks the package index)
	$(call stage,pip-audit,$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off --strict -r requirements-dev.lock)

lock: .python ## write the lock files anew from pyproject.toml (UPGRADE=1: newest versions of all)
	@"$(PYTHON)" deploy/local/environment.py $(if $(UPGRADE),upgrade,lock)

# Both cost nothing when .venv is already what the lock files say.
.PHONY: .python .runtime .development .present
.python:
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "✗ Python 3.11 or newer was not found$(if $(PYTHON),: $(PYTHON) is missing or older)."; \
		echo "  Install it, or name it: make PYTHON=/path/to/python3.12 up"; exit 1; }

.runtime: .python
	@"$(PYTHON)" deploy/local/environment.py runtime

.development: .python
	@"$(PYTHON)" deploy/local/environment.py development

.present:
	@$(BIN)/python -P -c 'import cli' 2>/dev/null || { \
		echo "Nothing is set up here yet, or this folder was moved: run 'make up' first."; exit 1; }
