# `make demo` and `make test` need only Python 3.11 or newer; the first run installs everything else into .venv.
PYTHON ?= python3
SAMPLE ?= 200
SEED ?= 1
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What also runs on PostgreSQL; every other folder of tests can, too.
STORED := tests/store tests/study tests/delivery tests/learner
# The project itself, from this folder: nothing is downloaded.
ITSELF := --no-deps --no-build-isolation --no-index --editable .

.PHONY: demo run test test-postgres drill check bench screens mutants lint lock clean

demo: .venv/.dev            ## the real bot on a simulated Discord, in a browser page (PORT=8765 by default)
	$(BIN)/waymark demo$(if $(PORT), --port $(PORT))

run: .venv/.run             ## the bot, with the token of .env
	$(BIN)/waymark run

test: .venv/.dev            ## the tests, on all cores: minutes
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not drill"

test-postgres: .venv/.dev   ## the tests of what is stored, on a real PostgreSQL
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not drill" --engine postgres $(STORED)

drill: .venv/.dev           ## the long tests on both databases: hundreds of kills, years of restarts
	$(BIN)/python -m pytest -n auto --dist worksteal -m drill
	$(BIN)/python -m pytest -n auto --dist worksteal -m drill --engine postgres $(STORED)

check: lint test test-postgres ## what CI runs: lint, types, import rules, course data, tests
	$(BIN)/waymark check data/courses

lint: .venv/.dev
	$(BIN)/ruff check bot cogs tests
	$(BIN)/ruff format --check bot cogs tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/.dev           ## speed and memory, measured
	$(BIN)/python -m tests.bench

screens: .venv/.dev .venv-screens/.done ## pictures of each command in docs/screens, from the demo in a headless Chromium
	.venv-screens/bin/python -m tests.screens $(SHOTS)

mutants: .venv-mutants/.done ## whether the tests notice 200 random changes of the code: about an hour
	.venv-mutants/bin/python -m tests.mutants --sample $(SAMPLE) --seed $(SEED)

lock:                       ## pin all dependencies anew, with hashes and without an index address
	$(PYTHON) -m venv .venv && $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --quiet --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --quiet --extra demo --extra dev -c requirements.lock \
		pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --quiet --group mutants -c requirements-dev.lock -o requirements-mutants.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --quiet --group screens -o requirements-screens.lock

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Waymark needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock requirements-dev.lock pyproject.toml | .venv/bin/python
	# The build backend is needed once, to install the `waymark` command; requirements-dev.lock has its hashes.
	sed -n '/^setuptools==/,/[^\\]$$/p' requirements-dev.lock > .venv/setuptools.lock
	$(PIP) --require-hashes -r requirements.lock -r .venv/setuptools.lock
	$(PIP) $(ITSELF)
	touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) $(ITSELF)
	touch $@

.venv-mutants/.done: requirements-dev.lock requirements-mutants.lock
	$(PYTHON) -m venv .venv-mutants
	.venv-mutants/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-dev.lock -r requirements-mutants.lock
	touch $@

.venv-screens/.done: requirements-screens.lock
	$(PYTHON) -m venv .venv-screens
	.venv-screens/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-screens.lock
	touch $@

clean:
	rm -rf .venv .venv-mutants .venv-screens .mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis waymark.egg-info
