# Everything runs in a virtual environment of the checkout, made on first use.
PYTHON ?= python3
VENV ?= .venv
VENV_MMDET ?= .venv-mmdet
DEMO_ROOT ?= data/demo
DEMO_WORK ?= work_dirs/demo

BIN := $(VENV)/bin
STAMP := $(VENV)/ready
BIN_MMDET := $(VENV_MMDET)/bin
STAMP_MMDET := $(VENV_MMDET)/ready
DEMO_CONFIG := configs/demo/slim_c3d_ecstfl.py
export DFEW_ROOT = $(DEMO_ROOT)
unexport DFEW_FOLD DFEW_SOURCE

LARGE_ROOT ?= data/demo_large
LARGE_WORK ?= work_dirs/demo_networks
TRANSFER_ROOT ?= data/transfer
TRANSFER_WORK ?= work_dirs/transfer
TRANSFER_JOBS ?= 2

DEPLOY_WORK ?= work_dirs/deploy
PREDICT_WORK ?= work_dirs/predict
HELD_OUT := $(DEMO_ROOT)/EmoLabel_DataSplit/test(single-labeled)/set_1.csv
# A video of a real face, which is no part of the project; without one it is skipped.
REAL_VIDEO ?= ../shared/data/videos/single_face.mp4

.PHONY: help env demo predict deploy-table demo-networks transfer \
	env-mmdet test-mmdet test docs figures dist-check benchmark lint format clean

help:
	@echo 'make demo   draw a demo set, train and test a network on it, draw its confusion matrix'
	@echo 'make deploy-table  export all networks: parity, speed, 8 bits (a quarter of an hour)'
	@echo 'make predict  then name the emotions in videos that it has not seen'
	@echo 'make demo-networks  then train a P3D and a CNN+LSTM on a larger set (half an hour)'
	@echo 'make transfer  does pretraining on one look of faces help on another (15 minutes)'
	@echo 'make test   run the tests'
	@echo 'make docs   build the documentation as a site: site/index.html'
	@echo 'make dist-check  build wheel and sdist, install and use the wheel elsewhere'
	@echo 'make benchmark  speed beside what people use instead (docs/performance.md)'
	@echo 'make lint   check style and format; `make format` mends them'
	@echo 'make test-mmdet  with MMDetection as the face detector (compiles mmcv: 20 minutes)'
	@echo 'make env    only set up $(VENV) (PYTHON=… chooses the interpreter)'

env: $(STAMP)

$(STAMP): requirements/tested.txt requirements/no_deps.txt setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements/tested.txt
	$(BIN)/python -m pip install --quiet --no-deps -r requirements/no_deps.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# MMDetection needs the full mmcv, which is compiled here: twenty minutes on two cores.
env-mmdet: $(STAMP_MMDET)

$(STAMP_MMDET): requirements/mmdet_build.txt requirements/mmdet.txt \
		requirements/tested.txt requirements/no_deps.txt
	test -x $(BIN_MMDET)/python || $(PYTHON) -m venv $(VENV_MMDET)
	$(BIN_MMDET)/python -m pip install --quiet --upgrade pip
	$(BIN_MMDET)/python -m pip install --quiet -r requirements/mmdet_build.txt
	MMCV_WITH_OPS=1 $(BIN_MMDET)/python -m pip install --quiet \
		--no-build-isolation -r requirements/mmdet.txt
	grep -Ev '^(mmcv-lite|setuptools)' requirements/tested.txt \
		| $(BIN_MMDET)/python -m pip install --quiet -r /dev/stdin
	$(BIN_MMDET)/python -m pip install --quiet --no-deps -r requirements/no_deps.txt
	$(BIN_MMDET)/python -m pip install --quiet --no-deps --no-build-isolation \
		--editable .
	touch $@

test-mmdet: $(STAMP_MMDET)
	$(BIN_MMDET)/python -m pytest tests/mmdet

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

# A model file of the demo network, on one held-out video of each emotion, on whole videos, and
# on a real one where there is one. Status 1 says that a video had no face.
predict: PREDICT = $(BIN)/python tools/predict.py --speed --checkpoint $(PREDICT_WORK)/model/*.pth
predict: demo
	rm -rf $(PREDICT_WORK)/model
	$(BIN)/python tools/publish.py $(DEMO_CONFIG) \
		"$$(ls -t $(DEMO_WORK)/best_acc_UAR_epoch_*.pth | head -n 1)" \
		$(PREDICT_WORK)/model --predictions $(DEMO_WORK)/predictions.csv \
		--measure-alignment
	@echo 'Held-out videos, cut to the face as those that it learned from:'
	$(PREDICT) --out $(PREDICT_WORK)/faces --detector none --window all \
		$$(awk -F, 'NR > 1 && !seen[$$2]++ \
		{printf "$(DEMO_ROOT)/Clip/clip_224x224_avi/%05d.avi ", $$1}' '$(HELD_OUT)')
	@echo 'Whole videos, through MTCNN (worse, see docs/predict.md, "The alignment matters"):'
	$(PREDICT) --out $(PREDICT_WORK)/videos --window all $$(awk -F, 'NR > 1 && NR < 5 \
		{print "$(DEMO_ROOT)/Clip/original/" $$1 ".mp4"}' '$(HELD_OUT)') || test $$? -eq 1
	if test -f '$(REAL_VIDEO)'; then \
		$(PREDICT) '$(REAL_VIDEO)' --window 1 --stride 0.25 --smooth 0.3 \
			--out $(PREDICT_WORK)/real || test $$? -eq 1; \
	else echo 'There is no real video (make predict REAL_VIDEO=video.mp4 takes one): skipped.'; fi
	@echo
	@echo 'Look at $(PREDICT_WORK)/*/*/annotated.mp4 and timelines.png; the model is'
	@echo 'in $(PREDICT_WORK)/model. It was trained on drawn faces: what it says of a real one'
	@echo 'shows that the way from video to curve works, and nothing about that face.'

# All networks at full size with random weights, then two trained ones, in 8 bits besides.
deploy-table: demo
	$(BIN)/mim train mmaction2 configs/demo/r3d18_ecstfl.py \
		--work-dir $(DEPLOY_WORK)/r3d18 --resume
	$(BIN)/python benchmarks/deployment.py --out $(DEPLOY_WORK)/deployment.json \
		--trained $(DEMO_CONFIG) \
		"$$(ls -t $(DEMO_WORK)/best_acc_UAR_epoch_*.pth | head -n 1)" \
		--trained configs/demo/r3d18_ecstfl.py \
		"$$(ls -t $(DEPLOY_WORK)/r3d18/best_acc_UAR_epoch_*.pth | head -n 1)"
	$(BIN)/python benchmarks/table.py $(DEPLOY_WORK)/deployment.json \
		--page docs/deployment.md

demo-networks: demo
	$(BIN)/python tools/data/make_demo.py $(LARGE_ROOT) --max-frames 40 \
		--num-clips 2100 --num-identities 300 --sources 16f
	for network in p3d resnet18_lstm; do \
		DFEW_ROOT=$(LARGE_ROOT) $(BIN)/mim train mmaction2 \
			configs/demo/$${network}_ecstfl.py \
			--work-dir $(LARGE_WORK)/$${network}_ecstfl --resume || exit 1; \
	done
	$(BIN)/python tools/analysis/summarize_training.py $(DEMO_WORK) \
		$(LARGE_WORK)/p3d_ecstfl $(LARGE_WORK)/resnet18_lstm_ecstfl \
		--title 'Networks on the demo set' --out docs/demo_networks.md

# Pretrained on faces of one look, fine-tuned on a smaller set of another, against the same
# network from scratch, over five folds and two seeds.
transfer: $(STAMP)
	$(BIN)/python tools/data/make_demo.py $(TRANSFER_ROOT)/default --max-frames 16 \
		--num-clips 420 --num-identities 60 --unlabeled 0 --sources 16f \
		--layout csv $(TRANSFER_ROOT)/default_look
	$(BIN)/python tools/data/make_demo.py $(TRANSFER_ROOT)/other --max-frames 16 \
		--num-clips 210 --num-identities 30 --unlabeled 0 --sources 16f \
		--style other --seed 1 --layout csv $(TRANSFER_ROOT)/other_look
	EXPRESSION_ROOT=$(TRANSFER_ROOT)/default_look $(BIN)/python tools/cross_validate.py \
		configs/demo/transfer/c3d.py --folds 1 --work-dir $(TRANSFER_WORK)/pretraining \
		--cfg-options train_cfg.max_epochs=12 train_cfg.val_interval=12 \
		param_scheduler.0.total_steps=12
	cp $(TRANSFER_WORK)/pretraining/c3d/fold1_seed0/train/epoch_12.pth \
		$(TRANSFER_WORK)/default_look.pth
	EXPRESSION_ROOT=$(TRANSFER_ROOT)/other_look $(BIN)/python tools/cross_validate.py \
		configs/demo/transfer/c3d.py --seeds 0 1 --jobs $(TRANSFER_JOBS) \
		--grid load_from=null,$(TRANSFER_WORK)/default_look.pth \
		--work-dir $(TRANSFER_WORK)/runs --title 'Fine-tuning on faces of another look' \
		--note 'Drawn faces: no score here speaks of DFEW or AFEW.'
	$(BIN)/python tools/analysis/transfer_table.py $(TRANSFER_WORK)/runs/report \
		--title 'Pretraining on one look of drawn faces, used on another' \
		--note 'Drawn faces: no score here speaks of DFEW or AFEW.' \
		--out docs/transfer/report.md

# Two processes, each of which computes on one core.
test: $(STAMP)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

# The theme tells of its successors on each run, which is no warning about the pages.
docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs --quiet build --strict
	@echo 'Open site/index.html; for its search: $(BIN)/python -m http.server -d site'

# The figure of docs/ec_stfl.md, drawn anew; the site is built from what is committed.
figures: $(STAMP)
	$(BIN)/python docs/figures/draw_ec_stfl.py docs/images/ec_stfl.png

# Wheel and sdist, from a copy, in environments of their own; nothing of this one is used.
dist-check:
	$(PYTHON) tests/dist_check.py

# Contenders take turns in each; nothing else should run beside it.
BENCHMARKS := startup loading video interpolation loss
BENCHMARK_WORK ?= work_dirs/benchmark
benchmark: $(STAMP)
	for name in $(BENCHMARKS) training switches profile_step; do \
		$(BIN)/python benchmarks/$$name.py --out $(BENCHMARK_WORK)/$$name.json || exit 1; \
	done
	$(BIN)/python benchmarks/table.py --page docs/performance.md \
		$(BENCHMARKS:%=$(BENCHMARK_WORK)/%.json)
	$(BIN)/python benchmarks/table.py --page docs/training_speed.md \
		$(BENCHMARK_WORK)/training.json $(BENCHMARK_WORK)/switches.json \
		$(BENCHMARK_WORK)/profile_step.json
	$(BIN)/python benchmarks/scaling.py --page docs/scaling.md

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf site $(DEMO_ROOT) $(DEMO_WORK) $(LARGE_ROOT) $(LARGE_WORK) \
		$(TRANSFER_ROOT) $(TRANSFER_WORK) \
		$(PREDICT_WORK) $(DEPLOY_WORK) $(BENCHMARK_WORK) data/benchmark \
		.pytest_cache .ruff_cache
