"""Windows, times and options of the inferencer, on videos without faces."""

import subprocess
import sys

import numpy as np
import pytest

from dfew_mmaction.inference import ExpressionInferencer


@pytest.fixture
def inferencer(colors):
    return ExpressionInferencer(
        colors, detector='none', window=1.0, stride=0.5, batch_size=3
    )


def test_a_cut_video_over_time(inferencer, video, red_to_blue, tmp_path):
    """Red for two seconds, then blue, with windows of a second."""
    path = video(tmp_path / 'f.mp4', red_to_blue)
    for source in (path, str(path), red_to_blue):
        (result,) = inferencer(source) if source is path else inferencer([source])
        if isinstance(source, np.ndarray):
            result = inferencer.predict_video(source, fps=10)
        (face,) = result.faces
        assert result.classes == ('red', 'green', 'blue') and result.num_frames == 40
        assert result.duration == pytest.approx(3.9, abs=0.01)
        np.testing.assert_allclose(face.starts, np.arange(7) / 2, atol=0.01)
        assert face.raw.argmax(axis=1).tolist() == [0, 0, 0, 0, 2, 2, 2] or (
            face.raw.argmax(axis=1).tolist() == [0, 0, 0, 2, 2, 2, 2]
        )
        np.testing.assert_allclose(face.raw[0], [0.84, 0.08, 0.08], atol=0.03)
        np.testing.assert_allclose(face.raw[-1], [0.08, 0.08, 0.84], atol=0.03)
        np.testing.assert_allclose(face.raw[3], face.raw[3][::-1], atol=0.03)
        assert face.num_frames == 40 and (face.first, face.last) == pytest.approx(
            (0, 3.9), abs=0.01
        )
        assert not result.notes
    assert max(inferencer.classifier.batches) == 3


def test_smoothing_is_asked_for(colors, red_to_blue):
    smooth = ExpressionInferencer(colors, detector='none', window=1, smooth=0.5)
    (face,) = smooth.predict_video(red_to_blue, fps=10).faces
    jumps, steps = (
        np.abs(np.diff(p[:, 0])).max() for p in (face.raw, face.probabilities)
    )
    assert steps < 0.7 * jumps
    np.testing.assert_allclose(face.probabilities.sum(axis=1), 1, atol=1e-5)


def test_one_frame(inferencer, video, tmp_path):
    path = video(tmp_path / 'one.mp4', [np.full((40, 40, 3), (10, 200, 10), np.uint8)])
    (face,) = inferencer.predict_video(path).faces
    assert face.raw.argmax(axis=1).tolist() == [1]
    assert face.starts.tolist() == face.ends.tolist() == [0]


def test_times_of_a_variable_frame_rate(
    inferencer, video, red_to_blue, ffmpeg, tmp_path
):
    """Few frames in the first half move no window of the second."""
    steady = video(tmp_path / 'f.mp4', red_to_blue)
    kept = "select='gte(n,20)+not(mod(n,5))'"
    path = ffmpeg('-i', steady, '-vf', kept, '-fps_mode', 'vfr', tmp_path / 'v.mp4')
    result = inferencer.predict_video(path)
    assert result.num_frames == 24 and result.duration == pytest.approx(3.9, abs=0.01)
    (face,) = result.faces
    blue = face.starts[face.raw.argmax(axis=1) == 2]
    assert blue.min() == pytest.approx(2.0, abs=0.51) and blue.max() > 2.8


def test_stop_after_a_while(inferencer, red_to_blue):
    result = inferencer.predict_video(red_to_blue, fps=10, limit=1.5)
    assert result.num_frames == 15 and not result.notes


def test_options_out_of_range(colors, tmp_path):
    for options, says in (
        (dict(window=0), 'window and stride must be from 0.001 to'),
        (dict(window=1e30), 'window and stride must be from 0.001 to 1000000'),
        (dict(stride=1e-12), 'got 2.0, 1e-12 and 0.0'),
        (dict(smooth=1e9), 'smooth from 0 to 1000000'),
        (dict(margin=1e9), 'margin must be a number in'),
        (dict(stride=-1), 'window and stride must be from 0.001 to'),
        (dict(window=float('nan')), 'window and stride must be from 0.001 to'),
        (dict(stride=float('nan')), 'window and stride must be from 0.001 to'),
        (dict(smooth=float('nan')), 'smooth from 0 to 1000000'),
        (dict(smooth=float('inf')), 'smooth from 0 to 1000000'),
        (dict(margin=float('nan')), 'margin must be a number in'),
        (dict(batch_size=0), 'batch_size and detect_every must be 1 or more'),
        (dict(detect_every=0), 'batch_size and detect_every must be 1 or more'),
        (dict(detector='vlc'), "unknown face detector 'vlc'"),
    ):
        with pytest.raises(ValueError, match=says):
            ExpressionInferencer(colors, **{'detector': 'none', **options})
    with pytest.raises(ValueError, match="'c.py' is a config and needs the checkpoint"):
        ExpressionInferencer('c.py', detector='none')


def test_times_that_are_no_numbers(inferencer, red_to_blue):
    for options in (dict(fps=float('nan')), dict(limit=float('nan')), dict(fps=0)):
        with pytest.raises(ValueError, match='must be a number from 0.001'):
            inferencer.predict_video(red_to_blue, **options)


LONG = """
import resource, sys
for name in ('torch', 'mmaction', 'mmcv'):
    sys.modules[name] = None  # none of them is there
import numpy as np
from dfew_mmaction.apis import ExpressionInferencer

class Mean:
    classes, num_frames, sampling = ('dark', 'light'), 16, 'segments'
    def __call__(self, clips):
        light = clips.mean(axis=(1, 2, 3, 4)) / 255
        return np.stack([1 - light, light], axis=1).astype(np.float32)

inferencer = ExpressionInferencer(Mean(), detector='none', window=1.0, stride=1.0)
(result,) = inferencer(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(result.num_frames, len(result.faces[0].starts), peak)
"""


def test_memory_does_not_grow_with_the_video(video, tmp_path):
    """Four times the video, without torch: 3000 aligned frames would be 430 MB."""
    peaks = []
    for count in (750, 3000):
        frames = (np.full((48, 64, 3), 60 + i % 60, np.uint8) for i in range(count))
        first = next(frames)
        path = video(tmp_path / f'{count}.mp4', [first, *frames], fps=25)
        done = subprocess.run(
            [sys.executable, '-c', LONG, path], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        seen, windows, peak = map(int, done.stdout.split())
        assert seen == count and windows == count // 25
        peaks.append(peak / 1024)  # MB
    assert peaks[1] < peaks[0] + 30


def test_the_long_form_table(inferencer, red_to_blue):
    result = inferencer.predict_video(red_to_blue, fps=10)
    table = result.to_dataframe()
    (face,) = result.faces
    assert list(table.columns) == [
        'video', 'face', 'start', 'end', 'time', 'emotion', 'p_red', 'p_green',
        'p_blue', 'raw_red', 'raw_green', 'raw_blue',
    ]  # fmt: skip
    assert len(table) == len(face.starts)
    np.testing.assert_array_equal(
        table[['start', 'end']], np.c_[face.starts, face.ends]
    )
    np.testing.assert_array_equal(table['p_blue'], face.probabilities[:, 2])
    assert table['emotion'].tolist()[0] == 'red' and set(table['face']) == {1}
    # From the middle of the last red window to that of the first blue one.
    red, blue = face.segments
    assert (red.emotion, blue.emotion) == (0, 2)
    assert (red.onset, blue.offset) == pytest.approx((0, 3.9), abs=0.01)
    assert blue.onset == pytest.approx(2, abs=0.51) and red.offset <= blue.onset
    result.faces.clear()
    assert list(result.to_dataframe().columns) == list(table.columns)
