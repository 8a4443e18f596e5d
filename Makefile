# make demo          set everything up and serve a demo on PORT (default 8000)
# make test          set everything up and run every test
# make check         lint, format, types, templates, translations, scripts
# make bench         measure what docs and issues promise
# make docs          write the tables of permissions and states from the code
# make translations  compile the Indonesian of the screens
# make screenshots   take the pictures of the README from the demo

SHELL := /bin/bash
PYTHON ?= python3
RUN := .venv/bin/python -m

.PHONY: demo test check docs bench translations run-environment dev-environment

demo: run-environment
	@deploy/demo.sh

# Which tests go to one worker together is said in tests/fixtures/workers.py.
test: dev-environment
	@deploy/browser.sh
	@$(RUN) casework.translations
	@# Tests start the product in many processes; none of them need compile it again.
	@$(RUN) compileall -q casework config.py wsgi.py
	@# Nor need each worker make anew what pytest makes of the tests, also where the machine is told
	@# to keep nothing compiled: that is 8 seconds of each.
	PYTHONDONTWRITEBYTECODE= $(RUN) pytest -n 2 --dist loadgroup $(ARGS)
	@if compgen -G 'tests/js/*.test.js' >/dev/null; then deploy/js-tests.sh; fi

check: dev-environment
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	@if [ -d templates ]; then $(RUN) djlint templates --lint --quiet; fi
	$(RUN) casework.translations
	$(RUN) pytest -q tests/architecture/test_translations.py
	@if [ -d static/js ]; then deploy/scripts.sh; fi

# The tables of permissions and states, from the code.
docs: run-environment
	@DATA_DIR=$$(mktemp -d) SECRET_KEY=$$(printf "x%.0s" {1..40}) PYTHONPATH=. .venv/bin/python docs/tables.py

bench: dev-environment
	$(RUN) benchmarks $(ARGS)

translations: run-environment
	$(RUN) casework.translations

screenshots: dev-environment
	$(RUN) tests.browser.screenshots

run-environment:
	@$(PYTHON) deploy/environment.py

dev-environment:
	@$(PYTHON) deploy/environment.py --dev
