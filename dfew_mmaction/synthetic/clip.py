"""One clip: the video scene and its aligned faces."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .expressions import ACTION_UNITS, CLASSES, perform, sample_peak
from .face import draw_face
from .identity import Identity
from .occlusion import Occlusion
from .pose import Pose
from .scene import Scene
from .timing import wander

FACE_SIZE = 224
# Points for the alignment (both eyes, nose, mouth), and their aligned positions.
_MARKS = np.array([(-0.43, 0.0), (0.43, 0.0), (0.0, 0.5), (0.0, 0.97)])
_FACE_SCALE = 79.0  # pixels a face unit
_TEMPLATE = _MARKS * _FACE_SCALE + (FACE_SIZE / 2, 88.0)


@dataclass(frozen=True)
class Clip:
    """A drawn clip.

    Attributes:
        scene (np.ndarray): Frames of the video, shape (N, H, W, 3), uint8, BGR.
        faces (np.ndarray): Aligned faces, shape (M, 224, 224, 3), uint8, BGR.
        found (np.ndarray): Numbers of the scene frames, from 0, whose face was
            found, shape (M,), increasing. M is N minus the few missed ones.
        units (np.ndarray): Action units of the performance, shape
            (N, len(ACTION_UNITS), 2), 0 to 1, without those of the resting face.
        quality (int): JPEG quality of the clip, 1 to 100.
    """

    scene: np.ndarray
    faces: np.ndarray
    found: np.ndarray
    units: np.ndarray
    quality: int


def draw_clip(
    seed: int | Sequence[int],
    person: Identity,
    expressions: Sequence[str],
    num_frames: int,
    peak: float | None = None,
    min_faces: int = 1,
    hidden: bool = False,
) -> Clip:
    """Draw a clip.

    Args:
        seed (int | Sequence[int]): All random choices depend only on it.
        person (Identity): The person.
        expressions (Sequence[str]): One of the seven classes, or two that share the
            clip.
        num_frames (int): Number of frames of the scene, at 25 per second.
        peak (float, optional): Intensity at the apex, 0 to 1. Defaults to None:
            drawn.
        min_faces (int): Least number of found faces; in some clips a few are missed.
            Defaults to 1.
        hidden (bool): Whether the face is outside the picture most of the time, so that
            few faces are found. Defaults to False.

    Returns:
        Clip: The clip.

    Raises:
        ValueError: If an expression is unknown or there is no frame.

    Examples:
        >>> person = Identity.sample(np.random.default_rng(1))
        >>> clip = draw_clip(7, person, ['happy'], num_frames=12)
        >>> clip.scene.shape[0], clip.faces.shape[1:]
        (12, (224, 224, 3))
    """
    unknown = [name for name in expressions if name not in CLASSES]
    if unknown or not expressions:
        raise ValueError(f'expressions must be from {CLASSES}, got {expressions!r}')
    if num_frames < 1:
        raise ValueError(f'num_frames must be at least 1, got {num_frames}')
    rng = np.random.default_rng(seed)
    peak = sample_peak(rng) if peak is None else peak
    units = perform(rng, expressions, num_frames, peak)
    width, height = ((480, 360), (400, 300), (320, 240))[rng.integers(3)]
    scene = Scene(rng, width, height, num_frames, person.style)
    poses = _sample_poses(rng, width, height, num_frames, hidden)
    gaze = _sample_gaze(rng, num_frames)
    things = [Occlusion(rng, num_frames)] if rng.random() < 0.12 else []
    clothes = tuple(rng.uniform(30, 225, 3))
    jitter = rng.normal(0, 1, (num_frames, 4)) * (0.6, 0.6, 0.003, 0.003)
    found = _sample_found(rng, num_frames, min_faces, hidden)
    quality = int(rng.integers(55, 93))
    frames, faces = [], []
    for index, pose in enumerate(poses):
        image = scene.empty(index)
        frame_units = dict(zip(ACTION_UNITS, units[index], strict=True))
        light = float(scene.light[index])
        look = (float(gaze[0, index]), float(gaze[1, index]))
        draw_face(image, person, frame_units, pose, light, look, clothes)
        for thing in things:
            thing.draw(image, person, pose, index)
        image = scene.video(image, index)
        frames.append(image)
        if found[index]:
            faces.append(align_face(image, pose, jitter[index]))
    numbers = np.flatnonzero(found)
    return Clip(
        np.stack(frames),
        np.reshape(faces, (-1, FACE_SIZE, FACE_SIZE, 3)).astype(np.uint8),
        numbers,
        units,
        quality,
    )


def align_face(
    image: np.ndarray, pose: Pose, jitter: Sequence[float] = (0, 0, 0, 0)
) -> np.ndarray:
    """Align a face to the fixed template by a similarity transform.

    Args:
        image (np.ndarray): Frame of the scene, shape (H, W, 3), uint8.
        pose (Pose): The head in this frame.
        jitter (Sequence[float]): Error of the alignment: shift right and down in pixels
            of the face, relative scale, rotation in radians. Defaults to none.

    Returns:
        np.ndarray: The face, shape (224, 224, 3), uint8; black outside the frame.
    """
    marks = pose.to_picture(pose.surface(_MARKS))
    # Least squares for a similarity, with points as complex numbers.
    source, target = marks @ (1, 1j), _TEMPLATE @ (1, 1j)
    centre, wanted = source.mean(), target.mean()
    spread = source - centre
    factor = np.vdot(spread, target - wanted) / np.vdot(spread, spread).real
    factor *= (1 + jitter[2]) * np.exp(1j * jitter[3])
    offset = wanted + jitter[0] + 1j * jitter[1] - factor * centre
    a, b = factor.real, factor.imag
    matrix = np.array([[a, -b, offset.real], [b, a, offset.imag]])
    return cv2.warpAffine(image, matrix, (FACE_SIZE, FACE_SIZE))


def _sample_poses(rng, width, height, num_frames, hidden):
    def move(size, period=30.0):
        return size * wander(rng, num_frames, rng.uniform(0.6, 1.6) * period)

    lively = rng.uniform(0.3, 1.3)
    scale = height * rng.uniform(0.19, 0.245)
    x = width * rng.uniform(0.42, 0.58) + lively * move(0.02 * width)
    y = height * rng.uniform(0.4, 0.46) + lively * move(0.012 * height)
    if hidden:
        x = x + rng.choice([-1, 1]) * 0.75 * width
    scale = scale * (1 + 0.02 * move(1.0, 50.0))
    roll = rng.normal(0, 0.08) + lively * move(0.05)
    yaw = rng.normal(0, 0.08) + lively * move(0.07)
    pitch = rng.normal(0, 0.05) + lively * move(0.04)
    yaw, pitch = np.clip(yaw, -0.28, 0.28), np.clip(pitch, -0.14, 0.14)
    columns = zip(x, y, scale, roll, yaw, pitch, strict=True)
    return [Pose(*map(float, values)) for values in columns]


def _sample_gaze(rng, num_frames):
    """Gaze right and down in face units, shape (2, num_frames), with saccades."""
    jumps = np.cumsum(rng.random(num_frames) < 0.05)
    goals = rng.normal(0, 1, (jumps[-1] + 1, 2)) * (0.035, 0.012)
    return goals[jumps].T


def _sample_found(rng, num_frames, min_faces, hidden):
    found = np.ones(num_frames, bool)
    if hidden:
        found[:] = False
        count = int(rng.integers(0, min(6, num_frames)))
        found[rng.choice(num_frames, count, replace=False)] = True
        return found
    if rng.random() < 0.15:
        count = min(int(rng.integers(1, 5)), max(num_frames - min_faces, 0))
        found[rng.choice(num_frames, count, replace=False)] = False
    return found
