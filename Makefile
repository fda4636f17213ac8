# The commands of the project. They need a POSIX shell and any make since 3.81.

PY := .venv/bin/python
APP_STAMP := .venv/installed-app
DEV_STAMP := .venv/installed-dev
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --quiet --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: help setup run test test-long lint clean lock pictures

help:
	@echo "make setup      make the environment in .venv"
	@echo "make run        start the app; HOST and PORT are respected (127.0.0.1 and 8000)"
	@echo "make test       everything that must pass: lint, types, imports, tests, browser tests"
	@echo "make test-long  the tests with the long counts of fuzzing, races and kills; prints figures"
	@echo "make lint       lint, format, types, import contracts"
	@echo "make pictures   take the README's pictures anew from the running app"
	@echo "make lock       pin the dependencies anew (needs uv)"
	@echo "make clean      remove the environment and what was computed; keeps var, where the data is"

setup: $(APP_STAMP)
	@sh scripts/ensure_graphviz.sh

run: setup
	@exec $(PY) manage.py serve

test: lint
	@sh scripts/ensure_graphviz.sh
	@sh scripts/ensure_chromium.sh
	$(PY) -m pytest -n 2 -m "not e2e"
	$(PY) -m pytest -m e2e

test-long: lint
	@sh scripts/ensure_graphviz.sh
	@sh scripts/ensure_chromium.sh
	TASKPLANNER_LONG=1 $(PY) -m pytest

lint: $(DEV_STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy planner_core taskplanner tests manage.py
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run

pictures: $(DEV_STAMP)
	@sh scripts/ensure_graphviz.sh
	@sh scripts/ensure_chromium.sh
	$(PY) scripts/pictures.py

lock:
	$(COMPILE) --output-file requirements/base.txt
	$(COMPILE) --extra optimal --extra postgres --extra redis --group dev --constraint requirements/base.txt \
		--output-file requirements/dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles *.egg-info

$(APP_STAMP): pyproject.toml requirements/base.txt scripts/install.sh
	@sh scripts/install.sh requirements/base.txt
	@touch $@

$(DEV_STAMP): $(APP_STAMP) requirements/dev.txt
	@sh scripts/install.sh requirements/dev.txt
	@touch $@
