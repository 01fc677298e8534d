import shutil

import cv2
import numpy as np
import pytest
from mmaction.registry import TRANSFORMS

from dfew_mmaction.datasets import OpenFaceVideo
from dfew_mmaction.utils import DecodeError


@pytest.fixture(params=['avi', 'mp4'])
def video(demo_root, tmp_path, request):
    folder = {'avi': 'clip_224x224_avi', 'mp4': 'original'}[request.param]
    found = min((demo_root / 'Clip' / folder).iterdir(), key=lambda p: int(p.stem))
    return shutil.copy(found, tmp_path)


def test_reads_what_opencv_reads(video):
    results = OpenFaceVideo()(dict(filename=str(video), start_index=0))
    capture, frames = cv2.VideoCapture(str(video)), []
    while (read := capture.read())[0]:
        frames.append(read[1][..., ::-1])
    assert results['total_frames'] == len(frames) > 10
    decode = TRANSFORMS.build(dict(type='DecordDecode'))
    chosen = np.array([0, 3, len(frames) - 1])
    got = decode({**results, 'frame_inds': chosen})['imgs']
    for index, picture in zip(chosen, got):
        assert np.abs(frames[index].astype(int) - picture).mean() < 3


@pytest.mark.parametrize('keep', [0, 20, 3000, 0.5, -100])
def test_cut_off_videos_are_named(video, keep):
    with open(video, 'rb') as file:
        content = file.read()
    keep = int(len(content) * keep) if isinstance(keep, float) else keep
    with open(video, 'wb') as file:
        file.write(content[:keep])
    with pytest.raises(DecodeError) as error:
        OpenFaceVideo()(dict(filename=str(video)))
    assert str(video) in str(error.value)


def test_missing_video_is_named():
    with pytest.raises(DecodeError, match=r"'nowhere\.mp4' \(No such file"):
        OpenFaceVideo()(dict(filename='nowhere.mp4'))
