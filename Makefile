# `make demo` and `make test` are the two commands to know; each builds the environment first if there is none.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
JOBS ?= 2
EXTRAS ?= dev

.DEFAULT_GOAL := help
.PHONY: help install demo test notebooks verify bench site lint clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed, got $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@# Some systems ship Python without ensurepip, which venv needs; virtualenv brings its own.
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
		$(PYTHON) -m pip install --quiet --target $(VENV)-tool virtualenv && \
		PYTHONPATH=$(VENV)-tool $(PYTHON) -m virtualenv --quiet $(VENV) && rm -rf $(VENV)-tool; }
	@# A package without wheels warns in an older pip, unless it is built as a newer one does.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

install: $(STAMP) ## make .venv and install the project into it

demo: $(STAMP) ## grade a sample class into ./demo-course and show the result
	@$(BIN)/grader demo demo-course

test: export PYTHONDONTWRITEBYTECODE = 1 # nbgrader takes a __pycache__ among the assignments for one of them
test: $(STAMP) ## run all tests, nbval over every notebook included
	$(BIN)/python -m pytest -n $(JOBS) -q tests notebooks
	@$(BIN)/grader sync --cases
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -q -W default --nbval-lax --nbval-current-env --nbval-cell-timeout 120 notebooks/*/*.ipynb

notebooks: $(STAMP) ## write and execute the notebooks whose script changed
	@$(BIN)/grader sync

verify: $(STAMP) ## prove the assignments fair
	@$(BIN)/grader verify

bench: $(STAMP) ## measure speed, as ratios in one run
	@for file in tests/benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

site: $(STAMP) ## write the documentation as plain files into build/site
	@echo "Writing the documentation (about a minute) ..."
	@$(BIN)/python -m sphinx --quiet -j $(JOBS) -d build/doctrees docs build/site
	@echo "Open build/site/index.html, or copy the folder build/site to any web server."

lint: $(STAMP) ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

clean: ## remove the environment and what the demo made
	rm -rf $(VENV) $(VENV)-tool demo-course build
