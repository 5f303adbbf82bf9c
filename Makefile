# Loket. On a fresh machine with Python 3.11 or newer: `make demo`, or `make test`. Nothing else is needed first.
.PHONY: help setup demo test check lint coverage readers bench chaos sabotage real-model lock
.DEFAULT_GOAL := help

BIN := .venv/bin
SETUP := .venv/.setup
MODEL := .venv-model/.setup
TESTS ?= tests

# A browser that setup found or fetched stands in .venv/bin, so the tests look there first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

help:
	@echo 'make demo      the whole school desk on this machine, with a page to play every part'
	@echo 'make test      everything that has to hold: format, lint, types, import contracts, tests'
	@echo 'make check     the same without the slow tests'
	@echo 'make bench     measure against the targets, beside the stock build'
	@echo 'make chaos     kill -9 at random moments under load, and prove nothing lost, nothing twice (KILLS= SEED= DATABASE=)'
	@echo 'make sabotage  break the rules on purpose, one at a time, and see a test fail for each'
	@echo 'make real-model  the models once more, against a real small one (370 MB of its own, some minutes)'
	@echo 'make setup     build .venv (the others do it when it is needed)'
	@echo 'make lock      resolve the requirements anew into the lock files'

setup: $(SETUP)

# Anew only when what is to be installed has changed.
$(SETUP): requirements-dev.lock scripts/setup.sh scripts/loket.py
	@sh scripts/setup.sh
	@touch $(SETUP)

demo: $(SETUP)
	@$(BIN)/loket demo $(ARGS)

lint: $(SETUP)
	@$(BIN)/ruff format --check --quiet . || { echo 'ruff format . would change files'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@said=$$($(BIN)/lint-imports --no-logo) || { echo "$$said"; exit 1; }

# What judges and what it judges are covered by their own tests, every line of them.
coverage: $(SETUP)
	@said=$$($(BIN)/coverage run -m pytest -q tests/policies tests/casefile) || { echo "$$said"; exit 1; }
	@said=$$($(BIN)/coverage report) || { echo "$$said"; exit 1; }

check: lint coverage
	@$(BIN)/python -m pytest -q tests/house tests/app

# Fitted once here, so that not every test process that starts cold fits them for itself.
readers: $(SETUP)
	@$(BIN)/loket explain --desk school halo >/dev/null
	@$(BIN)/loket explain --desk shop halo >/dev/null

# Most tests wait for servers, disks and browsers: four processes keep two cores busy.
test: $(SETUP)
	@$(MAKE) --no-print-directory -j 2 lint coverage readers
	@sh scripts/browser.sh
	@$(BIN)/python -m pytest -q -n 4 --dist worksteal $(TESTS)

bench: $(SETUP)
	@$(BIN)/python -m benchmarks $(ARGS)

# Each database there is, unless one is named. Every commit boundary: python -m tests.chaos boundaries.
chaos: $(SETUP)
	@$(BIN)/python -m tests.chaos storm $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(DATABASE),--database $(DATABASE)) $(ARGS)

sabotage: $(SETUP)
	@$(BIN)/python -m tests.sabotage $(ARGS)

$(MODEL): requirements-model.lock scripts/real_model.sh $(SETUP)
	@sh scripts/real_model.sh

real-model: $(MODEL)
	@LOKET_REAL_MODEL=$(CURDIR)/.venv-model/bin/python $(BIN)/python -m pytest -q tests/real_model

lock:
	@sh scripts/lock.sh
