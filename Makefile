# `make help` lists the targets. The work is done by devtools/.

PYTHON ?= python3
# -B: no bytecode outside .stack.
DEVTOOLS := $(PYTHON) -B -m devtools
#: Python of this Odoo and this database server.
PY := $(DEVTOOLS) exec python

VARIABLES := PYTHON DB PORT ODOO_SOURCE ODOO_GIT CUSTOMERS FILE ARGS
GIVEN := $(foreach pair,$(MAKEOVERRIDES),$(firstword $(subst =, ,$(pair))))
UNKNOWN := $(filter-out $(VARIABLES),$(GIVEN))
ifneq ($(UNKNOWN),)
$(error unknown variable $(UNKNOWN); known: $(VARIABLES))
endif

.DEFAULT_GOAL := help
.PHONY: help run setup update shell env test test-upstream lint i18n bench retail \
	stop clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' \
		$(firstword $(MAKEFILE_LIST))
	@echo "Variables: $(VARIABLES) (see README.md)"

run:  ## Serve the suite with demonstration data (DB, PORT)
	@$(DEVTOOLS) run

setup:  ## Only get Odoo, its Python packages and the database server
	@$(DEVTOOLS) setup

update:  ## Upgrade the suite's modules in the database
	@$(DEVTOOLS) update

shell:  ## Open Odoo's Python shell on the database
	@$(DEVTOOLS) shell

env:  ## Print shell exports: eval "$(make -s env)"
	@$(DEVTOOLS) env

test:  ## Run every test; the last line counts them
	@$(DEVTOOLS) test

test-upstream:  ## Run Odoo's own tests with the suite installed
	@$(DEVTOOLS) test-upstream

lint:  ## Check the code without running it
	@$(DEVTOOLS) lint

i18n:  ## Export the terms and merge the translations
	@$(DEVTOOLS) i18n

bench:  ## Measure the suite on large data (ARGS)
	@$(PY) -m bench $(ARGS)

retail:  ## Load the retail example (CUSTOMERS, FILE)
	@$(PY) -m retail $(if $(CUSTOMERS),--customers '$(CUSTOMERS)') \
		$(if $(FILE),--file '$(FILE)')

stop:  ## Stop Odoo and the private database server
	@$(DEVTOOLS) stop

clean:  ## Stop everything and remove .stack
	@$(DEVTOOLS) clean
