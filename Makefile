# The commands of this project. `make run` needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data

.PHONY: run test check bench train i18n lock clean
.DEFAULT_GOAL := run

$(VENV)/.run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run  ## the service with the demo newsroom, on http://127.0.0.1:8080
	$(BIN)/qingyuan serve --demo

check: $(VENV)/.dev  ## everything that can be said without running the program
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/repo

test: check  ## every check and every test; browser and PostgreSQL tests included
	$(BIN)/pytest -n 2 --dist loadfile -m "not browser and not processes" --ignore tests/repo
	$(BIN)/pytest -m "browser or processes"

bench: $(VENV)/.dev  ## the benchmarks: ratios measured in one run
	$(BIN)/python -m tests.benchmarks

train: $(VENV)/.dev  ## refit the shipped model where the training data is present
	$(BIN)/qingyuan train --data classifiers/sentences/labelled --data $(DATA)/headlines --data $(DATA)/open --out classifiers/models/shipped

i18n: $(VENV)/.dev  ## collect and compile the interface texts
	$(BIN)/python -m service.web.locale.build

lock:  ## both lock files anew from the ranges in pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --no-header --extra fast pyproject.toml -o requirements.lock --quiet
	uv pip compile --universal --generate-hashes --no-header --extra fast --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock --quiet

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
