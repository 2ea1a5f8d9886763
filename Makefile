# Everything a fresh machine needs is made by the target that is asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --no-compile --disable-pip-version-check
HOME_OF_DEMO := .state/demo
QUESTIONS_OF_DEMO := "My kettle arrived with a dent, until when do I have to report it?" \
    "在国外丢了银行卡怎么办？" "Do you rent out washing machines?"

.PHONY: demo test test-all lint bench clean

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version). Set PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(INSTALL) -e .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(INSTALL) -e '.[test]'
	@touch $@

# torch first and by itself: what depends on it then takes it as it is.
$(VENV)/installed-all: $(VENV)/installed-test
	$(INSTALL) 'torch==2.13.0'
	$(INSTALL) -e '.[test,dev,local,chat]'
	@touch $@

demo: $(VENV)/installed  ## load data/, ask three questions
	@export FAQ_HOME=$(HOME_OF_DEMO); set -e; \
	echo '$$ faq ingest data'; $(BIN)/faq ingest data; \
	for question in $(QUESTIONS_OF_DEMO); do \
	    printf '\n$$ faq ask "%s"\n' "$$question"; $(BIN)/faq ask "$$question"; \
	done

test: $(VENV)/installed-test  ## the fast tests
	$(BIN)/pytest -m "not slow"

test-all: $(VENV)/installed-all  ## every test, with extras and servers
	$(BIN)/pytest

lint: $(VENV)/installed-all  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-all  ## measured figures
	for bench in embedder ingest questions storage; do PYTHONPATH=. $(BIN)/python tests/benchmarks/bench_$$bench.py || exit 1; done

clean:
	rm -rf $(VENV) .state
