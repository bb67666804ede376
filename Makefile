# Two commands to start with: `make run` and `make test`. They need git, make and python3 ≥ 3.11 with venv; everything else is
# installed in ignored folders of this checkout (tools/setup.py). Chromium for the tests may be installed by apt.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
PRACTICE ?=
RELAY ?=
ORIGINS ?=
DEFAULT_CA ?=
CONTACT ?=
POWERDNS ?=
URL ?=
CASES ?= 200000
SEED ?=
BASE ?=
ROWS ?=
PAIRS ?= 5

SETUP := $(PYTHON) -m tools.setup
TOOL := .venv/bin/python -m
# A word for the shell, whatever is in it.
quoted = '$(subst ','\'',$(1))'
DIST_OPTIONS = $(if $(filter yes,$(PRACTICE)),--practice) $(if $(RELAY),--relay $(RELAY)) \
	$(if $(ORIGINS),--origins '$(ORIGINS)') $(if $(DEFAULT_CA),--default-ca $(call quoted,$(DEFAULT_CA))) \
	$(if $(CONTACT),--contact $(call quoted,$(CONTACT))) $(RESOLVERS_OPTION) \
	$(if $(POWERDNS),--powerdns $(call quoted,$(POWERDNS)))
# RESOLVERS= means nobody; without it, make knows no such variable, and the page asks the usual ones.
RESOLVERS_OPTION = $(if $(filter undefined,$(origin RESOLVERS)),,--resolvers $(call quoted,$(RESOLVERS)))

export PATH := $(CURDIR)/.cache/bin:$(PATH)
# Where a machine forbids Python to keep its bytecode, each process of the tests would compile everything again: 6 s of CPU each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-nightly test-servers test-dns test-targets test-handover test-engines bench fuzz lint messages build dist verify clean

help:
	@echo "make run             serve the page on http://localhost:8000 with a practice CA; PORT=8010 uses other ports for both"
	@echo "make test            lint, type checks and tests; ARGS='-k words' passes options to pytest"
	@echo "make test-nightly    tests that are too slow for every change: the whole crash matrix in Chromium, each file missing or altered"
	@echo "make test-servers    tests against step-ca and OpenBao; takes a few minutes, and downloads 200 MB the first time"
	@echo "make test-engines    what a person does, in Chromium, Firefox and WebKitGTK, as far as they are here or can be installed"
	@echo "make test-dns        tests against the DNS servers Knot, Unbound, dnsdist and PowerDNS, where apt has them"
	@echo "make test-targets    other programs read the files of a certificate: OpenSSL, Java, NSS, GnuTLS, Go; servers serve with them"
	@echo "make test-handover   tests that certbot, lego, acme.sh and Caddy go on with what the page hands over"
	@echo "make bench           measure the page beside others, on a machine that does nothing else, and print a table (docs/speed.md);"
	@echo "                     ROWS='start issuance' picks groups, BASE=… adds another commit, PAIRS=5 sets how often"
	@echo "make fuzz            corrupted input for every parser; CASES=200000 sets how many, SEED=… which"
	@echo "make lint            lint and type checks only"
	@echo "make messages        collect all messages of the page into locale/, for translators"
	@echo "make build           build the site as make run serves it, into build/"
	@echo "make dist            build the site for any static host, into dist/; RELAY=/relay/ names a relay for the CAs that need one,"
	@echo "                     ORIGINS='https://…' the origins of pages on other hosts that may use it; PRACTICE=yes adds the practice CA;"
	@echo "                     RESOLVERS='google https://…' names who may be asked about DNS, by ids or URLs; empty, nobody is;"
	@echo "                     POWERDNS='https://…' is the origin of a PowerDNS server to which the page may write proofs;"
	@echo "                     DEFAULT_CA=… is the CA that is chosen in the form, CONTACT=… the e-mail for new accounts there"
	@echo "make verify URL=…    compare a deployed copy with a build from this checkout; RELAY=, ORIGINS= and so on as for make dist"
	@echo "make clean           delete everything that was built or downloaded"

run:
	@$(SETUP) run
	@exec $(TOOL) tools.serve --port $(PORT)

# The whole suite runs on all cores: a worker that is done takes tests from the others. The minimum coverage of app/
# (pyproject.toml) applies to the whole suite only; tests/measuring.py says what is measured.
PARALLEL := --numprocesses auto --dist worksteal

test: lint
	@$(SETUP) test
ifdef ARGS
	$(TOOL) pytest $(ARGS)
else
	@$(TOOL) coverage erase
	$(TOOL) pytest -p tests.measuring -p tests.engines.summary $(PARALLEL) --durations=25
	@$(TOOL) coverage combine --quiet
	$(TOOL) coverage report
endif

# The tests with the mark `nightly`: each covers in full what one quick case in `make test` samples.
test-nightly:
	@$(SETUP) test
	$(TOOL) pytest -m nightly $(if $(ARGS),$(ARGS),$(PARALLEL) --durations=25)

# Not part of `make test`, which must stay quick in a fresh clone: there, scripted CAs imitate the behaviour of these two.
test-servers:
	@$(SETUP) test-servers
	$(TOOL) pytest tests/servers $(if $(ARGS),$(ARGS),--numprocesses auto --dist loadfile --durations=25)

# All scenarios in every engine; `make test` has one of them in each engine that is installed. The summary says what was not run.
test-engines:
	@$(SETUP) test-engines
	$(TOOL) pytest -p tests.engines.summary tests/engines -m 'nightly or not nightly' $(if $(ARGS),$(ARGS),--durations=10)

# All tests with real DNS servers; `make test` has a few of them, `make test-nightly` the others.
test-dns:
	@$(SETUP) test-dns
	$(TOOL) pytest tests/dns -m 'nightly or not nightly' $(if $(ARGS),$(ARGS),--durations=10)

# All hand-overs of certificates to other programs; `make test` has one for each program that is there.
test-targets:
	@$(SETUP) test-targets
	$(TOOL) pytest tests/targets -m 'nightly or not nightly' $(if $(ARGS),$(ARGS),--durations=10)

# All programs on servers that take over; `make test` has one of them. For acme.sh, which no registry has: ACME_SH=/path/acme.sh.
test-handover:
	@$(SETUP) test-handover
	$(TOOL) pytest tests/handover -m 'nightly or not nightly' $(if $(ARGS),$(ARGS),--durations=10)

# Figures of one run can be compared with each other, on a machine that does nothing else. docs/speed.md says what each one means.
bench:
	@$(SETUP) bench
	@$(TOOL) tests.bench --pairs $(PAIRS) $(if $(BASE),--base $(call quoted,$(BASE))) $(if $(ROWS),--rows $(call quoted,$(ROWS)))

fuzz:
	@$(SETUP) fuzz
	$(TOOL) tests.fuzz.run --cases $(CASES) $(if $(SEED),--seed $(SEED))

# actionlint must not call shellcheck and pyflakes: its result must not depend on what else is installed.
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
