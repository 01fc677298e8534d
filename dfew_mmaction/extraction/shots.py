"""Shots of a video and the main face of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from ..faces.detectors import Face, FaceDetector
from ..faces.tracking import count_jumps, main_face
from ..video import mark_cuts

#: Frames that the detector receives at a time.
BATCH = 16


@dataclass(frozen=True)
class DetectedFaces:
    """All faces of a video.

    Attributes:
        faces (list[list[Face]]): The faces of each frame.
        cuts (list[int]): Numbers of the first frames of the shots, from 0, except the
            first shot's.
        size (tuple[int, int]): Width and height of the frames in pixels.
    """

    faces: list[list[Face]]
    cuts: list[int]
    size: tuple[int, int]


@dataclass(frozen=True)
class Shot:
    """A part of a video that becomes a clip.

    Attributes:
        number (int): From 1; 0 if it is the complete video.
        start (int): Number of its first frame in the video, from 0.
        chosen (list[Face | None]): The main face of each of its frames.
        most_faces (int): Most faces in one of its frames.
        cuts (int): Shot cuts inside it.
        jumps (int): See :func:`.count_jumps`.
    """

    number: int
    start: int
    chosen: list[Face | None]
    most_faces: int
    cuts: int
    jumps: int

    @property
    def useful(self) -> int:
        """Frames with a face."""
        return sum(face is not None for face in self.chosen)

    @property
    def stop(self) -> int:
        """Number of the first frame after it."""
        return self.start + len(self.chosen)


def detect_faces(
    frames: Iterable[tuple[float, np.ndarray]], video: str, detector: FaceDetector
) -> DetectedFaces:
    """Detect faces and shot cuts of a video, with few frames in memory.

    Args:
        frames (Iterable[tuple[float, np.ndarray]]): Frames of ``open_video``.
        video (str): Its path, for detectors that read files.
        detector (FaceDetector): The detector.
    """
    detector.open(Path(video))
    faces: list[list[Face]] = []
    cuts: list[int] = []
    size = (0, 0)
    marked = mark_cuts(frames)
    while batch := list(islice(marked, BATCH)):
        cuts += [len(faces) + i for i, (_, _, is_cut) in enumerate(batch) if is_cut]
        size = (batch[0][1].shape[1], batch[0][1].shape[0])
        faces.extend(detector.detect([frame for _, frame, _ in batch]))
    return DetectedFaces(faces, cuts, size)


def make_shots(found: DetectedFaces, split: bool) -> list[Shot]:
    """Choose the main face of the video, or of each of its shots.

    Args:
        found (DetectedFaces): The faces.
        split (bool): Whether each shot is a separate clip.
    """
    total = len(found.faces)
    edges = [0, *found.cuts, total] if split and found.cuts else [0, total]
    shots = []
    for number, (start, stop) in enumerate(zip(edges, edges[1:]), 1):
        faces = found.faces[start:stop]
        cuts = [cut - start for cut in found.cuts if start < cut < stop]
        chosen = main_face(faces, found.size, cuts)
        shots.append(
            Shot(
                number if len(edges) > 2 else 0, start, chosen,
                max(map(len, faces), default=0), len(cuts), count_jumps(chosen, cuts),
            )
        )  # fmt: skip
    return shots


def frames_of(
    shot: Shot, frames: Iterator[tuple[int, np.ndarray]]
) -> Iterator[tuple[np.ndarray, Face]]:
    """Select the frames of a shot that have a face."""
    for index, frame in frames:
        if index < shot.start:
            continue
        face = shot.chosen[index - shot.start]
        if face is not None:
            yield frame, face
        if index == shot.stop - 1:
            return
