# Two commands to start with: `make run` and `make test`. They need git, make and python3 ≥ 3.11 with venv; what else is
# needed comes into ignored folders of this checkout (tools/setup.py). A Chromium for the tests may come from apt.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
PRACTICE ?=
RELAY ?=
ORIGINS ?=
URL ?=
CASES ?= 200000
SEED ?=

SETUP := $(PYTHON) -m tools.setup
TOOL := .venv/bin/python -m
DIST_OPTIONS = $(if $(filter yes,$(PRACTICE)),--practice) $(if $(RELAY),--relay $(RELAY)) $(if $(ORIGINS),--origins '$(ORIGINS)')

export PATH := $(CURDIR)/.cache/bin:$(PATH)

.PHONY: help run test test-nightly test-servers fuzz lint messages build dist verify clean

help:
	@echo "make run             serve the page on http://localhost:8000 with a practice CA; PORT=8010 moves both"
	@echo "make test            lint, types and the tests; ARGS='-k words' passes options to pytest"
	@echo "make test-nightly    what is too long for every change: the whole crash matrix in Chromium, each file missing or altered, …"
	@echo "make test-servers    the tests against step-ca and OpenBao; a few minutes, and 200 MB to fetch at first"
	@echo "make fuzz            spoilt input for every parser; CASES=200000 SEED=… choose how much, and which"
	@echo "make lint            lint and types only"
	@echo "make messages        collect all texts of the page into locale/, for translators"
	@echo "make build           the site as make run serves it, into build/"
	@echo "make dist            the site for any static host, into dist/; RELAY=/relay/ names a relay for the CAs that need one,"
	@echo "                     ORIGINS='https://…' the pages on other hosts that may use it; PRACTICE=yes adds the practice CA"
	@echo "make verify URL=…    compare a deployed copy with a build made here; RELAY=, ORIGINS=, PRACTICE= as for make dist"
	@echo "make clean           remove all that was made here, what was fetched included"

run:
	@$(SETUP) run
	@exec $(TOOL) tools.serve --port $(PORT)

# The whole suite runs on all cores, in two halves: a core that is done takes over from the other. The floor under the core's
# coverage (pyproject.toml) holds for the whole only.
PARALLEL := --numprocesses auto --dist worksteal

test: lint
	@$(SETUP) test
	$(TOOL) pytest $(if $(ARGS),$(ARGS),$(PARALLEL) --durations=25 --cov --cov-report=term)

# The tests with the mark `nightly`: each is the whole of what a quick case in `make test` shows.
test-nightly:
	@$(SETUP) test
	$(TOOL) pytest -m nightly $(if $(ARGS),$(ARGS),$(PARALLEL) --durations=25)

# Not part of `make test`, which must stay quick in a fresh clone: what these two CAs taught is there played by scripted ones.
test-servers:
	@$(SETUP) test-servers
	$(TOOL) pytest tests/servers $(if $(ARGS),$(ARGS),--numprocesses auto --dist loadfile --durations=25)

fuzz:
	@$(SETUP) python
	$(TOOL) tests.fuzz.run --cases $(CASES) $(if $(SEED),--seed $(SEED))

# actionlint's own calls of shellcheck and pyflakes are off: what it finds must not depend on what else a machine has.
lint:
	@$(SETUP) lint
	$(TOOL) ruff check
	$(TOOL) ruff format --check
	$(TOOL) mypy
	.venv/bin/lint-imports
	$(TOOL) tools.messages --check
	$(TOOL) tools.sentences
	@if command -v actionlint >/dev/null; then echo actionlint; actionlint -shellcheck= -pyflakes= .github/workflows/*.yml; \
	else echo "NOT LINTED: .github/workflows, because there is no actionlint; the setup above says why"; fi

messages:
	@$(SETUP) python
	@$(TOOL) tools.messages

build:
	@$(SETUP) build
	@$(TOOL) tools.build --practice

dist:
	@$(SETUP) build
	@$(TOOL) tools.dist $(DIST_OPTIONS)

verify:
	@test -n "$(URL)" || { echo "Say which copy: make verify URL=https://keystay.example/"; exit 2; }
	@$(SETUP) build
	@$(TOOL) tools.verify $(URL) $(DIST_OPTIONS)

clean:
	rm -rf .venv .cache build dist test-results .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find app tools tests -name __pycache__ -type d -prune -exec rm -rf {} +
