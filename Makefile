# Two commands do everything: `make run` (lab and daemon, live) and `make test`. Needs Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3
ARGS ?=

SHORT := -m "not realnet and not sweep and not browser"

.PHONY: run test check bench soak sweep realnet browser screenshots clean

run: $(VENV)/.installed  ## the lab of 149 sites and the daemon, with a live summary; ARGS="--for 60"
	@$(BIN)/noc demo $(ARGS)

test: $(VENV)/.installed-dev  ## every test this machine can run in minutes; those it cannot say why they are skipped
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(SHORT) $(ARGS)

check: $(VENV)/.installed-dev  ## style, types, import arrows, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(SHORT) $(ARGS)

bench: $(VENV)/.installed-bench  ## every bench, with ratios against a named baseline of the same run
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

soak: $(VENV)/.installed-dev  ## kill -9 the daemon, the store in each of its steps, and what sends to InfluxDB, 100 times
	$(BIN)/python -m pytest -m soak tests/noc/test_soak.py tests/noc/store/test_kills.py tests/noc/influx/test_shipping.py \
		--kills=100 -s $(ARGS)

sweep: $(VENV)/.installed-dev  ## every shipped scenario with every seed, the largest network, properties with many examples
	NOC_TESTS=thorough $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "(sweep or thorough) and not realnet" $(ARGS)

realnet: $(VENV)/.installed-dev  ## real routers in network namespaces, and every fault among them; root
	$(BIN)/python -m pytest -m realnet -s $(ARGS)

browser: $(VENV)/.installed-dev  ## every page in a real Chromium, and two faults watched on the wallboard
	$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

screenshots: $(VENV)/.installed-dev  ## the pictures of README and docs, from a lab with two faults in it
	$(BIN)/python -m tests.browser.screenshots docs/pictures $(ARGS)

clean:
	rm -rf $(VENV) demo noc.toml .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

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
