# The README's commands. Each sets up what it needs in .venv; only Python and make must be there.

PYTHON ?= python3
# "train" brings PyTorch; EXTRAS=test does without it, and the tests that need it are skipped.
EXTRAS ?= test,train,bench
REAL_CT ?= ../shared/ct
OUT ?= out

BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

.PHONY: demo test benchmark picture clean

demo: .venv/demo.done
	$(BIN)/spinecontext demo --out $(OUT)/demo

test: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

benchmark: .venv/test.done
	$(BIN)/python -m tests.benchmarks.real_ct $(REAL_CT)
	$(BIN)/python -m tests.benchmarks.geometry $(REAL_CT)

picture: .venv/test.done
	$(BIN)/python -m tests.benchmarks.picture $(REAL_CT) assets/pictures

clean:
	rm -rf .venv build dist *.egg-info $(OUT)

.venv/demo.done: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/test.done: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable ".[$(EXTRAS)]"
	touch $@
