# nhacviec: every target sets up what it needs. VENV may be given: make test VENV=/some/where
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
RUN_STAMP = $(VENV)/.run-ready
DEV_STAMP = $(VENV)/.dev-ready

.PHONY: demo run talk test faults check bench learn accuracy lock clean

NO_VENV = Python 3.11 or newer with venv is needed (Debian, Ubuntu: apt install python3-venv); another one is named by make PYTHON=python3.12.

## the An Giang case from the notice to the report, then the local chat
demo: $(RUN_STAMP)
	$(BIN)/nhacviec demo

## everything configured; with nothing configured: the sample province and the local chat
run: $(RUN_STAMP)
	$(BIN)/nhacviec run

## the same in a terminal
talk: $(RUN_STAMP)
	$(BIN)/nhacviec talk

## every promise the project makes
test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal

## the long runs, an hour in all: a simulated year, kills, outages, the database machine lost, storms, full disks, jumping clocks; one alone: python -m tests.faults.kill
faults: $(DEV_STAMP)
	$(BIN)/python -m tests.faults

## style, types, the architecture, the documents and the texts of every language
check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_rooms.py tests/test_docs.py tests/test_locales.py

## speed, as ratios inside one run; drawn beside the bars in bench.png
bench: $(DEV_STAMP)
	$(BIN)/nhacviec bench --picture bench.png

## the reader's second opinion anew, from the examples as they are now
learn: $(DEV_STAMP)
	$(BIN)/python -m bot.reading.learning

## how the examples and the held-back replies are read: exact, asked, wrong, by language, kind and form of writing
accuracy: $(DEV_STAMP)
	$(BIN)/python -m bot.reading.accuracy
	$(BIN)/python -m bot.reading.accuracy tests/reading/held_back/*.txt

## pin the versions that pyproject.toml allows (needs uv)
LOCK = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml
lock:
	$(LOCK) --extra postgres --group build --output-file requirements.txt
	$(LOCK) --extra postgres --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf $(VENV)

# a half-made environment loses its python, so that the next make tries again
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' && $(PYTHON) -m venv $(VENV) >/dev/null \
		|| { rm -f $(VENV)/bin/python; echo "$(NO_VENV)" >&2; exit 1; }

$(RUN_STAMP): requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	touch $@
