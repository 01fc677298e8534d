# Does pretraining on faces of one style help on another? A network pretrained on synthetic
# faces of one style is fine-tuned on a smaller set of another style and compared with the
# same network from scratch, over five folds and two seeds. Writes docs/transfer/report.md.
TRANSFER_ROOT ?= data/transfer
TRANSFER_WORK ?= work_dirs/transfer
TRANSFER_JOBS ?= 2

.PHONY: transfer
transfer: $(STAMP) ## pretraining on one style of faces, fine-tuning on another (15 minutes)
	$(BIN)/python tools/data/make_demo.py $(TRANSFER_ROOT)/default --max-frames 16 \
		--num-clips 420 --num-identities 60 --unlabelled 0 --sources 16f \
		--layout csv $(TRANSFER_ROOT)/default_look
	$(BIN)/python tools/data/make_demo.py $(TRANSFER_ROOT)/other --max-frames 16 \
		--num-clips 210 --num-identities 30 --unlabelled 0 --sources 16f \
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
		--work-dir $(TRANSFER_WORK)/runs --title 'Fine-tuning on faces of another style' \
		--note 'Synthetic faces: these scores say nothing about DFEW or AFEW.'
	$(BIN)/python tools/analysis/transfer_table.py $(TRANSFER_WORK)/runs/report \
		--title 'Pretraining on one style of synthetic faces, fine-tuning on another' \
		--note 'Synthetic faces: these scores say nothing about DFEW or AFEW.' \
		--out docs/transfer/report.md
