# A network for real faces, trained on rendered ones. FACE_MODEL is ict_facekit.npz or the
# folder of the OBJ files of ICT-FaceKit, which are not part of the project. Each step goes
# on where it stopped. The result goes to dfew_mmaction/inference/packaged.
FACE_MODEL ?= ../shared/data/face_model/ict_facekit.npz
REAL_FACES_ROOT ?= data/rendered
REAL_FACES_WORK ?= work_dirs/real_faces
REAL_FACES_CONFIG := configs/synthetic/resnet18_frames.py
RENDER = $(BIN)/python tools/data/make_synthetic.py --face-model $(FACE_MODEL) \
	--frame-step 8 --min-frames 32 --max-frames 64 --unlabelled 0 --sources frames
PACKAGED := dfew_mmaction/inference/packaged

.PHONY: real-faces
real-faces: $(STAMP) ## render faces, train the packaged network on them, publish it (hours)
	$(RENDER) $(REAL_FACES_ROOT)/train --num-clips 6000 --num-identities 6000 --folds 12
	$(RENDER) $(REAL_FACES_ROOT)/other --num-clips 490 --num-identities 490 --folds 2 \
		--style other --seed 1
	$(BIN)/python tools/data/pack_dfew.py $(REAL_FACES_ROOT)/train --source frames --scale 80
	DFEW_ROOT=$(REAL_FACES_ROOT)/train DFEW_SOURCE=packed $(BIN)/python tools/train.py \
		$(REAL_FACES_CONFIG) --work-dir $(REAL_FACES_WORK)/train --resume
	$(MAKE) real-faces-publish

.PHONY: real-faces-publish
real-faces-publish: LAST = "$$(cat $(REAL_FACES_WORK)/train/last_checkpoint)"
real-faces-publish:
	DFEW_ROOT=$(REAL_FACES_ROOT)/train $(BIN)/python tools/test.py $(REAL_FACES_CONFIG) \
		$(LAST) --work-dir $(REAL_FACES_WORK)/test --dump $(REAL_FACES_WORK)/test.csv
	DFEW_ROOT=$(REAL_FACES_ROOT)/other $(BIN)/python tools/test.py $(REAL_FACES_CONFIG) \
		$(LAST) --work-dir $(REAL_FACES_WORK)/other --dump $(REAL_FACES_WORK)/other.csv
	rm -f $(PACKAGED)/*.safetensors $(PACKAGED)/*.onnx $(PACKAGED)/*.md
	DFEW_ROOT=$(REAL_FACES_ROOT)/train $(BIN)/python tools/publish.py $(REAL_FACES_CONFIG) \
		$(LAST) $(PACKAGED) --name rendered_faces --safetensors \
		--predictions $(REAL_FACES_WORK)/test.csv \
		--note "$$(cat experiments/real_faces/card_note.md)"
	model=$$(ls $(PACKAGED)/*.safetensors) && \
		$(BIN)/python tools/deploy/export.py $$model $${model%.safetensors}.onnx
