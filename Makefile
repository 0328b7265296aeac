# Hygie. `make demo` and `make test` are the two commands to know.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
RUNTIME := $(VENV)/.runtime
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2

CATALOGUES = $(BIN)/pybabel -q compile -D django -d src/hygie/locale

.PHONY: install dev demo test test-slow test-exhaustive check audit bundle bench lock i18n apt clean format

# uv itself, pinned by hash, installed by pip.
$(BIN)/uv: requirements/bootstrap.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

# What running Hygie needs, and the command `hygie`.
$(RUNTIME): $(BIN)/uv requirements/core.txt pyproject.toml
	@test -f $(STAMP) || $(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements/core.txt requirements/bootstrap.txt
	@test -f $(STAMP) || $(BIN)/uv pip install -q --no-deps --no-build-isolation --python $(BIN)/python -e .
	@$(CATALOGUES) 2>/dev/null
	@touch $@

# What working on Hygie needs besides.
$(STAMP): $(BIN)/uv requirements/dev.txt pyproject.toml
	$(BIN)/uv pip sync -q --require-hashes --python $(BIN)/python requirements/dev.txt requirements/bootstrap.txt
	$(BIN)/uv pip install -q --no-deps --no-build-isolation --python $(BIN)/python -e .
	@$(CATALOGUES) 2>/dev/null
	@touch $@ $(RUNTIME)

install: $(RUNTIME)
dev: $(STAMP)

demo: $(RUNTIME)
	$(BIN)/hygie demo --host $(HOST) --port $(PORT)

test: $(STAMP)
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow and not exhaustive" $(ARGS)

test-slow: $(STAMP)
	$(BIN)/python -m pytest -q -n $(WORKERS) -m slow $(ARGS)

test-exhaustive: $(STAMP)
	$(BIN)/python -m pytest -q -n $(WORKERS) -m exhaustive $(ARGS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/djlint src/hygie/web --lint --quiet
	$(BIN)/codespell CONTRIBUTING.md docs/architecture.md docs/decisions docs/security.md docs/asvs.md
	$(BIN)/bandit -q -r src -c pyproject.toml 2>/dev/null
	$(BIN)/hygie manage makemigrations --check --dry-run
	$(BIN)/python deploy/audit.py --tolerant

# Whether a published flaw touches what we depend on; it needs the index of vulnerabilities.
audit: $(STAMP)
	$(BIN)/python deploy/audit.py

# Everything an installation needs, for a network without Internet.
bundle: $(STAMP)
	$(BIN)/python deploy/bundle.py --out dist

format: $(STAMP)
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python -m bench

lock: $(BIN)/uv
	$(BIN)/uv lock -q
	$(BIN)/uv export -q --no-header --no-emit-project --no-default-groups --group build -o requirements/core.txt
	$(BIN)/uv export -q --no-header --no-emit-project --no-default-groups --group test --group lint --group build -o requirements/dev.txt

# Gather the messages again (authors only: needs GNU gettext), then compile the catalogues.
# The French one holds plurals only, so that 0 is singular: add them there by hand.
i18n: $(STAMP)
	cd src/hygie && ../../$(BIN)/django-admin makemessages -l en --no-location --no-obsolete -e html,txt,py
	$(CATALOGUES)

apt:
	apt-get update -q && apt-get install -y -q --no-install-recommends chromium gettext postgresql

clean:
	rm -rf $(VENV)
