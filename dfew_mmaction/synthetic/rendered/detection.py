"""Simulated face detection in a rendered frame, and alignment."""

import numpy as np

from dfew_mmaction.faces.alignment import align_face
from dfew_mmaction.faces.detectors import Face

from .person import Person, View

#: Mean of MTCNN's five points minus those of the model, as shares of the distance
#: between the eyes: right and down. Measured by
#: ``experiments/real_faces/detector_noise.py``.
OFFSETS = np.array(
    [[0.038, -0.022], [-0.005, -0.02], [0.01, 0.029], [0.021, -0.015], [-0.007, -0.009]]
)
#: Standard deviation of this difference over faces, and over frames.
FACE_SPREAD = np.array(
    [[0.034, 0.032], [0.03, 0.034], [0.034, 0.042], [0.046, 0.042], [0.04, 0.039]]
)
FRAME_SPREAD = np.array(
    [[0.016, 0.016], [0.016, 0.016], [0.019, 0.02], [0.017, 0.019], [0.018, 0.022]]
)

_EYES = (slice(36, 42), slice(42, 48))


def model_points(person: Person, points: np.ndarray, view: View) -> np.ndarray:
    """Compute eyes, tip of the nose and corners of the mouth in the picture.

    Args:
        person (Person): The person.
        points (np.ndarray): See :meth:`.Person.points`.
        view (View): Pose and camera.

    Returns:
        np.ndarray: Shape (5, 2), in pixels, from left to right in the picture.
    """
    marks = points[person.model.landmarks]
    eyes = [marks[chosen].mean(0) for chosen in _EYES]
    return view.project(np.stack([*eyes, marks[30], marks[48], marks[54]]))[0]


class SimulatedDetector:
    """Simulates the error of MTCNN's five points.

    Args:
        rng (np.random.Generator): Source of randomness.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._face = OFFSETS + FACE_SPREAD * rng.normal(size=(5, 2))

    def align(
        self, image: np.ndarray, truth: np.ndarray, size: int, margin: float = 0.0
    ) -> np.ndarray:
        """Align the face of a frame.

        Args:
            image (np.ndarray): The frame, uint8 of shape (H, W, 3).
            truth (np.ndarray): See :func:`model_points`.
            size (int): Side of the aligned picture.
            margin (float): See :func:`.align_face`. Defaults to 0.0.

        Returns:
            np.ndarray: uint8 of shape (size, size, 3).
        """
        unit = np.linalg.norm(truth[1] - truth[0])
        error = self._face + FRAME_SPREAD * self._rng.normal(size=(5, 2))
        found = truth + unit * error
        face = Face(np.zeros(4, np.float32), 1.0, found.astype(np.float32))
        return align_face(image, face, size, margin=margin)
