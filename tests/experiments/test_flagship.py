"""One epoch of ten clips by the command of experiments/flagship."""

import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_smoke(tmp_path, run):
    work = tmp_path / 'work'
    run(
        sys.executable, REPO / 'experiments' / 'flagship' / 'run.py', '--smoke',
        '--networks', 'resnet18_lstm', '--losses', 'ecstfl',
        '--data-root', tmp_path / 'data', '--work-dir', work,
    )  # fmt: skip
    text = (work / 'report' / 'training.md').read_text()
    assert 'resnet18_lstm_ecstfl, fold1_seed0' in text and 'Device: ' in text
    assert 'resnet18_lstm_ecstfl' in (work / 'report' / 'report.md').read_text()
