# Export of all networks at full size with random weights, then of two trained networks,
# also in 8 bits. Fills the tables of docs/deployment.md.
DEPLOY_WORK ?= work_dirs/deploy
DEPLOY_R3D18 := configs/demo/r3d18_ecstfl.py

.PHONY: deploy-table
deploy-table: demo ## export all networks: parity, speed, 8 bits (15 minutes)
	$(BIN)/mim train mmaction2 $(DEPLOY_R3D18) --work-dir $(DEPLOY_WORK)/r3d18 --resume
	$(BIN)/python benchmarks/deployment.py --out $(DEPLOY_WORK)/deployment.json \
		--trained $(DEMO_CONFIG) $(DEMO_BEST) --trained $(DEPLOY_R3D18) \
		"$$(ls -t $(DEPLOY_WORK)/r3d18/best_acc_UAR_epoch_*.pth | head -n 1)"
	$(BIN)/python benchmarks/table.py $(DEPLOY_WORK)/deployment.json --page docs/deployment.md
