# Everything a fresh machine needs is made by the target that is asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_OF_DEMO := .state/demo

.PHONY: demo test test-all lint bench clean

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version). Set PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/installed-all: $(VENV)/installed-test
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check 'torch==2.13.0'
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[test,dev,local,chat]'
	@touch $@

demo: $(VENV)/installed  ## load data/, ask three questions
	@FAQ_HOME=$(HOME_OF_DEMO) sh data/demo.sh $(BIN)/faq

test: $(VENV)/installed-test  ## the fast tests
	$(BIN)/pytest -m "not slow"

test-all: $(VENV)/installed-all  ## every test, with extras and servers
	$(BIN)/pytest

lint: $(VENV)/installed-all  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-all  ## measured figures
	$(BIN)/python tests/benchmarks/run.py

clean:
	rm -rf $(VENV) .state
