# Everything runs in a virtual environment of the checkout, made on first use.
PYTHON ?= python3
VENV ?= .venv
DEMO_ROOT ?= data/demo
DEMO_WORK ?= work_dirs/demo

BIN := $(VENV)/bin
STAMP := $(VENV)/ready
DEMO_CONFIG := configs/demo/slim_c3d_ecstfl.py
export DFEW_ROOT = $(DEMO_ROOT)
unexport DFEW_FOLD

.PHONY: help env demo test lint format clean

help:
	@echo 'make demo   draw a demo set, train and test a network on it, draw its confusion matrix'
	@echo 'make test   run the tests'
	@echo 'make lint   check style and format; `make format` mends them'
	@echo 'make env    only set up $(VENV) (PYTHON=… chooses the interpreter)'

env: $(STAMP)

$(STAMP): requirements/tested.txt requirements/mim.txt setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements/tested.txt
	$(BIN)/python -m pip install --quiet --no-deps -r requirements/mim.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: $(STAMP)
	$(BIN)/python tools/data/make_demo.py $(DEMO_ROOT) --max-frames 40
	$(BIN)/mim train mmaction2 $(DEMO_CONFIG) --work-dir $(DEMO_WORK) --resume
	$(BIN)/python tools/test.py $(DEMO_CONFIG) \
		"$$(ls -t $(DEMO_WORK)/best_acc_UAR_epoch_*.pth | head -n 1)" \
		--work-dir $(DEMO_WORK)/test --dump $(DEMO_WORK)/predictions.csv
	$(BIN)/python tools/analysis/plot_confusion_matrix.py \
		$(DEMO_WORK)/predictions.csv $(DEMO_WORK)/confusion_matrix.png
	@echo
	@echo 'The network was tested on faces that it had not seen; the table is above.'
	@echo '  $(DEMO_WORK)/predictions.csv       scores of each clip'
	@echo '  $(DEMO_WORK)/confusion_matrix.png  what is taken for what'
	@echo '  $(DEMO_WORK)/best_acc_UAR_*.pth    the network'
	@echo 'These are drawn faces: the scores say that everything works, and nothing of DFEW.'
	@echo 'With DFEW in data/DFEW (https://dfew-dataset.github.io/):'
	@echo '  DFEW_ROOT=data/DFEW $(BIN)/mim train mmaction2 configs/dfew/c3d_ecstfl.py'

test: $(STAMP)
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(DEMO_ROOT) $(DEMO_WORK) .pytest_cache .ruff_cache
