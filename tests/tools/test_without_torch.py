"""Tools where torch and MMAction2 are not installed."""

import json
import os
import re
import subprocess
import sys
import urllib.request

import numpy as np
import pytest

HIDE = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec


def find_spec(name, path=None, target=None):
    if name.split('.')[0] in ('torch', 'torchvision', 'mmaction', 'mmcv'):
        return None
    return find(name, path, target)


PathFinder.find_spec = find_spec
"""


@pytest.fixture
def without_torch(tmp_path):
    """Environment variables that hide the packages."""
    (tmp_path / 'sitecustomize.py').write_text(HIDE)
    return dict(os.environ, PYTHONPATH=str(tmp_path))


@pytest.fixture
def run_without_torch(without_torch, repo):
    def run(tool, *args):
        return subprocess.run(
            [sys.executable, repo / 'tools' / tool, *args],
            env=without_torch, capture_output=True, text=True,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    ('tool', 'missing'),
    [
        ('train.py', 'torch'),
        ('convert_weights.py', 'torch'),
        ('data/pack_dfew.py', 'mmaction'),
        ('deploy/export.py', 'torch'),
    ],
)
def test_tools_that_need_it_name_it(run_without_torch, tool, missing):
    done = run_without_torch(tool, 'x', 'y')
    assert done.returncode == 2
    assert done.stdout == ''
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        f"error: '{missing}' is not installed, which this command needs: "
        '`python -m dfew_mmaction doctor` lists'
    )


def test_prediction_works_with_a_detector_that_does_not_need_it(
    run_without_torch, tmp_path
):
    """By the packaged network, in ONNX Runtime."""
    pytest.importorskip('onnxruntime')
    frames = np.random.default_rng(0).integers(0, 255, (8, 64, 64, 3), np.uint8)
    folder = tmp_path / 'clip'
    folder.mkdir()
    import cv2

    for number, frame in enumerate(frames):
        cv2.imwrite(str(folder / f'{number}.png'), frame)
    out = tmp_path / 'out'
    done = run_without_torch('predict.py', folder, '--out', out)
    assert done.returncode == 2
    assert "the detector 'mtcnn' needs PyTorch" in done.stderr
    assert not out.exists() or not any(out.iterdir())
    done = run_without_torch('predict.py', folder, '--out', out, '--detector', 'none')
    assert done.returncode == 0, done.stderr
    assert (out / 'clip' / 'timelines.json').is_file()


def test_the_page_works_with_a_detector_that_does_not_need_it(
    run_without_torch, without_torch, repo, video, red_to_blue, tmp_path
):
    pytest.importorskip('onnxruntime')
    pytest.importorskip('uvicorn', reason='needs uvicorn')
    done = run_without_torch('web_demo.py', '--port', '0')
    assert done.returncode == 2
    assert "the detector 'mtcnn' needs PyTorch" in done.stderr
    clip = video(tmp_path / 'clip.mp4', red_to_blue).read_bytes()
    page = subprocess.Popen(
        [sys.executable, 'tools/web_demo.py', '--port', '0', '--detector', 'none'],
        cwd=repo, stdout=subprocess.PIPE, text=True, env=without_torch,
    )  # fmt: skip
    try:
        address = re.match(r'(http://127\.0\.0\.1:\d+) ', page.stdout.readline())[1]
        request = urllib.request.Request(
            f'{address}/analyses', clip, {'X-File-Name': 'clip.mp4'}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            *_, last = map(json.loads, answer)
        assert 'error' not in last
        place = f'{address}/{last["links"]["timelines.json"]}'
        with urllib.request.urlopen(place, timeout=60) as answer:
            (face,) = json.load(answer)['faces']
        assert np.shape(face['probabilities']) == (len(face['starts']), 7)
    finally:
        page.terminate()
        page.wait(60)
