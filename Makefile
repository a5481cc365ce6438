# Everything starts from a fresh machine with Python 3.11 or newer and make; each target sets up .venv first when it must.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.installed
PORT ?= 8080

.PHONY: help install demo story test lint format bench gallery lock clean

help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

install: $(STAMP) ## Set up .venv with everything

demo: $(STAMP) ## Start the bot with the sample community at http://127.0.0.1:8080 (PORT=… changes it)
	PORT=$(PORT) exec $(BIN)/community-bot demo

story: $(STAMP) ## Play the six jobs in the terminal
	$(BIN)/community-bot demo --story

test: $(STAMP) ## Every test that needs no browser and kills nothing
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not browser and not faults"

lint: $(STAMP) ## Style, types, layers and texts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(STAMP) ## Put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## Measure, as ratios against a baseline of the same run
	$(BIN)/python -m tests.bench

gallery: $(STAMP) ## Every screen in both languages on the three platforms, as one page
	$(BIN)/community-bot gallery --output build/gallery.html

lock: ## Pin what pyproject.toml allows, with hashes and no index address (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-annotate --no-header \
	  --python-version 3.11 -o requirements.lock

clean: ## Remove what was generated
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
