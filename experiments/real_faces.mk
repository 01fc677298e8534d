# A network for real faces, trained on rendered ones. FACE_MODEL is ict_facekit.npz or the
# folder of the OBJ files of ICT-FaceKit, which are not part of the project. Each step
# resumes after an interruption. The result is written to
# dfew_mmaction/inference/packaged.
FACE_MODEL ?= ../shared/data/face_model/ict_facekit.npz
REAL_FACES_ROOT ?= data/rendered
REAL_FACES_WORK ?= work_dirs/real_faces
REAL_FACES_CONFIG := configs/synthetic/resnet18_frames.py
RENDER = $(BIN)/python tools/data/make_synthetic.py --face-model $(FACE_MODEL) --margin -0.08 \
	--frame-step 8 --min-frames 32 --max-frames 64 --unlabelled 0 --sources frames
PEOPLE := --num-clips 6000 --num-identities 6000 --folds 12
PACKAGED := dfew_mmaction/inference/packaged
LAST = $$(cat $(REAL_FACES_WORK)/$(1)/last_checkpoint)

.PHONY: real-faces
real-faces: $(STAMP) ## render faces, train the packaged network on them, publish it (hours)
	$(RENDER) $(REAL_FACES_ROOT)/apex $(PEOPLE) --apex-only
	$(RENDER) $(REAL_FACES_ROOT)/clips $(PEOPLE)
	$(RENDER) $(REAL_FACES_ROOT)/other --num-clips 490 --num-identities 490 --folds 2 \
		--style other --seed 1
	for set in apex clips; do \
		$(BIN)/python tools/data/pack_dfew.py $(REAL_FACES_ROOT)/$$set --source frames \
			--scale 68 || exit 1; \
	done
	DFEW_ROOT=$(REAL_FACES_ROOT)/apex DFEW_SOURCE=packed $(BIN)/python tools/train.py \
		configs/synthetic/resnet18_stills.py --work-dir $(REAL_FACES_WORK)/stills --resume
	if test -f $(REAL_FACES_WORK)/frames/last_checkpoint; then how=--resume; \
	else how="--cfg-options load_from=$(call LAST,stills)"; fi; \
	DFEW_ROOT=$(REAL_FACES_ROOT)/clips DFEW_SOURCE=packed $(BIN)/python tools/train.py \
		$(REAL_FACES_CONFIG) --work-dir $(REAL_FACES_WORK)/frames $$how
	$(MAKE) real-faces-publish

.PHONY: real-faces-publish
real-faces-publish:
	DFEW_ROOT=$(REAL_FACES_ROOT)/clips $(BIN)/python tools/test.py $(REAL_FACES_CONFIG) \
		$(call LAST,frames) --work-dir $(REAL_FACES_WORK)/test --dump $(REAL_FACES_WORK)/test.csv
	DFEW_ROOT=$(REAL_FACES_ROOT)/other $(BIN)/python tools/test.py $(REAL_FACES_CONFIG) \
		$(call LAST,frames) --work-dir $(REAL_FACES_WORK)/other --dump $(REAL_FACES_WORK)/other.csv
	rm -f $(PACKAGED)/*.safetensors $(PACKAGED)/*.onnx $(PACKAGED)/*.md
	DFEW_ROOT=$(REAL_FACES_ROOT)/clips $(BIN)/python tools/publish.py $(REAL_FACES_CONFIG) \
		$(call LAST,frames) $(PACKAGED) --name rendered_faces --safetensors \
		--predictions $(REAL_FACES_WORK)/test.csv --measure-alignment \
		--note "$$(cat experiments/real_faces/card_note.md)"
	model=$$(ls $(PACKAGED)/*.safetensors) && \
		$(BIN)/python tools/deploy/export.py $$model $${model%.safetensors}.onnx
