# `make run`: the site for development. `make test`: all tests. `make serve`: as in production. All write to .venv/, .static/, var/ and __pycache__ only.

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

# Compiled modules are kept where the environment says not to: each test process would compile all tests anew.
unexport PYTHONDONTWRITEBYTECODE

run manage serve serve-code: export SITE_URL ?= http://127.0.0.1:$(PORT)
run manage serve serve-code: export ALLOWED_HOSTS ?= 127.0.0.1,localhost
run manage serve serve-code: export STAFF_NOTIFY_TO ?= staff@clinic.example
run manage: export DEBUG ?= on

.PHONY: run set-up-run manage serve set-up-serve serve-code lint fast test any-day other-versions recipes bench audit drills image-test audit-packages lock clean
.DEFAULT_GOAL := run

# The compiled messages of each language, which are not kept in the repository.
MESSAGES := $(BIN)/pybabel --quiet compile --directory crc_site/locale --domain django

# One at a time: a second `make run` in this folder waits until the first has set it up.
SET_UP := mkdir -p var && $(PYTHON) crc_site/one_at_a_time.py var/set-up.lock $(MAKE) --no-print-directory

run:
	@$(SET_UP) set-up-run
	@echo "The site: http://127.0.0.1:$(PORT)/   Mail: var/mail/   Stop: Ctrl-C"
	@umask 077; . ./var/keys.env && exec $(BIN)/honcho start -f .procfiles/run -d . -p $(PORT)

# A command of manage.py with the settings of `make run`: make manage ARGS="add_staff ana --group Manager"
manage: .venv/installed var/keys.env
	@umask 077; . ./var/keys.env && $(BIN)/python manage.py $(ARGS)

set-up-run: .venv/installed var/keys.env
	@$(MESSAGES)
	@umask 077; . ./var/keys.env && $(BIN)/python manage.py migrate --verbosity 0 && $(BIN)/python manage.py seed_demo

serve:
	@$(SET_UP) set-up-serve
	@echo "The site: http://127.0.0.1:$(PORT)/   Staff: /admin/ with a code from 'make serve-code'   Stop: Ctrl-C"
	@umask 077; . ./var/keys.env && exec $(BIN)/honcho start -f .procfiles/serve -d . -p $(PORT)

set-up-serve: .venv/installed var/keys.env
	@$(MESSAGES)
	@umask 077; . ./var/keys.env && $(BIN)/python manage.py migrate --verbosity 0 \
	  && $(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0 \
	  && $(BIN)/python manage.py serve_login

serve-code: .venv/installed var/keys.env
	@. ./var/keys.env && $(BIN)/python manage.py serve_login --code

lint: .venv/installed-dev
	@$(BIN)/python -m tests.lint

# Tests that need no browser, server or PostgreSQL and are not slow, with a tenth of the generated examples, for the loop of a developer.
fast: export EXAMPLES_DIVISOR ?= 10
fast: .venv/installed-dev
	@$(MESSAGES)
	@$(BIN)/python -m pytest -n 2 -m "not browser and not text_browser and not server and not nginx and not recipe and not slow" --durations 5 --durations-min 0.5

# All tests on SQLite, then those that depend on the database on PostgreSQL. The last lines name what was skipped.
# Three processes: one of them usually waits for a browser. On PostgreSQL there are no browser tests.
test: .venv/installed-dev lint
	@$(MESSAGES)
	$(BIN)/python -m pytest -n 3 -m "not recipe"
	$(BIN)/python -m tests.on_postgresql --servers 2 -m pytest -n 2 -m "not browser and not server and not recipe"

# The recipes of the README, walked on copies of the tree; a quarter of an hour.
recipes: .venv/installed-dev
	@$(BIN)/python -m pytest -m recipe

# The tests on other days, in another time zone and on a busy machine; about a quarter of an hour.
any-day: .venv/installed-dev
	@$(MESSAGES)
	@$(BIN)/python -m tests.any_day

# The tests on newer releases of Python and Django, in environments of their own.
other-versions: .venv/installed-dev
	@$(MESSAGES)
	@$(BIN)/python -m tests.other_versions

# Ratios to a limit that is measured in the same run. The desk's takes minutes: it writes 100,000 inquiries twice.
bench: .venv/installed-dev
	@$(MESSAGES)
	@$(BIN)/python -m tests.bench; on_sqlite=$$?; \
	  $(BIN)/python -m tests.on_postgresql -m tests.bench questionnaire inbox && exit $$on_sqlite

# Lighthouse, axe, IBM's checker and html-validate on the site as in production; the programs come from npm, pinned.
audit: .venv/installed-dev
	@$(MESSAGES)
	@$(BIN)/python -m tests.audit

# The promises of the site, tested on real processes that are killed, flooded and starved: each figure beside its target.
drills: .venv/installed-dev
	@$(MESSAGES)
	@$(BIN)/python -m tests.drills; on_sqlite=$$?; \
	  $(BIN)/python -m tests.on_postgresql -m tests.drills && exit $$on_sqlite

# Builds and runs the container image without a container engine. Needs root, and names missing programs.
image-test: .venv/installed-dev
	@$(BIN)/python -m tests.image

# Whether a weakness of a pinned package is known. Needs the network, and says so if there is none.
audit-packages: .venv/installed-dev
	@$(BIN)/python -m tests.audit_packages

lock: .venv/installed-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group image -o requirements-image.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Install the package python3-venv first: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

var/keys.env: | .venv/installed
	@mkdir -p var && umask 077 && $(BIN)/python -m crc_site.generate_keys > $@.new && mv $@.new $@

clean:
	rm -rf .venv .static
