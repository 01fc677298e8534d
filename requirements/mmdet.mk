# An environment with MMDetection, which needs the full mmcv. No wheel of it exists for
# this torch: it is compiled, in twenty minutes on two cores.
VENV_MMDET ?= .venv-mmdet
BIN_MMDET := $(VENV_MMDET)/bin
STAMP_MMDET := $(VENV_MMDET)/ready

.PHONY: env-mmdet test-mmdet
env-mmdet: $(STAMP_MMDET) ## the same with MMDetection, which compiles mmcv (20 minutes)

$(STAMP_MMDET): requirements/mmdet_build.txt requirements/mmdet.txt \
		requirements/core.txt requirements/tested.txt requirements/no_deps.txt
	test -x $(BIN_MMDET)/python || $(PYTHON) -m venv $(VENV_MMDET)
	$(BIN_MMDET)/python -m pip install --quiet --upgrade pip
	$(BIN_MMDET)/python -m pip install --quiet -r requirements/mmdet_build.txt
	MMCV_WITH_OPS=1 $(BIN_MMDET)/python -m pip install --quiet \
		--no-build-isolation -r requirements/mmdet.txt
	cat requirements/core.txt requirements/tested.txt \
		| grep -Ev '^(-r|mmcv-lite|setuptools)' \
		| $(BIN_MMDET)/python -m pip install --quiet -r /dev/stdin
	$(BIN_MMDET)/python -m pip install --quiet --no-deps -r requirements/no_deps.txt
	$(BIN_MMDET)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

test-mmdet: $(STAMP_MMDET) ## run the tests of the MMDetection detector
	$(BIN_MMDET)/python -m pytest tests/mmdet
