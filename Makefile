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

.PHONY: demo test benchmark speed figures picture translations clean

demo: .venv/demo.done
	$(BIN)/spinecontext demo --out $(OUT)/demo

test: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 inference app installer
	$(BIN)/python -m pytest

benchmark: .venv/test.done
	$(BIN)/python -m tests.benchmarks.real_ct $(REAL_CT)
	$(BIN)/python -m tests.benchmarks.geometry $(REAL_CT)

# The tables of BENCHMARKS.md; FIGURES="speed rate" writes these alone.
figures: .venv/test.done
	$(BIN)/python -m tests.benchmarks.figures $(REAL_CT) $(FIGURES)

speed: .venv/test.done
	$(BIN)/python -m tests.benchmarks.speed $(REAL_CT)

picture: .venv/test.done
	$(BIN)/python -m tests.benchmarks.rooms assets/pictures/rooms.svg
	$(BIN)/python -m tests.benchmarks.window_pictures
	$(BIN)/python -m tests.benchmarks.picture $(REAL_CT) assets/pictures
	$(BIN)/python -m tests.benchmarks.failures $(REAL_CT) assets/pictures

# "sentence" is what the engine, which knows nothing of Qt, marks its sentences with.
LUPDATE := -silent -no-obsolete -locations none
translations: .venv/test.done
	$(BIN)/pyside6-lupdate $(LUPDATE) $(wildcard app/*.py app/*/*.py) -ts app/translations/spinecontext_*.ts
	$(BIN)/pyside6-lupdate $(LUPDATE) -tr-function-alias QT_TR_NOOP+=sentence \
		$(wildcard inference/*.py inference/*/*.py inference/*/*/*.py) -ts app/translations/engine_*.ts
	$(BIN)/pyside6-lrelease -silent app/translations/*.ts

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

# The installers: see installer/README.md. They are built on Debian 12, by its own Python.
DEBIAN_PYTHON ?= /usr/bin/python3
COMPRESSION ?= 6

.PHONY: installer-setup linux-installer-setup linux-installer windows-installer \
	linux-installer-smoke linux-installer-test windows-installer-test same-payload lock

installer-setup:
	apt-get update
	apt-get install --yes --no-install-recommends $$(grep -hv '^#' installer/locks/debian-*.txt)

linux-installer-setup:
	apt-get update
	apt-get install --yes --no-install-recommends $$(grep -hv '^#' installer/locks/debian-linux.txt)

linux-installer: build/linux/venv.done
	build/linux/venv/bin/python -m installer.linux --compression $(COMPRESSION)

windows-installer: build/windows/venv.done
	build/windows/venv/bin/python -m installer.windows

linux-installer-smoke: .venv/test.done
	INSTALLERS=dist $(BIN)/python -m pytest -v tests/installer/test_linux_smoke.py

linux-installer-test: .venv/test.done
	INSTALLERS=dist $(BIN)/python -m pytest -v tests/installer/linux

windows-installer-test: .venv/test.done
	INSTALLERS=dist $(BIN)/python -m pytest -v tests/installer/windows

# After both installers: a second payload of each, compared with the first.
same-payload: build/linux/venv.done build/windows/venv.done
	build/linux/venv/bin/python -m installer.linux --payload-only --build build/again/linux
	build/linux/venv/bin/python -m installer.manifest build/linux/payload/spinecontext build/again/linux/payload/spinecontext
	build/windows/venv/bin/python -m installer.windows --payload-only --build build/again/windows
	build/windows/venv/bin/python -m installer.manifest build/windows/payload build/again/windows/payload

lock: .venv/test.done
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m installer.lock

build/linux/venv.done: installer/locks/linux.txt installer/locks/linux-build.txt
	rm -rf build/linux/venv
	$(DEBIAN_PYTHON) -m venv build/linux/venv
	build/linux/venv/bin/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: \
		-r installer/locks/linux.txt -r installer/locks/linux-build.txt
	touch $@

build/windows/venv.done: installer/locks/linux-build.txt
	rm -rf build/windows/venv
	$(DEBIAN_PYTHON) -m venv build/windows/venv
	build/windows/venv/bin/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: \
		-r installer/locks/linux-build.txt
	touch $@
