# A network for real faces, trained on rendered ones. FACE_MODEL is ict_facekit.npz or the
# folder of the OBJ files of ICT-FaceKit, which are not part of the project. Each step
# resumes after an interruption. The result is written to
# dfew_mmaction/inference/packaged.
FACE_MODEL ?= FaceXModel
REAL_FACES_ROOT ?= data/rendered
REAL_FACES_WORK ?= work_dirs/real_faces
FRAMES_CONFIG := configs/synthetic/resnet18_frames.py
REAL_FACES_CONFIG := configs/synthetic/resnet18_varied.py
RENDER = $(BIN)/python tools/data/make_synthetic.py --sources frames --unlabelled 0 \
	--face-model $(FACE_MODEL) --frame-step 8 --min-frames 32 --max-frames 64
PACK = $(BIN)/python tools/data/pack_dfew.py --source frames
PACKAGED := dfew_mmaction/inference/packaged
LAST = $$(cat $(REAL_FACES_WORK)/$(1)/last_checkpoint)
# Train by a config into a folder, from the weights of an earlier stage, or resume.
TRAIN_FROM = if test -f $(REAL_FACES_WORK)/$(2)/last_checkpoint; then how=--resume; \
	else how="--cfg-options load_from=$(call LAST,$(3))"; fi; \
	REAL_FACES_ROOT=$(REAL_FACES_ROOT) DFEW_ROOT=$(REAL_FACES_ROOT)/clips \
		DFEW_SOURCE=packed $(BIN)/python tools/train.py $(1) \
		--work-dir $(REAL_FACES_WORK)/$(2) $$how

.PHONY: real-faces
real-faces: $(STAMP) ## render faces, train the packaged network on them, publish it (hours)
	$(RENDER) $(REAL_FACES_ROOT)/apex --num-clips 24000 --num-identities 24000 \
		--folds 24 --apex-only --margin -0.08
	$(RENDER) $(REAL_FACES_ROOT)/wide --num-clips 8000 --num-identities 8000 \
		--folds 24 --apex-only --margin 0.2 --seed 3
	$(RENDER) $(REAL_FACES_ROOT)/calm --num-clips 4000 --num-identities 4000 \
		--folds 24 --apex-only --margin 0.2 --seed 4 --frame-step 16 \
		--style resting --imbalance neutral
	$(RENDER) $(REAL_FACES_ROOT)/varied --num-clips 10000 --num-identities 10000 \
		--folds 25 --apex-only --margin 0.2 --seed 5 --style varied
	$(RENDER) $(REAL_FACES_ROOT)/clips --num-clips 3000 --num-identities 3000 \
		--folds 12 --margin -0.08 --seed 2
	$(RENDER) $(REAL_FACES_ROOT)/other --num-clips 490 --num-identities 490 \
		--folds 2 --margin -0.08 --seed 1 --style other
	$(PACK) $(REAL_FACES_ROOT)/apex --scale 68
	$(PACK) $(REAL_FACES_ROOT)/wide --scale 96
	$(PACK) $(REAL_FACES_ROOT)/calm --scale 96
	$(PACK) $(REAL_FACES_ROOT)/varied --scale 96
	$(PACK) $(REAL_FACES_ROOT)/clips --scale 68
	DFEW_ROOT=$(REAL_FACES_ROOT)/apex DFEW_SOURCE=packed $(BIN)/python tools/train.py \
		configs/synthetic/resnet18_stills.py --work-dir $(REAL_FACES_WORK)/stills --resume
	$(call TRAIN_FROM,$(FRAMES_CONFIG),frames,stills)
	$(call TRAIN_FROM,$(REAL_FACES_CONFIG),varied,frames)
	$(MAKE) real-faces-publish

.PHONY: real-faces-publish
real-faces-publish:
	DFEW_ROOT=$(REAL_FACES_ROOT)/clips $(BIN)/python tools/test.py $(REAL_FACES_CONFIG) \
		$(call LAST,varied) --work-dir $(REAL_FACES_WORK)/test --dump $(REAL_FACES_WORK)/test.csv
	DFEW_ROOT=$(REAL_FACES_ROOT)/other $(BIN)/python tools/test.py $(REAL_FACES_CONFIG) \
		$(call LAST,varied) --work-dir $(REAL_FACES_WORK)/other --dump $(REAL_FACES_WORK)/other.csv
	rm -f $(PACKAGED)/*.safetensors $(PACKAGED)/*.onnx $(PACKAGED)/*.md
	DFEW_ROOT=$(REAL_FACES_ROOT)/clips $(BIN)/python tools/publish.py $(REAL_FACES_CONFIG) \
		$(call LAST,varied) $(PACKAGED) --name rendered_faces --safetensors \
		--predictions $(REAL_FACES_WORK)/test.csv --measure-alignment \
		--note "$$(cat experiments/real_faces/card_note.md)"
	model=$$(ls $(PACKAGED)/*.safetensors) && \
		$(BIN)/python tools/deploy/export.py $$model $${model%.safetensors}.onnx

# The last epochs of the second stage, with and without EC-STFL.
.PHONY: real-faces-losses
real-faces-losses: ## train the packaged network's second stage with and without EC-STFL
	REAL_FACES_ROOT=$(REAL_FACES_ROOT) DFEW_ROOT=$(REAL_FACES_ROOT)/clips DFEW_SOURCE=packed \
		$(BIN)/python tools/cross_validate.py $(FRAMES_CONFIG) \
		experiments/real_faces/resnet18_frames_ecstfl.py --folds 1 --seeds 0 \
		--work-dir $(REAL_FACES_WORK)/losses --cfg-options load_from=$(call LAST,stills) \
		train_cfg.max_epochs=3 train_cfg.val_interval=3 param_scheduler.0.total_steps=3
