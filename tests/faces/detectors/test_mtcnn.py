import importlib.util

import cv2
import numpy as np
import pytest

from dfew_mmaction.faces.detectors import MTCNN, build_detector
from dfew_mmaction.faces.detectors.mtcnn import _crop, nms

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec('facenet_pytorch') is None,
    reason="facenet-pytorch, the source of MTCNN's weights, is not installed",
)


@pytest.fixture(scope='module')
def mtcnn():
    return build_detector('mtcnn')


def read(path, step=1):
    video, frames = cv2.VideoCapture(str(path)), []
    while True:
        more, frame = video.read()
        if not more:
            return frames[::step]
        frames.append(frame)


def assert_same_faces(found, expected, atol=1e-2):
    assert [len(faces) for faces in found] == [len(faces) for faces in expected]
    for faces, others in zip(found, expected):
        for face, other in zip(faces, others):
            np.testing.assert_allclose(face.box, other.box, atol=atol)
            np.testing.assert_allclose(face.landmarks, other.landmarks, atol=atol)
            assert face.score == pytest.approx(other.score, abs=1e-4)


@needs_weights
def test_the_face_of_a_real_video_is_found(mtcnn, real_face):
    found = mtcnn.detect(read(real_face, step=6))
    assert len(found) == 12 and all(len(faces) == 1 for faces in found)
    for (face,), (next_face,) in zip(found, found[1:]):
        assert np.abs(face.box - next_face.box).max() < 60
    for (face,) in found:
        x1, y1, x2, y2 = face.box
        assert face.score > 0.95
        assert 120 < x2 - x1 < 180 and 180 < y2 - y1 < 250
        # The eyes lie above the nose, the mouth below, the nose between.
        shares = (face.landmarks - [x1, y1]) / [x2 - x1, y2 - y1]
        assert ((shares > 0.05) & (shares < 0.95)).all()
        eye, other_eye, nose, mouth, other_mouth = shares
        assert max(eye[1], other_eye[1]) + 0.1 < nose[1]
        assert nose[1] + 0.05 < min(mouth[1], other_mouth[1])
        assert eye[0] < nose[0] < other_eye[0]
        assert mouth[0] < nose[0] < other_mouth[0]


@needs_weights
def test_the_landmarks_are_on_the_eyes(mtcnn, real_face):
    """Seen on the picture: the pupils and mouth corners of the first frame."""
    ((face,),) = mtcnn.detect(read(real_face)[:1])
    seen = [(259, 170), (328, 166), (296, 214), (267, 254), (331, 251)]
    np.testing.assert_allclose(face.landmarks, seen, atol=8)


@needs_weights
def test_drawn_faces_are_found(mtcnn, demo_root):
    """Needs no real video: MTCNN takes the faces of the demo set for faces."""
    videos = sorted((demo_root / 'Clip' / 'original').iterdir())[::10]
    found = [mtcnn.detect(read(video)[:2]) for video in videos]
    faces = [face for frames in found for (face, *_) in filter(None, frames)]
    assert len(faces) >= 0.9 * sum(map(len, found))
    for face in faces:
        (x1, y1, x2, y2), (eye, other_eye, nose, mouth, _) = face.box, face.landmarks
        assert x1 < eye[0] < other_eye[0] < x2
        assert y1 < eye[1] < nose[1] < mouth[1] < y2


@needs_weights
def test_a_video_without_faces(mtcnn, real_face):
    found = mtcnn.detect(read(real_face.with_name('no_face.mp4'), step=8))
    assert len(found) >= 10 and not any(found)


@needs_weights
def test_a_batch_is_the_frames_one_by_one(mtcnn, real_face):
    frames = read(real_face, step=15)
    together = mtcnn.detect(frames)
    assert_same_faces([mtcnn.detect([frame])[0] for frame in frames], together)
    assert_same_faces(MTCNN(batch_size=2).detect(frames), together)


@needs_weights
def test_frames_of_different_size(mtcnn, real_face):
    frame = read(real_face)[0]
    half = cv2.resize(frame, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    mixed = [frame, half, frame, np.zeros((5, 700, 3), np.uint8)]
    found = mtcnn.detect(mixed)
    assert_same_faces(found, [mtcnn.detect([image])[0] for image in mixed])
    assert not found[3]
    (whole,), (small,) = found[:2]
    np.testing.assert_allclose(small.box * 2, whole.box, atol=15)
    np.testing.assert_allclose(small.landmarks * 2, whole.landmarks, atol=6)


@needs_weights
@pytest.mark.parametrize('max_side', [160, 320])
def test_shrinking_gives_nearly_the_same_face(mtcnn, real_face, max_side):
    frames = read(real_face, step=24)
    for (face,), (same,) in zip(
        MTCNN(max_side=max_side).detect(frames), mtcnn.detect(frames)
    ):
        np.testing.assert_allclose(face.box, same.box, atol=15)
        np.testing.assert_allclose(face.landmarks, same.landmarks, atol=6)


@needs_weights
def test_two_faces_and_one_beyond_the_edge(mtcnn, real_face):
    frame = read(real_face)[0]
    found = mtcnn.detect([np.hstack([frame, frame]), frame[:, 250:]])
    two, cut = found
    assert len(two) == 2 and two[0].score >= two[1].score
    left, right = sorted(two, key=lambda face: face.box[0])
    np.testing.assert_allclose(right.box[:2] - left.box[:2], [640, 0], atol=15)
    assert all(face.box[0] < 20 for face in cut)


@needs_weights
@pytest.mark.parametrize('size', [(1, 1), (11, 400), (64, 48), (360, 640)])
@pytest.mark.parametrize('value', [0, 128, 255])
def test_blank_frames_have_no_face(mtcnn, size, value):
    blank = np.full((*size, 3), value, np.uint8)
    assert mtcnn.detect([blank, blank]) == [[], []]


@needs_weights
def test_no_frames(mtcnn):
    assert mtcnn.detect([]) == []


def test_overlaps_of_one_frame_only():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 10, 10], [0, 0, 10, 10], [2, 2, 5, 5]])
    scores, owners = np.array([0.7, 0.9, 0.8, 0.6]), np.array([0, 0, 1, 0])
    # 9 x 9 of 100: an overlap of 0.81 of the union.
    assert nms(boxes, scores, owners, threshold=0.80).tolist() == [1, 3, 2]
    assert nms(boxes, scores, owners, threshold=0.82).tolist() == [1, 0, 3, 2]
    assert nms(boxes, scores, owners, threshold=0.8, of_smaller=True).tolist() == [1, 2]
    assert nms(boxes[:0], scores[:0], owners[:0], threshold=0.5).tolist() == []


def test_crops_are_black_outside_the_frame():
    frame = np.full((20, 30, 3), 200, np.uint8)
    crop = _crop(frame, np.array([-6, -6, 6, 6]), 12)
    assert (crop[6:, 6:] == 200).all() and crop.sum() == 200 * 36 * 3
    assert not _crop(frame, np.array([40, -30, 60, -10]), 24).any()
    assert (_crop(frame, np.array([5, 5, 15, 15]), 24) == 200).all()


@pytest.mark.parametrize(
    'options, message',
    [
        ({'thresholds': (0.6, 0.7)}, r'three thresholds in \[0, 1\], got'),
        ({'thresholds': (0.6, 0.7, 70)}, 'three thresholds'),
        ({'scale': 1.0}, 'scale must be above 0 and at most 0.99, got 1.0'),
        ({'min_face': 0}, 'min_face, batch_size and max_side must be 1 or more'),
        ({'max_side': 0}, 'must be 1 or more, got 20, 16 and 0'),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        MTCNN(**options)


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        'find_spec',
        lambda name, *rest: (
            None if name == 'facenet_pytorch' else find_spec(name, *rest)
        ),
    )
    with pytest.raises(ImportError, match='pip install --no-deps .* yunet and mmdet'):
        MTCNN()


def test_missing_and_foreign_weights(tmp_path):
    import torch

    with pytest.raises(FileNotFoundError, match='pnet.pt is missing'):
        MTCNN(weights=tmp_path)
    torch.save({'conv1.weight': torch.zeros(3)}, tmp_path / 'pnet.pt')
    with pytest.raises(RuntimeError, match='size mismatch for conv1.weight'):
        MTCNN(weights=tmp_path)


@needs_weights
def test_facenet_pytorch_is_not_imported():
    import sys

    MTCNN()
    assert 'facenet_pytorch' not in sys.modules
