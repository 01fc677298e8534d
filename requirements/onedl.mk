# An environment with the maintained forks onedl-mmengine and onedl-mmcv.
VENV_ONEDL ?= .venv-onedl
BIN_ONEDL := $(VENV_ONEDL)/bin
STAMP_ONEDL := $(VENV_ONEDL)/ready
TESTS_ONEDL := $(addprefix tests/,compat test_doctor.py models evaluation datasets \
	engine cross_validation weights tools/test_train_test.py \
	tools/test_train_settings.py)

.PHONY: env-onedl test-onedl
env-onedl: $(STAMP_ONEDL) ## the same on onedl-mmengine and onedl-mmcv

# mmcv is built in isolation: without torch it builds as pure Python.
$(STAMP_ONEDL): requirements/onedl.txt requirements/core.txt requirements/tested.txt \
		requirements/no_deps.txt
	test -x $(BIN_ONEDL)/python || $(PYTHON) -m venv $(VENV_ONEDL)
	$(BIN_ONEDL)/python -m pip install --quiet --upgrade pip
	cat requirements/core.txt requirements/tested.txt \
		| grep -Ev '^(-r|mmcv-lite|mmengine)' \
		| $(BIN_ONEDL)/python -m pip install --quiet -r /dev/stdin
	$(BIN_ONEDL)/python -m pip install --quiet -r requirements/onedl.txt
	$(BIN_ONEDL)/python -m pip install --quiet --no-deps -r requirements/no_deps.txt
	$(BIN_ONEDL)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

test-onedl: $(STAMP_ONEDL) ## run the tests of training and scoring on that stack
	OMP_NUM_THREADS=1 $(BIN_ONEDL)/python -m pytest -n 2 --dist loadfile $(TESTS_ONEDL)
