# `make demo` crawls a small news site, `make test` runs all tests. Both create .venv first.
PYTHON ?= python3
BIN = .venv/bin
LOCK = requirements.lock
SOURCES = pyproject.toml $(LOCK)

.PHONY: demo check quick test soak costs bench drift screenshot lint types wheel lock system clean

demo: .venv/run
	$(BIN)/newsspider demo

# The quick half: no server, browser, database or attack. mypy and the tests take half a minute each,
# so they run beside each other.
check: lint
	@$(MAKE) --no-print-directory -j2 types quick

QUICK = tests/clean tests/listing tests/text tests/store/test_ledger.py tests/test_errors.py \
  tests/docs/test_architecture.py

quick: .venv/test
	$(BIN)/pytest -q -n 0 -k "not attack and not postgresql" $(QUICK)

test: .venv/test system
	$(BIN)/pytest -n auto --dist worksteal

# A thousand kills, 20,000 articles, 50 sites: ten minutes on two processors. A fleet: three more.
# SOAK='--kills 100 --articles 0' runs a part of it.
soak: .venv/test
	$(BIN)/python tests/soak/soak.py $(SOAK)

# CPU time for each kind of page in each shape: a quarter of an hour.
costs: .venv/test
	$(BIN)/python tests/costs/costs.py $(COSTS)

# Whether a changed source is noticed, and how often for nothing: ten minutes.
drift: .venv/test
	$(BIN)/python benchmarks/drift.py $(DRIFT)

# CPU time beside Scrapy alone and beside trafilatura: an hour. BENCH='--articles 200' takes minutes.
bench: .venv/test
	$(BIN)/python benchmarks/speed.py $(BENCH)

# Whoever changes the built site shows it: writes docs/demo.png.
screenshot: .venv/test system
	$(BIN)/python scripts/screenshot.py

lint: .venv/lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/lint
	$(BIN)/mypy

# Builds the wheel and installs it with an old pip under each Python on this machine.
wheel: .venv/test
	@sh scripts/check_wheel.sh

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "newsspider needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e .
	@touch $@

.venv/test: .venv/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test]'
	@touch $@ .venv/run

.venv/lint: .venv/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[test,lint]'
	@touch $@ .venv/run .venv/test

# Jekyll, Chromium and PostgreSQL, which some tests need.
system:
	@sh scripts/system.sh

# The versions that the tests run with: `make lock` writes the newest that pyproject.toml allows.
lock:
	rm -rf .venv/lock && $(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check '.[test,lint]'
	.venv/lock/bin/python -m pip freeze --exclude newsspider > $(LOCK)

clean:
	rm -rf .venv output/demo
