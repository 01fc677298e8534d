"""Alignment of faces to a template."""

from collections.abc import Iterable

import cv2
import numpy as np

from ..utils.checks import MARGINS
from .detectors import Face, FaceDetector

#: Positions of the eyes, the tip of the nose and the corners of the mouth in an aligned
#: picture of 256 x 256 pixels, as of SeetaFace, which the paper uses.
TEMPLATE = np.array(
    [
        [89.3095, 72.9025],
        [169.3095, 72.9025],
        [127.8949, 127.0441],
        [96.8796, 184.8907],
        [159.1065, 184.7601],
    ]
)
TEMPLATE_SIZE = 256


def similarity_transform(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Compute the similarity transform that maps points to others by least squares.

    Args:
        source (np.ndarray): Points of shape (n, 2), not all equal, n at least 2.
        target (np.ndarray): As many points.

    Returns:
        np.ndarray: Matrix of shape (2, 3), never a reflection.

    Raises:
        ValueError: If the source points coincide.
    """
    # Over complex numbers, z -> a z + b is such a map.
    z = source[:, 0] + 1j * source[:, 1]
    w = target[:, 0] + 1j * target[:, 1]
    spread = z - z.mean()
    total = (np.abs(spread) ** 2).sum()
    if total < 1e-9:
        raise ValueError('the points coincide: they define no transform')
    a = (spread.conj() * (w - w.mean())).sum() / total
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def face_transform(
    face: Face,
    size: int = 224,
    margin: float = 0.0,
    *,
    template: np.ndarray | None = None,
) -> np.ndarray:
    """Compute the map from a frame to the aligned picture of a face.

    A similarity transform maps the five landmarks nearest to :data:`TEMPLATE`. A face
    without landmarks is cropped to the square around its box.

    Args:
        face (Face): With landmarks or box in pixels of the frame.
        size (int): Side of the aligned picture in pixels. Defaults to 224.
        margin (float): Added on each side, as a share of the side: 0.1 shows 1.2 times
            as much. Above -0.5. Defaults to 0.0.
        template (np.ndarray, optional): Positions of the landmarks, of shape (5, 2), as
            shares of the side. Defaults to :data:`TEMPLATE`.

    Returns:
        np.ndarray: Matrix of shape (2, 3), for ``cv2.warpAffine``.
    """
    if not MARGINS[0] <= margin <= MARGINS[1]:
        raise ValueError(f'margin must be a number in {[*MARGINS]}, got {margin}')
    shown = 1 / (1 + 2 * margin)
    if face.landmarks is not None:
        template = TEMPLATE / TEMPLATE_SIZE if template is None else template
        template = (np.asarray(template) - 0.5) * shown + 0.5
        return similarity_transform(np.float64(face.landmarks), template * size)
    box = np.asarray(face.box, np.float64)
    scale = size * shown / max((box[2:] - box[:2]).max(), 1e-6)
    shift = size / 2 - scale * (box[:2] + box[2:]) / 2
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])


def align_face(
    frame: np.ndarray,
    face: Face,
    size: int = 224,
    *,
    margin: float = 0.0,
    template: np.ndarray | None = None,
) -> np.ndarray:
    """Crop a face from a frame so that its landmarks match the template.

    Args:
        frame (np.ndarray): uint8 of shape (H, W, 3).
        face (Face): See :func:`face_transform`, also for the other arguments.

    Returns:
        np.ndarray: uint8 of shape (size, size, 3); black outside the frame.
    """
    matrix = face_transform(face, size, margin, template=template)
    scale = np.hypot(matrix[0, 0], matrix[1, 0])
    if scale < 0.5:
        # warpAffine interpolates four pixels: a large face is averaged down first.
        part = int(1 / scale)
        height, width = frame.shape[0] // part, frame.shape[1] // part
        if min(height, width) >= 1:
            frame = frame[: height * part, : width * part]
            frame = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
            # Pixel centres have integer coordinates, in the small picture too.
            matrix[:, 2] += matrix[:, :2].sum(axis=1) * (part - 1) / 2
            matrix[:, :2] *= part
    return cv2.warpAffine(frame, matrix, (size, size), flags=cv2.INTER_LINEAR)


def measure_template(
    frames: Iterable[np.ndarray], detector: FaceDetector, least: int = 8
) -> np.ndarray:
    """Measure the template of the alignment of a data set.

    Args:
        frames (Iterable[np.ndarray]): Aligned faces, uint8 of shape (H, W, 3) in BGR.
        detector (FaceDetector): A detector with landmarks.
        least (int): Least number of faces. Defaults to 8.

    Returns:
        np.ndarray: Medians of the landmarks, of shape (5, 2), as shares of the sides.

    Raises:
        ValueError: If fewer are found.
    """
    points, count = [], 0
    for frame in frames:
        count += 1
        (faces,) = detector.detect([frame])
        if faces and faces[0].landmarks is not None:
            points.append(faces[0].landmarks / np.array(frame.shape[1::-1]))
    if len(points) < least:
        raise ValueError(
            f'landmarks were found in {len(points)} of {count} aligned frames, too few '
            f'(expected {least} or more) to measure their alignment'
        )
    return np.median(points, axis=0)
