import numpy as np

from dfew_mmaction.visualization.face_overlay import DrawnFace, FaceOverlay


def test_frames_of_another_size():
    """The box stays around the face when the video goes on at half its size."""
    overlay = FaceOverlay((640, 360), ('happy', 'sad'))
    face = DrawnFace(1, np.array([200, 100, 300, 250.0]), None, np.zeros((0, 2)))
    large = overlay.draw(np.zeros((360, 640, 3), np.uint8), [face])
    small = overlay.draw(
        np.zeros((180, 320, 3), np.uint8), [face._replace(box=face.box / 2)]
    )
    assert large.any() and np.array_equal(large, small)
