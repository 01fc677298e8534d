# A P3D and a CNN+LSTM on a larger synthetic set, next to the network of `make demo`.
# Writes docs/demo_networks.md.
LARGE_ROOT ?= data/demo_large
LARGE_WORK ?= work_dirs/demo_networks

.PHONY: demo-networks
demo-networks: demo ## train a P3D and a CNN+LSTM on a larger set (half an hour)
	$(BIN)/python tools/data/make_demo.py $(LARGE_ROOT) --max-frames 40 \
		--num-clips 2100 --num-identities 300 --sources 16f
	for network in p3d resnet18_lstm; do \
		DFEW_ROOT=$(LARGE_ROOT) $(BIN)/mim train mmaction2 configs/demo/$${network}_ecstfl.py \
			--work-dir $(LARGE_WORK)/$${network}_ecstfl --resume || exit 1; \
	done
	$(BIN)/python tools/analysis/summarize_training.py $(DEMO_WORK) \
		$(LARGE_WORK)/p3d_ecstfl $(LARGE_WORK)/resnet18_lstm_ecstfl \
		--title 'Networks on the demo set' --out docs/demo_networks.md --note \
		"The demo set (\`tools/data/make_demo.py\`) consists of drawn faces that move: a \
	person shows one of the seven expressions, and also moves the head, blinks and speaks. \
	It has the folder layout, votes and lists of DFEW; test identities are not in the \
	training part." \
		"These are the logs of the networks in [configs/demo](../configs/demo/README.md); \
	\`demo\` is \`slim_c3d_ecstfl\`, which \`make demo\` trains. The first network was trained \
	on fewer clips than the others: the tables do not compare networks, and say nothing \
	about DFEW. \`make demo-networks\` writes this page."
