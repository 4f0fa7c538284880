# The verbs of the house. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PG15 ?= /usr/lib/postgresql/15/bin
export PYTHONPATH := src
# The tests start the program many times: where an environment forbids to keep its bytecode, each start translates it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-oldest check fix bench photo-reuse conform conform-sensors lock clean
help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(VENV)/python: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Guyub needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (on Debian: the package python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/run: $(VENV)/python requirements/run.txt
	@echo "Installing Guyub's locked packages …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/dev: $(VENV)/run requirements/dev.txt
	@echo "Installing the tools for the tests …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/run ## run the demo city (PORT=8000, HOST=127.0.0.1)
	@exec $(BIN)/python -m guyub demo $(if $(PORT),--port $(PORT)) $(if $(HOST),--host $(HOST)) $(DEMO_ARGS)

test: $(VENV)/dev ## pass every test, the browser's journeys included
	@$(BIN)/python -m guyub.launch.chromium
	@$(BIN)/python -m pytest -n 2 -q $(ARGS)
	@$(MAKE) --no-print-directory test-oldest

# What speaks to the database in its own words: the rest is the ORM's, and passes on both or on neither.
OLDEST ?= src/guyub/kernel src/guyub/rooms/casework src/guyub/rooms/reports tests/kernel
test-oldest: $(VENV)/dev
	@if [ -x $(PG15)/postgres ]; then echo "And on PostgreSQL 15, the oldest that is promised:"; \
	  GUYUB_PG_BIN=$(PG15) $(BIN)/python -m pytest -n 2 -q $(OLDEST) $(ARGS); \
	else echo "PostgreSQL 15 is not installed here: its tests were skipped."; fi

check: $(VENV)/dev ## style, types, floors and doors
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

fix: $(VENV)/dev ## put style right where a tool can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: $(VENV)/dev ## print what requests and values of sensors cost (SIZE=200000 reports, ROWS=1000000 values)
	@$(BIN)/python benchmarks/run.py $(if $(SIZE),--size $(SIZE)) $(ARGS)
	@$(BIN)/python benchmarks/sensing.py $(if $(ROWS),--rows $(ROWS))

conform: ## hold a server against Open311 (URL=https://host/open311/v2)
	@$(PYTHON) -m conformance.open311 $(URL) $(ARGS)

conform-sensors: ## hold a server against SensorThings (URL=https://host/sta/v1.1)
	@$(PYTHON) -m conformance.sensorthings $(URL) $(ARGS)

photo-reuse: $(VENV)/dev ## print how well a photo sent again is found (STREETS=24 STORED=100000 PHOTOS=folder)
	@$(BIN)/python benchmarks/photo_reuse.py $(if $(STREETS),--streets $(STREETS)) $(if $(STORED),--stored $(STORED)) $(if $(PHOTOS),--photos $(PHOTOS))

lock: $(VENV)/python ## lock the packages anew, with hashes and without addresses
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements/run.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 pyproject.toml --group dev -c requirements/run.txt --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements/dev.txt

clean: ## remove the environment and the demo's data
	@[ ! -x $(BIN)/python ] || $(BIN)/python -c "from pathlib import Path; from guyub.launch import postgres; postgres.remove(checkout=Path.cwd())"
	rm -rf $(VENV) var
