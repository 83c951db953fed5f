# make demo   install and see the whole product work, offline
# make test   install and run all tests
# make check  ruff, mypy --strict, import rules
# make fuzz   search for inputs that crash or hang a parser (SECONDS=600 for each of nine families)
# make gate   score the shipped model on labelled texts against its floors
# make model  train the bundled model anew, as the mean of two runs (CORPORA=folder; two hours and a half on two cores)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPORA := ../shared/corpora
SECONDS := 600

.PHONY: demo test check fuzz gate model clean

demo: $(VENV)/installed
	$(BIN)/kb demo

test: $(VENV)/developer
	$(BIN)/pytest $(PYTEST)

check: $(VENV)/developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_imports.py

fuzz: $(VENV)/developer
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) $(FAMILIES)

gate: $(VENV)/developer
	$(BIN)/python -m tests.gate.eval_gate --corpora $(CORPORA)

model: $(VENV)/developer
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(BIN)/python -m training.train --corpora $(CORPORA) --out runs/one --epochs 8 --seed 1
	$(BIN)/python -m training.train --corpora $(CORPORA) --out runs/two --epochs 8 --seed 2
	$(BIN)/python -m training.average runs/one/model.pt runs/two/model.pt --out runs/model.pt
	$(BIN)/python -m training.export runs/model.pt --to kb/nlp/model
	$(BIN)/python -m training.judgement --corpora $(CORPORA) --diagram docs/reliability.svg

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/developer: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
