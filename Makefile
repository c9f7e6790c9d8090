# The verbs of the book. Each is one line; what it does is in press/.
#
#   make html                                  the whole book, in the sample profile
#   make html CHAPTER=preliminaries            one chapter
#   make test SECTION=preliminaries/ndarray    one section
#   make html PROFILE=full HUB=public          the book's own sizes, the real data
#
# JOBS=n       workers (default: one for each core)
# CLUSTER=tcp://host:8786   a Dask cluster in place of local workers
# PYTHON=python3.12         the Python that .venv is made with

.DEFAULT_GOAL := help
REQUIREMENTS ?= requirements.txt
PRESS := .venv/bin/python -m press
export CHAPTER SECTION PROFILE HUB JOBS CLUSTER PORT REPOSITORY

.PHONY: help venv html test pdf epub serve lab lib figures samples run test-site bench lint lock clean

help:  ## say what the verbs are
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv:  ## set up .venv from the lock file
	@$(or $(PYTHON),python3) press/venv.py $(REQUIREMENTS) $(if $(PYTHON),--exactly)

html: venv  ## run what changed and render the site into _build/html
	@$(PRESS) html

test: venv  ## prove the book: unit tests, then every section once more, compared
	@$(PRESS) test

pdf: venv  ## the book as one PDF (needs LaTeX)
	@$(PRESS) pdf

epub: venv  ## the book as an EPUB
	@$(PRESS) epub

serve: venv  ## open the site that `make html` rendered
	@$(PRESS) serve

lab: venv  ## open the sections as notebooks in JupyterLab
	@$(PRESS) lab

lib: venv  ## write d2l/mxnet.py from the sections
	@$(PRESS) lib

figures: venv  ## draw the drawings
	@$(PRESS) figures

samples: venv  ## make the sample data sets
	@$(PRESS) samples

run: venv  ## run the sections that changed, without rendering
	@$(PRESS) run

test-site: venv  ## read the pages in a real browser (needs Chromium)
	@$(PRESS) test-site

bench: venv  ## measure speed against the plain way
	@$(PRESS) bench

lint: venv  ## check style, workflows and that d2l/mxnet.py is current
	@$(PRESS) lint

lock: venv  ## write requirements.txt from requirements.in
	@$(PRESS) lock

clean:  ## remove all that was built; .venv stays
	@rm -rf _build dist *.egg-info .pytest_cache .ruff_cache
