"""MTCNN: a cascade of three small networks, with five landmarks.

Source: Zhang et al., "Joint face detection and alignment using multitask cascaded
convolutional networks" (IEEE Signal Processing Letters, 2016), section II. The
coordinates of boxes are edges, not pixel indices: a box from 0 to 12 covers 12 pixels.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from ...utils.torch_available import is_torch_available
from .base import DETECTORS, Face, FaceDetector, check_frames, ordered_landmarks, shrink

# Window and stride of P-Net; sizes of the crops for R-Net and O-Net.
_WINDOW, _STRIDE, _CROPS = 12, 2, {'rnet': 24, 'onet': 48}
# Crops that go through R-Net or O-Net at once.
_CHUNK = 512
#: A pyramid with this ratio has about 350 levels for a frame of 640 pixels.
MAX_SCALE = 0.99


@DETECTORS.register_module('mtcnn')
class MTCNN(FaceDetector):
    """Detects faces with landmarks on a pyramid of the frame.

    Args:
        min_face (int): Side of the smallest face to find, in pixels of the frame after
            it was shrunk to ``max_side``. Defaults to 20.
        thresholds (Sequence[float]): Least probability of a face after P-Net, R-Net
            and O-Net. Defaults to (0.6, 0.7, 0.7).
        scale (float): Ratio of consecutive levels of the pyramid, in (0, 0.99].
            Defaults to 0.709, which halves the area.
        device (str): Where the networks run. Defaults to 'cpu'.
        batch_size (int): Frames per batch. Defaults to 16.
        max_side (int, optional): Longer frames are shrunk to this many pixels for the
            search; None for no limit. Defaults to 640.
        weights (str | Path, optional): Folder of the weights. Defaults to that in the
            package facenet-pytorch.

    Raises:
        ImportError: If torch is not installed, or facenet-pytorch is not and
            ``weights`` is not given.
        FileNotFoundError: If a file of the weights is missing.
        ValueError: If an option is out of its range.
    """

    def __init__(
        self,
        min_face: int = 20,
        thresholds: Sequence[float] = (0.6, 0.7, 0.7),
        scale: float = 0.709,
        *,
        device: str = 'cpu',
        batch_size: int = 16,
        max_side: int | None = 640,
        weights: str | Path | None = None,
    ) -> None:
        if len(thresholds) != 3 or not all(0 <= value <= 1 for value in thresholds):
            raise ValueError(f'expected three thresholds in [0, 1], got {thresholds}')
        if not 0 < scale <= MAX_SCALE:
            raise ValueError(
                f'scale must be above 0 and at most {MAX_SCALE}, got {scale}'
            )
        if min_face < 1 or batch_size < 1 or (max_side is not None and max_side < 1):
            raise ValueError(
                'min_face, batch_size and max_side must be 1 or more, '
                f'got {min_face}, {batch_size} and {max_side}'
            )
        if not is_torch_available():
            raise ImportError(
                "the detector 'mtcnn' needs PyTorch (`pip install torch`); yunet, "
                'landmarks_file and none do not'
            )
        from . import mtcnn_networks  # imports torch

        folder = mtcnn_networks.find_weights() if weights is None else weights
        self._run = mtcnn_networks.run
        self._networks = mtcnn_networks.load_networks(folder, device)
        self.min_face = min_face
        self.thresholds = dict(zip(('pnet', 'rnet', 'onet'), thresholds))
        self.scale = scale
        self.batch_size = batch_size
        self.max_side = max_side

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        check_frames(frames)
        found: list[list[Face]] = []
        for _, group in groupby(frames, key=np.shape):
            same = list(group)
            for start in range(0, len(same), self.batch_size):
                found += self._detect(same[start : start + self.batch_size])
        return found

    def follow(
        self, frames: Sequence[np.ndarray], guesses: Sequence[Sequence[Face]]
    ) -> list[list[Face] | None]:
        """Place the faces by O-Net alone, from the guessed boxes."""
        owners = np.repeat(np.arange(len(guesses)), [len(g) for g in guesses])
        placed: list[list[Face]] = [[] for _ in guesses]
        if not owners.size:
            return list(placed)
        boxes = np.stack([face.box for faces in guesses for face in faces])
        kept, _, boxes, scores, points = self._refine(
            'onet', list(frames), owners, boxes
        )
        for owner, box, score, point in zip(kept, boxes, scores, points):
            face = Face(box.astype(np.float32), float(score), ordered_landmarks(point))
            placed[owner].append(face)
        return [
            faces if len(faces) == len(guess) else None
            for faces, guess in zip(placed, guesses)
        ]

    def _detect(self, frames: list[np.ndarray]) -> list[list[Face]]:
        """Search frames of one size."""
        faces: list[list[Face]] = [[] for _ in frames]
        owners, boxes = self._propose(frames)
        if not owners.size:
            return faces
        owners, squares, boxes, scores, _ = self._refine('rnet', frames, owners, boxes)
        # As in the reference, suppression precedes the regression of R-Net and follows
        # that of O-Net.
        keep = nms(squares, scores, owners, threshold=0.7)
        if not keep.size:
            return faces
        owners, _, boxes, scores, points = self._refine(
            'onet', frames, owners[keep], boxes[keep]
        )
        keep = nms(boxes, scores, owners, threshold=0.7, of_smaller=True)
        for i in keep[np.argsort(-scores[keep], kind='stable')]:
            box, landmarks = boxes[i].astype(np.float32), ordered_landmarks(points[i])
            faces[owners[i]].append(Face(box, float(scores[i]), landmarks))
        return faces

    def _levels(self, height: int, width: int) -> Iterator[tuple[int, int]]:
        """Sizes of the pyramid, (width, height), while P-Net's window fits."""
        factor = _WINDOW / self.min_face
        while min(height, width) * factor >= _WINDOW:
            yield round(width * factor), round(height * factor)
            factor *= self.scale

    def _propose(self, frames: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Run P-Net over the pyramid: owners (K,) and boxes (K, 4)."""
        height, width = frames[0].shape[:2]
        small = [shrink(frame, self.max_side)[0] for frame in frames]
        found: list[list[np.ndarray]] = []
        for size in self._levels(*small[0].shape[:2]):
            images = np.stack([_resize(frame, size) for frame in small])
            maps, offsets = self._run(self._networks['pnet'], images)
            owners, rows, columns = np.nonzero(maps >= self.thresholds['pnet'])
            corner = _STRIDE * np.stack([columns, rows], axis=1)
            back = np.array([width / size[0], height / size[1]])
            boxes = np.hstack([corner * back, (corner + _WINDOW) * back])
            scores = maps[owners, rows, columns]
            keep = nms(boxes, scores, owners, threshold=0.5)
            offsets = offsets[owners, :, rows, columns]
            found.append([part[keep] for part in (owners, boxes, scores, offsets)])
        if not found:
            return np.zeros(0, int), np.zeros((0, 4))
        owners, boxes, scores, offsets = map(np.concatenate, zip(*found))
        keep = nms(boxes, scores, owners, threshold=0.7)
        return owners[keep], _moved(boxes[keep], offsets[keep])

    def _refine(
        self, name: str, frames: list[np.ndarray], owners: np.ndarray, boxes: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """Run R-Net or O-Net on the squares around the boxes; keep the accepted ones.

        Returns:
            tuple[np.ndarray]: For the K accepted ones: owners (K,), squares (K, 4),
            squares
            moved by the network (K, 4), scores (K,) and landmarks (K, 5, 2), which
            R-Net does not give (K, 0, 2).
        """
        size, network, squares = _CROPS[name], self._networks[name], _squares(boxes)
        parts = []
        for start in range(0, len(squares), _CHUNK):
            part = slice(start, start + _CHUNK)
            pairs = zip(owners[part], squares[part])
            crops = np.stack([_crop(frames[i], box, size) for i, box in pairs])
            parts.append(self._run(network, crops))
        scores, offsets, *points = map(np.concatenate, zip(*parts))
        keep = scores >= self.thresholds[name]
        squares = squares[keep].astype(float)
        # Five x, then five y, as shares of the square.
        shares = points[0][keep] if points else np.zeros((len(squares), 0))
        shares = shares.reshape(len(squares), 2, shares.shape[1] // 2).swapaxes(1, 2)
        sides = squares[:, None, 2:] - squares[:, None, :2]
        landmarks = squares[:, None, :2] + shares * sides
        moved = _moved(squares, offsets[keep])
        return owners[keep], squares, moved, scores[keep], landmarks


def nms(
    boxes: np.ndarray,
    scores: np.ndarray,
    owners: np.ndarray,
    *,
    threshold: float,
    of_smaller: bool = False,
) -> np.ndarray:
    """Non-maximum suppression: drop boxes that overlap a better one of their frame.

    Args:
        boxes (np.ndarray): x1, y1, x2, y2, of shape (K, 4).
        scores (np.ndarray): Of shape (K,).
        owners (np.ndarray): Number of the frame of each box, of shape (K,).
        threshold (float): Overlap in [0, 1] above which the worse box is dropped.
        of_smaller (bool): Measure the overlap as a share of the smaller box instead of
            the union, which also drops boxes inside others. Defaults to False.

    Returns:
        np.ndarray: Indices of the boxes that are kept, of shape (M,).

    Examples:
        >>> boxes = np.array([[0, 0, 9, 9], [0, 0, 9, 8], [0, 0, 9, 8]])
        >>> nms(boxes, np.array([0.7, 0.9, 0.8]), np.array([0, 0, 1]), threshold=0.5)
        array([1, 2])
    """
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    kept = []
    order = np.argsort(-scores, kind='stable')
    for owner in np.unique(owners):
        left = order[owners[order] == owner]
        while left.size:
            best, left = left[0], left[1:]
            kept.append(best)
            low = np.maximum(boxes[best, :2], boxes[left, :2])
            high = np.minimum(boxes[best, 2:], boxes[left, 2:])
            shared = np.prod(np.clip(high - low, 0, None), axis=1)
            if of_smaller:
                whole = np.minimum(areas[best], areas[left])
            else:
                whole = areas[best] + areas[left] - shared
            left = left[shared <= threshold * whole]
    return np.array(kept, int)


def _moved(boxes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Add offsets (K, 4), in shares of width and height, to boxes (K, 4)."""
    return boxes + offsets * np.tile(boxes[:, 2:] - boxes[:, :2], 2)


def _squares(boxes: np.ndarray) -> np.ndarray:
    """Squares of whole pixels with the centre and the longer side of each box."""
    sides = np.rint((boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True))
    sides = np.maximum(sides, 1)
    corners = np.rint((boxes[:, :2] + boxes[:, 2:] - sides) / 2)
    return np.hstack([corners, corners + sides]).astype(int)


def _resize(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    shrinks = size[0] < image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=method)


def _crop(frame: np.ndarray, square: np.ndarray, size: int) -> np.ndarray:
    """Crop a square and resize it; pixels outside the frame are black."""
    x1, y1, x2, y2 = square
    patch = frame[max(y1, 0) : max(y2, 0), max(x1, 0) : max(x2, 0)]
    if patch.shape[:2] != (y2 - y1, x2 - x1):
        whole = np.zeros((y2 - y1, x2 - x1, 3), np.uint8)
        top, left = max(-y1, 0), max(-x1, 0)
        whole[top : top + patch.shape[0], left : left + patch.shape[1]] = patch
        patch = whole
    return _resize(patch, (size, size))
