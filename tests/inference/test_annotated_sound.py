"""The sound of the annotated video, where the picture starts after it."""

import av
import numpy as np
import pytest

from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.inference.outputs.video_report import write_video_report
from dfew_mmaction.video import open_video


def first_flash(path):
    """Seconds of the first light frame."""
    for seconds, frame in open_video(path).frames:
        if np.median(frame[: len(frame) // 3]) > 150:
            return seconds


def first_sound(path):
    """Seconds of the first sample that is loud."""
    with av.open(str(path)) as container:
        begin = (container.start_time or 0) / av.time_base
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()).max(axis=0) > 0.2)
            if len(loud):
                return frame.time - begin + loud[0] / frame.sample_rate


def test_picture_and_sound_stay_in_step(colors, ffmpeg, tmp_path):
    """A flash and a tone two seconds after the start; the picture starts at 1.5 s."""
    tone = "aevalsrc='if(gte(t,2),sin(440*2*PI*t),0)':d=4"
    flash = "color=black:s=96x64:r=10:d=2.5,drawbox=c=white:t=fill:enable='gte(t,0.5)'"
    late = ffmpeg(
        '-f', 'lavfi', '-i', tone, '-itsoffset', '1.5', '-f', 'lavfi', '-i', flash,
        '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', tmp_path / 'late.mp4',
    )  # fmt: skip
    assert first_flash(late) == pytest.approx(2, abs=0.01)
    assert first_sound(late) == pytest.approx(2, abs=0.05)
    inferencer = ExpressionInferencer(colors, detector='none')
    result, paths = write_video_report(inferencer, late, tmp_path / 'out')
    assert result.faces[0].first == pytest.approx(1.5, abs=0.01)
    assert first_flash(paths['annotated.mp4']) == pytest.approx(2, abs=0.06)
    assert first_sound(paths['annotated.mp4']) == pytest.approx(2, abs=0.06)
