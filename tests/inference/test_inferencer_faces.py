"""The inferencer finds, aligns and follows the faces of a video."""

import csv
import importlib.util

import cv2
import numpy as np
import pytest

from dfew_mmaction.faces.alignment import TEMPLATE
from dfew_mmaction.faces.detectors.face_files import LANDMARKS_HEADER as HEADER
from dfew_mmaction.inference import ExpressionInferencer, ModelFacts

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec('facenet_pytorch') is None,
    reason="facenet-pytorch, the source of MTCNN's weights, is not installed",
)
POINTS = np.array([[8, 8], [22, 8], [15, 16], [10, 22], [20, 22]])


def test_two_faces_by_their_landmarks(colors, video, tmp_path):
    """A red face and a blue one that moves and is absent for a while."""
    frames, rows = [], []
    for index in range(40):
        frame = np.full((60, 160, 3), 90, np.uint8)
        left, right = np.array([5 + index // 4, 10]), np.array([110 - index, 20])
        frame[left[1] : left[1] + 30, left[0] : left[0] + 30] = (220, 10, 10)
        frame[right[1] : right[1] + 30, right[0] : right[0] + 30] = (10, 10, 220)
        rows.append([index, *(POINTS + left).ravel()])
        if not 20 <= index < 23:
            rows.append([index, *(POINTS + right).ravel()])
        frames.append(frame)
    with open(tmp_path / 'f.csv', 'w', newline='') as file:
        csv.writer(file).writerows([HEADER, *rows])
    path = video(tmp_path / 'f.mp4', frames)
    seen = []
    inferencer = ExpressionInferencer(
        colors, detector=dict(type='landmarks_file', folder=tmp_path), window=1
    )
    (result,) = inferencer(path, on_frame=seen.append)
    red, blue = result.faces
    assert (red.id, blue.id) == (1, 2)
    assert (red.num_frames, blue.num_frames) == (40, 37)
    assert set(red.raw.argmax(axis=1)) == {0} and set(blue.raw.argmax(axis=1)) == {2}
    assert red.raw[:, 0].min() > 0.6 and blue.raw[:, 2].min() > 0.6
    assert [frame.index for frame in seen] == list(range(40))
    assert {len(frame.faces) for frame in seen[20:23]} == {1}
    assert seen[0].total == 40


def test_faces_are_put_where_the_model_file_says(colors, video, tmp_path):
    """Red above the eyes' line, blue below: lower landmarks show more red."""
    frame = np.full((200, 200, 3), (220, 10, 10), np.uint8)
    frame[100:] = (10, 10, 220)
    path = video(tmp_path / 'f.mp4', [frame] * 4)
    points = POINTS * 2 + [70, 70]
    rows = [[index, *points.ravel()] for index in range(4)]
    with open(tmp_path / 'f.csv', 'w', newline='') as file:
        csv.writer(file).writerows([HEADER, *rows])
    shares = []
    for template in ([], (TEMPLATE / 256 + [0, 0.2]).tolist()):
        colors.facts = ModelFacts(
            colors.classes, 16, 'interpolate', (224, 224), (0,), (1,), template=template
        )
        landmarks = dict(type='landmarks_file', folder=tmp_path)
        (result,) = ExpressionInferencer(colors, detector=landmarks)(path)
        shares.append(result.faces[0].overall[0])
    assert shares[1] - shares[0] == pytest.approx(0.2 * 210 / 240, abs=0.03)


@needs_weights
def test_drawn_faces_side_by_side(colors, demo_root):
    """Each has the same place and probabilities as alone."""
    detector = dict(type='mtcnn', max_side=None, min_face=60)
    inferencer = ExpressionInferencer(colors, detector=detector, window=None)
    videos, alone = [], []
    for path in sorted((demo_root / 'Clip' / 'original').iterdir()):
        video = cv2.VideoCapture(str(path))
        frames = [cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2RGB) for _ in range(6)]
        seen = []
        result = inferencer.predict_video(np.stack(frames), seen.append)
        fits = not videos or videos[0].shape[1] == frames[0].shape[0]
        if fits and [face.num_frames for face in result.faces] == [6]:
            videos.append(np.stack(frames))
            alone.append((result.faces[0], [frame.faces[0][1] for frame in seen]))
        if len(videos) == 2:
            break
    seen = []
    both = inferencer.predict_video(np.concatenate(videos, axis=2), seen.append).faces
    assert [(face.id, face.num_frames) for face in both] == [(1, 6), (2, 6)]
    for place, (face, (expected, boxes)) in enumerate(zip(both, alone)):
        np.testing.assert_allclose(face.raw, expected.raw, atol=0.02)
        found = [frame.faces[place][1].box for frame in seen]
        shift = np.float32([videos[0].shape[2] * place, 0] * 2)
        expected = [box.box + shift for box in boxes]
        np.testing.assert_allclose(found, expected, atol=12)
    assert np.abs(both[0].raw - both[1].raw).max() > 0.04


@needs_weights
def test_a_real_face_beside_its_mirror_image(network, real_face, ffmpeg, tmp_path):
    both = '[0:v]trim=end_frame=24,split[a][b];[b]hflip[c];[a][c]hstack'
    path = ffmpeg('-i', real_face, '-filter_complex', both, tmp_path / 'two.mp4')
    inferencer = ExpressionInferencer(*network, device='cpu', window=0.5, stride=0.25)
    (result,) = inferencer(path)
    assert [face.num_frames for face in result.faces] == [24, 24]
    one, other = result.faces
    assert one.starts.tolist() == other.starts.tolist() and len(one.starts) == 3


@needs_weights
def test_no_face(network, real_face):
    inferencer = ExpressionInferencer(*network, device='cpu')
    result = inferencer.predict_video(real_face.with_name('no_face.mp4'), limit=1.0)
    assert not result.faces
    assert result.notes == [
        f'no face was found in {result.num_frames} frames; if they show one cropped '
        "face, use the detector 'none'"
    ]


def test_a_cut_ends_all_faces(colors, video, tmp_path):
    """A red face, and after a cut a blue one at the same place."""
    frames = []
    for index in range(30):
        ground, color = (90, (220, 10, 10)) if index < 14 else (180, (10, 10, 220))
        frame = np.full((60, 80, 3), ground, np.uint8)
        frame[10:40, 20:50] = color
        frames.append(frame)
    rows = [[index, *(POINTS + [20, 10]).ravel()] for index in range(30)]
    with open(tmp_path / 'f.csv', 'w', newline='') as file:
        csv.writer(file).writerows([HEADER, *rows])
    path = video(tmp_path / 'f.mp4', frames)
    landmarks = dict(type='landmarks_file', folder=tmp_path)
    for every in (1, 4):
        inferencer = ExpressionInferencer(
            colors, detector=landmarks, window=1, detect_every=every
        )
        (result,) = inferencer(path)
        assert result.cuts == pytest.approx([1.4], abs=0.01)
        red, blue = result.faces
        assert (red.num_frames, blue.num_frames) == (14, 16)
        assert red.raw[:, 0].min() > 0.6 and blue.raw[:, 2].min() > 0.6
    keep = ExpressionInferencer(colors, detector=landmarks, window=1, on_cuts='keep')
    (result,) = keep(path)
    assert len(result.faces) == 1 and result.cuts == []
    with pytest.raises(ValueError, match="on_cuts must be 'split' or 'keep'"):
        ExpressionInferencer(colors, detector='none', on_cuts='drop')
