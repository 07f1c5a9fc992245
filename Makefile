# Rounds: `make run` and `make test` need Python (3.11 to 3.14) and make, nothing else.

VENV ?= .venv
PORT ?= 8000
EXAMPLE ?= demo
VAR_DIR ?= var
BIN := $(VENV)/bin
# The first Python that runs (a shim may not), that the packages are built for and that can make an
# environment; where there is none such, the first that is new enough says itself what it lacks.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for test in 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	'import sys; sys.exit(sys.version_info < (3, 11))'; do for candidate in $(CANDIDATES); do \
	$$candidate -c "$$test" >/dev/null 2>&1 && echo $$candidate && exit; done; done)
PACKAGES := starting pmo projects risks portfolio reports
TEMPLATES = $(shell find templates -name '*.html')
# A file's tests stay together: some share a scene that takes seconds to make. Some wait for a process or
# a browser: three at a time keep two cores busy.
PARALLEL := -n 3 --dist loadfile --no-loadscope-reorder
# The day and the zone of the suite on SQLite, or `drawn` from the commit; empty: the machine's own.
TODAY ?=
ZONE ?=
CALENDAR = $(if $(TODAY),--today $(TODAY)) $(if $(ZONE),--zone $(ZONE))
TESTED_DATABASE_URL ?= postgres://root@127.0.0.1:5432/rounds_ci
BENCH_DATABASE_URL ?= postgres://root@127.0.0.1:5432/rounds_bench
TESTED_REDIS_URL ?= redis://127.0.0.1:6379/5
FAULTS_DATABASE_URL ?= postgres://root@127.0.0.1:5432/rounds_faults
FAULTS_REDIS_URL ?= redis://127.0.0.1:6379/6

.DEFAULT_GOAL := help
.PHONY: help python python-path setup setup-dev run test test-fast services test-services test-browser lint format types \
	contracts migrations vendor bench faults shots lock containers ci

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

python:
	@test -n "$(PYTHON)" || { echo "Rounds needs Python 3.11 or newer; none was found on the PATH." \
		"Install one, or name it: make run PYTHON=/path/to/python3." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
		echo "Rounds needs Python 3.11 or newer; $(PYTHON) does not run or is older. Leave PYTHON=… out, or name another." >&2; exit 1; }

python-path: python
	@echo "$(PYTHON)"

setup: python ## Make .venv with what the application needs
	@"$(PYTHON)" tools/setup_venv.py base --venv "$(VENV)"

setup-dev: python ## Make .venv with what tests and checks need too
	@"$(PYTHON)" tools/setup_venv.py dev --venv "$(VENV)"

run: setup ## Start Rounds with the demo hospital (PORT=8000, EXAMPLE=demo or nhs)
	@"$(BIN)/python" tools/make_secrets.py --key "$(VAR_DIR)/$(EXAMPLE)/secret-key.txt"
	@exec env EXAMPLE="$(EXAMPLE)" "$(BIN)/python" manage.py rounds run --port "$(PORT)"

test: setup-dev ## Run the test suite on SQLite, then the tests that drive Chromium
	@"$(BIN)/python" tools/run_tests.py $(PARALLEL) $(CALENDAR)
	@"$(BIN)/python" tools/run_tests.py tests/browser -m browser -rs $(PARALLEL)

test-fast: setup-dev ## Run the tests that touch no database and take no seconds
	@"$(BIN)/python" tools/run_tests.py --fast $(PARALLEL)

services: setup-dev ## Say whether PostgreSQL and Redis are there for test-services
	@"$(BIN)/python" tools/check_services.py $(TESTED_DATABASE_URL) $(TESTED_REDIS_URL)

test-services: services ## Run the test suite on PostgreSQL and Redis
	@DATABASE_URL=$(TESTED_DATABASE_URL) REDIS_URL=$(TESTED_REDIS_URL) \
		"$(BIN)/python" tools/run_tests.py $(PARALLEL) --only-database

test-browser: setup-dev ## Run the tests that drive Chromium
	@"$(BIN)/python" tools/run_tests.py tests/browser -m browser -rs $(PARALLEL)

lint: setup-dev ## Check the code's and the templates' form
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@$(if $(TEMPLATES),"$(BIN)/djade" --target-version 5.2 --check $(TEMPLATES))

format: setup-dev ## Put code and templates in form
	@"$(BIN)/ruff" check --fix .
	@"$(BIN)/ruff" format .
	@$(if $(TEMPLATES),"$(BIN)/djade" --target-version 5.2 $(TEMPLATES))

types: setup-dev ## Check the types
	@"$(BIN)/mypy" $(PACKAGES) manage.py

contracts: setup-dev ## Check that imports point down
	@"$(BIN)/lint-imports" --no-cache

migrations: setup-dev ## Check that the models and the migrations agree
	@DJANGO_SETTINGS_MODULE=tests.settings "$(BIN)/python" manage.py makemigrations --check --dry-run

vendor: setup-dev ## Check the vendored front-end files against their recorded hashes
	@"$(BIN)/python" tools/vendor.py check

containers: setup-dev ## Run the Dockerfile's install and collect steps in a clean directory
	@"$(BIN)/python" tools/dockerfile_steps.py

bench: setup-dev ## Measure pages and reports at 10,000 projects on PostgreSQL
	@"$(BIN)/python" -m bench --database $(BENCH_DATABASE_URL)

faults: setup-dev ## Kill workers at every phase of every kind of job, on both brokers (20 minutes)
	@"$(BIN)/python" -m faults --database $(FAULTS_DATABASE_URL) --redis $(FAULTS_REDIS_URL)

shots: setup-dev ## Take the pictures that the documentation shows, from a running `make run`
	@"$(BIN)/python" tools/shots.py --url http://127.0.0.1:$(PORT)

lock: setup-dev ## Lock the newest releases of all packages, or of one: PACKAGE=name
	@"$(BIN)/python" tools/lock.py $(PACKAGE)

ci: ## Do what continuous integration does
	@bash .ci/run
