import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.inference.live import TITLE, draw_live, predict_live, show_live
from dfew_mmaction.visualization.face_overlay import FaceOverlay


class Looped:
    """Frames in a loop at a constant rate, like a camera."""

    def __init__(self, frames, count, fps=100):
        self.frames, self.count, self.fps = frames, count, fps
        self.given, self.begin = 0, time.monotonic()

    def read(self):
        if self.given == self.count:
            return False, None
        time.sleep(max(0, self.begin + self.given / self.fps - time.monotonic()))
        self.given += 1
        return True, self.frames[self.given % len(self.frames)][..., ::-1]


@pytest.fixture
def inferencer(colors):
    return ExpressionInferencer(colors, detector='none', window=0.2, stride=0.1)


def test_slow_work_drops_frames_and_keeps_up(inferencer, red_to_blue):
    camera, seen = Looped(red_to_blue[:20], 100), []
    for frame in predict_live(inferencer, camera):
        time.sleep(0.03)  # slower than the camera
        seen.append(frame)
    assert len(seen) + seen[-1].dropped in (99, 100) and seen[-1].dropped > 20
    assert [frame.index for frame in seen] == list(range(len(seen)))
    # Nothing waits in a queue: the time of a frame is that of its arrival.
    waited = [frame.latency for frame in seen]
    assert max(waited[-5:]) < 1  # a queue would make it two seconds
    assert seen[0].faces[0].now is None  # no window is complete yet
    overlay = FaceOverlay(seen[0].picture.shape[1::-1], inferencer.classes)
    for frame in (seen[0], seen[-1]):
        assert draw_live(overlay, frame).shape == (*overlay.size[::-1], 3)
    last = seen[-1].faces[0]
    assert last.now.argmax() == 0 and last.past.shape[1] == 3


def test_lines_of_json(inferencer, red_to_blue, capsys):
    lines = []
    assert show_live(inferencer, Looped(red_to_blue[:20], 60), write=lines.append) == 0
    rows = [json.loads(line) for line in lines]
    assert rows[0].keys() == {'frame', 'seconds', 'latency', 'dropped', 'faces'}
    assert rows[0]['faces'][0].keys() == {'id', 'box'}
    (face,) = rows[-1]['faces']
    assert face['emotion'] == 'red' and face['probability'] > 0.6 and face['id'] == 1
    assert all(row['latency'] >= 0 for row in rows)
    assert 'frames dropped; latency' in capsys.readouterr().err


def test_it_stops_after_a_while(inferencer, red_to_blue):
    camera = Looped(red_to_blue, 10_000)
    begin = time.monotonic()
    for _ in predict_live(inferencer, camera, limit=0.3):
        pass
    assert time.monotonic() - begin < 5 and camera.given < 1000


def test_what_the_camera_raises_comes_through(inferencer):
    class Broken:
        def read(self):
            raise OSError('unplugged')

    with pytest.raises(OSError, match='unplugged'):
        list(predict_live(inferencer, Broken()))


def test_it_needs_a_window(colors):
    inferencer = ExpressionInferencer(colors, detector='none', window=None)
    with pytest.raises(ValueError, match='needs a window in seconds'):
        list(predict_live(inferencer, Looped([], 0)))


WINDOW = """
import numpy as np
from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.inference.live import show_live
from test_live import Looped
from videos import ColorClassifier

inferencer = ExpressionInferencer(ColorClassifier(), detector='none', window=0.2)
frames = np.full((4, 64, 96, 3), (220, 20, 20), np.uint8)
show_live(inferencer, Looped(frames, 150, fps=25), window=True)
"""


@pytest.mark.slow
def test_a_window(repo):
    """On a display in memory."""
    if not (shutil.which('Xvfb') and shutil.which('xwininfo')):
        pytest.skip('needs Xvfb and xwininfo (Debian: xvfb, x11-utils)')
    read, write = os.pipe()
    path = os.pathsep.join(
        str(repo / f'tests/{name}') for name in ('inference', 'fixtures')
    )
    server = subprocess.Popen(
        ['Xvfb', '-displayfd', str(write), '-screen', '0', '800x600x24'],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        display = f':{os.read(read, 9).decode().strip()}'
        program = subprocess.Popen(
            [sys.executable, '-c', WINDOW], cwd=repo, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'DISPLAY': display, 'PYTHONPATH': path},
        )  # fmt: skip
        look = ['xwininfo', '-display', display, '-name', TITLE]
        seen = False
        while program.poll() is None:
            seen |= not subprocess.run(look, capture_output=True).returncode
            time.sleep(0.3)
        said = program.stderr.read()
        assert program.returncode == 0 and seen, said
        assert 'frames dropped; latency' in said and 'QFont' not in said
    finally:
        server.terminate()
        server.wait()
