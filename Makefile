# `make help` lists what there is. The two commands of the README are `make book` and
# `make test`; each makes the private environment in .venv first if it is not there.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
SHELL := /bin/sh

# The first Python on the path that is new enough; `make PYTHON=... book` overrides it.
supported := import sys; sys.version_info >= (3, 11) and print(sys.executable)
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 \
	python3.11 python,$(shell $(name) -c '$(supported)' 2>/dev/null)))

bin := .venv/bin
ready := .venv/ready
jobs ?= 2

# One thread a process: the notebooks run side by side, and sums come out the same.
export OPENBLAS_NUM_THREADS ?= 1
export PATH := $(CURDIR)/$(bin):$(PATH)

##@ Reading and learning

.PHONY: book
book: $(ready) ## Build the book and say where to open it (opens it at a terminal)
	$(bin)/python tools/build_book.py --jobs $(jobs) --open

.PHONY: pdf
pdf: $(ready) ## Print the book as one PDF (needs Chromium)
	$(bin)/python tools/build_book.py --jobs $(jobs)
	$(bin)/python tools/build_pdf.py

.PHONY: lab
lab: $(ready) ## Open JupyterLab on the chapters and the exercises
	$(bin)/jupyter lab

##@ Teaching

.PHONY: release
release: $(ready) ## Generate exercises/ from solutions/, and check them
	$(bin)/nnbook release

##@ Maintaining

.PHONY: test
test: lint book-check pytest ## Everything that must hold: what CI runs

.PHONY: lint
lint: $(ready) ## Format, lint, types and spelling
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/codespell $$(git ls-files '*.md' '*.py' '*.ipynb' '*.yml' '*.toml' '*.bib')

.PHONY: book-check
book-check: $(ready) ## Build the book, warnings and failing cells being errors
	$(bin)/python tools/build_book.py --jobs $(jobs)

.PHONY: pytest
pytest: $(ready) ## Unit tests, graders, the built book, and every notebook (nbval)
	$(bin)/pytest -n $(jobs) --dist loadscope --nbval --nbval-current-env \
		--nbval-cell-timeout 60 tests book solutions

.PHONY: coverage
coverage: $(ready) ## Which lines and branches do the unit tests miss? At most 5 %
	$(bin)/pytest -n $(jobs) --dist loadscope --cov tests

.PHONY: mutants
mutants: $(ready) ## Change the source a little, many times: do the tests notice?
	$(bin)/mutmut run --max-children $(jobs)
	$(bin)/mutmut results

.PHONY: bench
bench: $(ready) ## Measure what the claims about speed rest on, side by side
	for script in benchmarks/*.py; do $(bin)/python "$$script" || exit 1; done

.PHONY: serve
serve: $(ready) ## Show the book in the browser while it is written
	$(bin)/python tools/serve_book.py --jobs $(jobs) --open

.PHONY: outputs
outputs: $(ready) ## Run all notebooks and store their text outputs in normal form
	$(bin)/python tools/notebooks.py refresh --jobs $(jobs)

.PHONY: format
format: $(ready) ## Format the code and mend what the linter can mend
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

.PHONY: lock
lock: ## Renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --quiet \
		--generate-hashes --upgrade --no-annotate \
		--extra lab --extra book --extra serve --extra pdf --extra grading --extra test \
		--custom-compile-command "make lock" --output-file requirements.lock

.PHONY: clean
clean: ## Delete what was built; the environment and grading/ stay
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# Without --no-compile pip compiles on one core; without compiling, builds take
# twice as long.
$(ready): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "nnbook needs Python 3.11 or newer, and" \
		"$$(python3 --version 2>&1 || echo none) is what python3 is here." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "nnbook needs Python 3.11 or newer; $(PYTHON) is older." >&2; exit 1; }
	@echo "Making the private environment .venv: a few minutes, this once."
	@"$(PYTHON)" -m venv --clear .venv || { echo "Python's venv module is needed;" \
		"on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(bin)/python -m pip install --disable-pip-version-check --no-deps --no-compile \
		--progress-bar off --quiet --require-hashes -r requirements.lock
	$(bin)/python -m pip install --disable-pip-version-check --no-deps --no-compile \
		--quiet --no-build-isolation --editable .
	@$(bin)/python -m compileall -q -j 0 .venv/lib || true
	@touch $@
