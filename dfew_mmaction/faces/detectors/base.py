"""The interface of face detectors, and their registry."""

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import cv2
import numpy as np
from mmengine.registry import Registry

#: Detector classes by name; add one by ``@DETECTORS.register_module('name')``.
DETECTORS = Registry('face detector', scope='dfew_mmaction')


@dataclass(frozen=True, eq=False)
class Face:
    """One face of one frame.

    Attributes:
        box (np.ndarray): x1, y1, x2, y2 in pixels of the frame, of shape (4,),
            float32. It may lie partly outside the frame.
        score (float): Confidence in [0, 1].
        landmarks (np.ndarray, optional): Eye, eye, nose, mouth corner, mouth corner in
            pixels, of shape (5, 2), float32; in each pair the one with the smaller x
            first. None where the detector gives boxes only.
    """

    box: np.ndarray
    score: float
    landmarks: np.ndarray | None = None


class FaceDetector:
    """Finds faces in the frames of a video.

    A new detector is a subclass with :meth:`detect`, registered in ``DETECTORS``.

    Attributes:
        needs_all_frames (bool): Whether it must receive each frame of a video, such as
            to count them. False for most, which process a frame by its pixels.
    """

    needs_all_frames = False

    def open(self, video: str | Path) -> None:
        """Prepare for the frames of a video.

        Called once before the first frame of each video. Most detectors use the pixels
        only and do nothing here.

        Args:
            video (str | Path): Path of the video.
        """

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        """Find the faces of some frames.

        Args:
            frames (Sequence[np.ndarray]): Frames of one video in order, uint8 of shape
                (H, W, 3) in BGR. A long video may be passed in pieces; the frames may
                differ in size.

        Returns:
            list[list[Face]]: The faces of each frame, best score first.

        Raises:
            ValueError: If a frame is not such an array.
        """
        raise NotImplementedError

    def follow(
        self, frames: Sequence[np.ndarray], guesses: Sequence[Sequence[Face]]
    ) -> list[list[Face] | None]:
        """Place faces whose approximate positions are known, without a search.

        This implementation returns the guesses.

        Args:
            frames (Sequence[np.ndarray]): As for :meth:`detect`.
            guesses (Sequence[Sequence[Face]]): The approximate faces of each frame.

        Returns:
            list[list[Face] | None]: The faces of each frame in the order of the
            guesses; None for a frame in which one of them could not be confirmed.
        """
        return [list(faces) for faces in guesses]


def build_detector(detector: str | dict, **options: Any) -> FaceDetector:
    """Build a detector from its name or a config.

    Args:
        detector (str | dict): A name of ``DETECTORS``, or a dict with the name as
            ``type`` and options of the class.
        **options: Further options, which override those of the dict.

    Returns:
        FaceDetector: The detector.

    Raises:
        ValueError: If no detector has this name, or not these options.

    Examples:
        >>> faces = build_detector('none').detect([np.zeros((4, 6, 3), np.uint8)])
        >>> faces[0][0].box.tolist()
        [0.0, 0.0, 6.0, 4.0]
    """
    config = {'type': detector} if isinstance(detector, str) else dict(detector)
    name = config.pop('type', None)
    # Registry.get would import the module of a dotted name.
    known = DETECTORS.module_dict
    if name not in known:
        raise ValueError(
            f'unknown face detector {name!r}; expected one of '
            f'{", ".join(sorted(known))}'
        )
    config.update(options)
    try:
        inspect.signature(known[name]).bind(**config)
    except TypeError as error:
        raise ValueError(f'face detector {name!r}: {error}') from None
    try:
        hints = get_type_hints(known[name].__init__)
    except NameError:  # a type that is imported for type checkers only
        hints = {}
    for option, value in config.items():
        if wanted := _wrong(value, hints.get(option)):
            raise ValueError(
                f'face detector {name!r}: {option} must be {wanted}, got {value!r}'
            )
    return known[name](**config)


def _wrong(value: Any, hint: Any) -> str:
    """What a number must be by its annotation; empty if it is, or is no number."""
    if get_origin(hint) is Sequence:
        right = isinstance(value, (list, tuple)) and not any(
            _wrong(item, *get_args(hint)) for item in value
        )
        return '' if right else 'a list of numbers'
    kinds = get_args(hint) or (hint,)
    if value is None and type(None) in kinds or not {int, float} & {*kinds}:
        return ''
    if isinstance(value, (int, float)) and math.isfinite(value):
        whole = float in kinds or value == int(value)
        return '' if whole else 'a whole number'
    return 'a number' if float in kinds else 'a whole number'


def check_thresholds(*thresholds: float) -> None:
    """Refuse thresholds outside [0, 1], and NaN, with which no face is found."""
    if not all(0 <= value <= 1 for value in thresholds):
        raise ValueError(f'thresholds must be in [0, 1], got {thresholds}')


def ordered_landmarks(points: np.ndarray) -> np.ndarray:
    """Sort the two eyes, and the two mouth corners, by x.

    Some detectors use left and right of the person, others of the picture. Sorted, they
    are the same points.

    Args:
        points (np.ndarray): Eye, eye, nose, mouth corner, mouth corner, of shape
            (..., 5, 2), x before y.

    Returns:
        np.ndarray: The points in order, float32 of the same shape.

    Raises:
        ValueError: If the shape is different.

    Examples:
        >>> ordered_landmarks([[9, 1], [2, 1], [5, 5], [3, 8], [8, 8]])[:, 0].tolist()
        [2.0, 9.0, 5.0, 3.0, 8.0]
    """
    points = np.array(points, np.float32)
    if points.shape[-2:] != (5, 2):
        raise ValueError(f'expected points of shape (..., 5, 2), got {points.shape}')
    for pair in ((0, 1), (3, 4)):
        both = points[..., pair, :]
        order = np.argsort(both[..., 0], axis=-1, kind='stable')
        points[..., pair, :] = np.take_along_axis(both, order[..., None], axis=-2)
    return points


def check_frames(frames: Sequence[np.ndarray]) -> None:
    """Check that frames are colour pictures.

    Args:
        frames (Sequence[np.ndarray]): The argument of ``detect``.

    Raises:
        ValueError: If a frame is not uint8 of shape (H, W, 3) or has no pixel.
    """
    for index, frame in enumerate(frames):
        dtype, shape = getattr(frame, 'dtype', type(frame)), np.shape(frame)
        if dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
            raise ValueError(
                f'frame {index} is {dtype} of shape {shape}; face detectors take uint8 '
                'of shape (H, W, 3) in BGR'
            )


def shrink(frame: np.ndarray, max_side: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Shrink a frame for the search.

    Args:
        frame (np.ndarray): Image of shape (H, W, 3).
        max_side (int, optional): Longest side allowed, in pixels; None for no limit.

    Returns:
        tuple: The frame, shrunk if necessary, and the factors that map x and y back to
        pixels of the input, float32 of shape (2,).

    Examples:
        >>> small, back = shrink(np.zeros((100, 400, 3), np.uint8), 200)
        >>> small.shape, back.tolist()
        ((50, 200, 3), [2.0, 2.0])
    """
    height, width = frame.shape[:2]
    longest = max(height, width)
    if max_side is None or longest <= max_side:
        return frame, np.ones(2, np.float32)
    size = [max(1, round(side * max_side / longest)) for side in (width, height)]
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    return small, np.array([width / size[0], height / size[1]], np.float32)
