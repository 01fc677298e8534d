import cv2
import numpy as np
import pytest

from dfew_mmaction.faces import align_face
from dfew_mmaction.faces.alignment import (
    TEMPLATE,
    face_transform,
    measure_template,
    similarity_transform,
)
from dfew_mmaction.faces.detectors import Face, LandmarksFile

RNG = np.random.default_rng(0)


def turned(points, degrees, scale, shift):
    angle = np.deg2rad(degrees)
    rotation = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return scale * points @ np.transpose(rotation) + shift


def test_finds_the_transform_that_was_made():
    points = RNG.uniform(0, 100, (5, 2))
    moved = turned(points, 33, 1.7, [12, -40])
    matrix = similarity_transform(points, moved)
    np.testing.assert_allclose(points @ matrix[:, :2].T + matrix[:, 2], moved)


def test_least_squares_and_no_reflection():
    source, target = RNG.uniform(0, 100, (5, 2)), RNG.uniform(0, 100, (5, 2))
    matrix = similarity_transform(source, target)
    # The same as a linear problem in a, b, x, y.
    rows = [[[x, -y, 1, 0], [y, x, 0, 1]] for x, y in source]
    a, b, x, y = np.linalg.lstsq(np.concatenate(rows), target.ravel(), rcond=None)[0]
    np.testing.assert_allclose(matrix, [[a, -b, x], [b, a, y]])
    assert np.linalg.det(matrix[:, :2]) > 0
    with pytest.raises(ValueError, match='coincide'):
        similarity_transform(np.ones((5, 2)), target)


@pytest.mark.parametrize('margin', [-0.1, 0.0, 0.25])
@pytest.mark.parametrize('size', [112, 224])
def test_landmarks_go_to_the_template(size, margin):
    points = turned(TEMPLATE, -20, 0.6, [300, 100])
    matrix = face_transform(Face(np.zeros(4), 1.0, points), size, margin)
    landed = points @ matrix[:, :2].T + matrix[:, 2]
    shown = 1 / (1 + 2 * margin)
    np.testing.assert_allclose(landed / size - 0.5, (TEMPLATE / 256 - 0.5) * shown)


@pytest.mark.parametrize('scale', [0.4, 1.0, 2.2, 4.7])
def test_marks_of_the_picture_land_there(scale):
    """Also where a large face is averaged down first."""
    points = turned(TEMPLATE, 15, scale, [500 - 128 * scale, 500 - 128 * scale])
    frame = np.zeros((1100, 1100, 3), np.uint8)
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255)]
    for point, colour in zip(points, colours):
        centre = tuple(int(round(c)) for c in point)
        cv2.circle(frame, centre, max(3, int(6 * scale)), colour, -1)
    aligned = align_face(frame, Face(np.zeros(4), 1.0, points))
    assert aligned.shape == (224, 224, 3) and aligned.dtype == np.uint8
    for point, colour in zip(TEMPLATE * 224 / 256, colours):
        close = np.abs(aligned.astype(int) - colour).sum(axis=2) < 150
        found = np.argwhere(close)[:, ::-1].mean(axis=0)
        # The circle sits on a whole pixel.
        np.testing.assert_allclose(found, point, atol=max(1.0, 0.7 / scale))


def test_box_without_landmarks_is_the_square_about_it():
    frame = np.zeros((100, 300, 3), np.uint8)
    frame[20:80, 100:160] = 255
    box = Face(np.float32([100, 30, 160, 70]), 1.0)
    assert (align_face(frame, box, 60)[1:-1, 1:-1] == 255).all()
    wide = align_face(frame, box, 60, margin=0.5)
    assert wide[30, 30, 0] == 255 and wide[30, 5, 0] == 0 and wide[5, 30, 0] == 0


def test_black_where_the_frame_ends():
    frame = np.full((50, 50, 3), 200, np.uint8)
    aligned = align_face(frame, Face(np.float32([-50, 0, 50, 100]), 1.0), 100)
    assert aligned[25, 75, 0] == 200 and not aligned[:, :45].any()
    assert not aligned[60:].any()


def test_margin_below_the_middle():
    with pytest.raises(ValueError, match='margin must be a number in'):
        face_transform(Face(np.zeros(4), 1.0), margin=-0.5)


def test_a_template_of_ones_own():
    template = TEMPLATE / 256 * 0.8 + 0.15
    face = Face(np.zeros(4), 1.0, turned(TEMPLATE, 20, 0.5, [40, 9]))
    matrix = face_transform(face, 100, template=template)
    moved = face.landmarks @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(moved, template * 100, atol=1e-6)


def test_where_others_have_put_the_faces(tmp_path):
    """By landmarks that scatter about a template, and one that is far off."""
    rows = ['frame,' + ','.join(f'x{i},y{i}' for i in range(1, 6))]
    for frame in range(40):
        points = 100 * TEMPLATE / 256 + RNG.normal(0, 0.5, (5, 2))
        points += 30 * (frame == 7)
        rows.append(f'{frame},' + ','.join(map(str, points.ravel())))
    (tmp_path / 'f.csv').write_text('\n'.join(rows))
    detector = LandmarksFile(tmp_path)
    frames = [np.zeros((100, 100, 3), np.uint8)] * 40
    detector.open('f.avi')
    found = measure_template(frames, detector)
    np.testing.assert_allclose(found, TEMPLATE / 256, atol=5e-3)
    detector.open('f.avi')
    with pytest.raises(ValueError, match='in 5 of 5 aligned frames.*8 or more'):
        measure_template(frames[:5], detector)
