# Everything runs in a virtual environment of the checkout, created on first use.
PYTHON ?= python3
VENV ?= .venv
DEMO_ROOT ?= data/demo
DEMO_WORK ?= work_dirs/demo
PREDICT_WORK ?= work_dirs/predict
BENCHMARK_WORK ?= work_dirs/benchmark
# A video of a real face, which is not part of the project; without one it is skipped.
REAL_VIDEO ?=

BIN := $(VENV)/bin
CORE := $(VENV)/ready-core
STAMP := $(VENV)/ready
DEMO_CONFIG := configs/demo/slim_c3d_ecstfl.py
DEMO_BEST = "$$(ls -t $(DEMO_WORK)/best_acc_UAR_epoch_*.pth | head -n 1)"
HELD_OUT := $(DEMO_ROOT)/EmoLabel_DataSplit/test(single-labeled)/set_1.csv
BENCHMARKS := startup loading video interpolation loss
export DFEW_ROOT = $(DEMO_ROOT)
unexport DFEW_FOLD DFEW_SOURCE

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 22

# Experiments that take hours, and the environment with MMDetection.
include $(sort $(wildcard experiments/*.mk)) $(wildcard requirements/*.mk)

.PHONY: help env test test-all demo predict docs figures dist-check stack-check benchmark lint format clean

env: $(STAMP) ## set up $(VENV); PYTHON=… chooses the interpreter

# What the demo needs; $(STAMP) adds what tests and pages need.
$(CORE): requirements/core.txt requirements/no_deps.txt setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements/core.txt
	$(BIN)/python -m pip install --quiet --no-deps -r requirements/no_deps.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(STAMP): $(CORE) requirements/tested.txt
	$(BIN)/python -m pip install --quiet -r requirements/tested.txt
	touch $@

demo: $(CORE) ## create synthetic faces, train and test a network on them (11 minutes)
	$(BIN)/python tools/data/make_demo.py $(DEMO_ROOT)
	$(BIN)/mim train mmaction2 $(DEMO_CONFIG) --work-dir $(DEMO_WORK) --resume
	$(BIN)/python tools/test.py $(DEMO_CONFIG) $(DEMO_BEST) \
		--work-dir $(DEMO_WORK)/test --dump $(DEMO_WORK)/predictions.csv
	$(BIN)/python tools/analysis/plot_confusion_matrix.py \
		$(DEMO_WORK)/predictions.csv $(DEMO_WORK)/confusion_matrix.png
	@echo 'The table above scores the network on faces that were not in its training data.'
	@echo '  $(DEMO_WORK)/predictions.csv       scores of each clip'
	@echo '  $(DEMO_WORK)/confusion_matrix.png  confusion matrix'
	@echo '  $(DEMO_WORK)/best_acc_UAR_*.pth    the network'
	@echo 'The faces are synthetic: these are no scores on DFEW. To train on DFEW:'
	@echo '  DFEW_ROOT=data/DFEW $(BIN)/mim train mmaction2 configs/dfew/c3d_ecstfl.py'

# Exit status 1 of tools/predict.py: a video without a detectable face.
predict: PREDICT = $(BIN)/python tools/predict.py --speed --checkpoint $(PREDICT_WORK)/model/*.pth
predict: demo ## recognise expressions in videos with the network of `make demo`
	rm -rf $(PREDICT_WORK)/model
	$(BIN)/python tools/publish.py $(DEMO_CONFIG) $(DEMO_BEST) $(PREDICT_WORK)/model \
		--predictions $(DEMO_WORK)/predictions.csv --measure-alignment
	@echo 'Test videos, cropped to the face like the training data:'
	$(PREDICT) --out $(PREDICT_WORK)/faces --detector none --window all \
		$$(awk -F, 'NR > 1 && !seen[$$2]++ \
		{printf "$(DEMO_ROOT)/Clip/clip_224x224_avi/%05d.avi ", $$1}' '$(HELD_OUT)')
	@echo 'Uncropped videos through MTCNN (less accurate, see docs/predict.md):'
	$(PREDICT) --out $(PREDICT_WORK)/videos --window all $$(awk -F, 'NR > 1 && NR < 5 \
		{print "$(DEMO_ROOT)/Clip/original/" $$1 ".mp4"}' '$(HELD_OUT)') || test $$? -eq 1
	if test -f '$(REAL_VIDEO)'; then \
		echo 'A real video, by the packaged network (docs/real_faces.md):'; \
		$(BIN)/python tools/predict.py '$(REAL_VIDEO)' --window 1 --stride 0.25 \
			--smooth 0.3 --speed --out $(PREDICT_WORK)/real || test $$? -eq 1; \
	else echo 'No real video (set one by make predict REAL_VIDEO=video.mp4): skipped.'; fi
	@echo 'See $(PREDICT_WORK)/*/*/annotated.mp4. Both networks saw synthetic faces only.'

test: $(STAMP) ## run the quick tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow'

test-all: $(STAMP) ## run all tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

# The theme advertises its successors on each run, which is not a warning about the pages.
# Without --quiet, which would also hide warnings from --strict.
docs: $(STAMP) ## build the documentation as a site: site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo 'Open site/index.html; for its search: $(BIN)/python -m http.server -d site'

figures: $(STAMP) ## draw the figure of docs/ec_stfl.md
	$(BIN)/python docs/figures/draw_ec_stfl.py docs/images/ec_stfl.png

dist-check: ## build wheel and sdist, install the wheel elsewhere and use it
	$(PYTHON) tests/dist_check.py

stack-check: $(CORE) ## import all modules and do the main jobs once, on any Python
	$(BIN)/python -W ignore tests/stack_check.py

benchmark: $(STAMP) ## measure the speed against alternatives (docs/performance.md)
	for name in $(BENCHMARKS) training switches profile_step; do \
		$(BIN)/python benchmarks/$$name.py --out $(BENCHMARK_WORK)/$$name.json || exit 1; \
	done
	$(BIN)/python benchmarks/table.py --page docs/performance.md \
		$(BENCHMARKS:%=$(BENCHMARK_WORK)/%.json)
	$(BIN)/python benchmarks/table.py --page docs/training_speed.md \
		$(patsubst %,$(BENCHMARK_WORK)/%.json,training switches profile_step)
	$(BIN)/python benchmarks/scaling.py --page docs/scaling.md

lint: $(STAMP) ## check style, complexity, format and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/python -m mypy

format: $(STAMP) ## fix style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what the targets wrote, but not $(VENV)
	rm -rf site $(DEMO_ROOT) $(DEMO_WORK) $(LARGE_ROOT) $(LARGE_WORK) $(TRANSFER_ROOT) \
		$(TRANSFER_WORK) $(PREDICT_WORK) $(DEPLOY_WORK) $(BENCHMARK_WORK) data/benchmark \
		.pytest_cache .ruff_cache .mypy_cache
