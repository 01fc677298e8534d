"""One video to one clip of DFEW's tree."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import islice
from json import dumps, loads
from pathlib import Path
from typing import Any

import cv2
from threadpoolctl import threadpool_limits

from ..faces.alignment import align_face
from ..faces.detectors import Face, FaceDetector, build_detector
from ..faces.tracking import main_face
from ..utils import DecodeError
from ..video import open_video
from .clip_files import clip_paths, remove_clip, whole_clip, write_clip, write_faces

#: Frames that the detector is given at a time.
BATCH = 16
#: What stops a run: the fault is not the video's.
FATAL = (ImportError, MemoryError, PermissionError)


@dataclass(frozen=True)
class ExtractionSettings:
    """How videos become clips.

    Attributes:
        detector (dict): ``type`` and arguments of a face detector.
        decoder (str): See :func:`.open_video`.
        size (int): Side of the aligned frames in pixels.
        margin (float): See :func:`.align_face`.
        num_frames (int): Of the clips that are interpolated.
        min_useful (float): Share of frames with a face that a clip needs, in [0, 1].
        avi (bool): Whether to write the aligned frames as video too.
        quality (int): Of the JPEGs, 1 to 100.
    """

    detector: dict = field(default_factory=lambda: dict(type='mtcnn'))
    decoder: str = 'auto'
    size: int = 224
    margin: float = 0.0
    num_frames: int = 16
    min_useful: float = 0.5
    avi: bool = False
    quality: int = 95

    def __post_init__(self) -> None:
        for name, low, high in (
            ('size', 8, 4096), ('margin', -0.49, 10), ('num_frames', 1, 10_000),
            ('min_useful', 0, 1), ('quality', 1, 100),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                raise ValueError(
                    f'{name} must be in [{low}, {high}], got {getattr(self, name)}'
                )

    def to_json(self) -> str:
        """As text that :meth:`from_json` reads."""
        return dumps(asdict(self), indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> 'ExtractionSettings':
        """The settings that :meth:`to_json` wrote."""
        return cls(**loads(text))


# The number of threads changes how sums of floats are rounded, and so a pixel here or
# there: trees are to be equal whoever made them.
@threadpool_limits.wrap(limits=1)
def extract_clip(video: str, clip: int, out: str, settings: str) -> dict:
    """Detect, follow and align the face of a video, and write its clip.

    The video is read twice, to find the faces and to cut them out, so that a few frames
    are in memory however long it is. All parts are there when this returns, or none.

    Args:
        video (str): The video.
        clip (int): Number of the clip.
        out (str): Root of the tree.
        settings (str): :class:`ExtractionSettings` as JSON.

    Returns:
        dict: Row of the manifest, and ``seconds`` by ``detect`` (with decoding),
        ``align`` (with decoding) and ``write``. A video that cannot be read, or
        whose faces cannot be found or aligned, is a row with ``error``.
    """
    how = ExtractionSettings.from_json(settings)
    row: dict[str, Any] = dict(
        clip=clip, video=video, frames=0, useful=0, faces=0, fps=0.0, kept=False,
        reason='', error='', seconds={},
    )  # fmt: skip
    paths = clip_paths(out, clip, how)
    remove_clip(paths)
    clock = time.perf_counter()
    try:
        opened = open_video(video, how.decoder)
        found, size = _detect(opened.frames, video, _detector(settings))
        if not found:
            raise DecodeError(f"'{video}' has no frame")
        chosen = main_face(found, size)
        again = open_video(video, how.decoder)
    except FATAL:
        raise
    except Exception as error:  # decoders and detectors have errors of their own
        return row | dict(error=_sentence(video, error))
    row.update(
        fps=round(opened.fps, 3),
        frames=len(found),
        useful=sum(face is not None for face in chosen),
        faces=max(map(len, found)),
    )
    row['seconds']['detect'] = time.perf_counter() - clock
    if not row['useful'] or row['useful'] < how.min_useful * row['frames']:
        row['reason'] = (
            f'a face in {row["useful"]} of {row["frames"]} frames, fewer than '
            f'{how.min_useful:.0%}'
        )
        return row
    aligned = (
        align_face(frame, face, how.size, margin=how.margin)
        for (_, frame), face in zip(again.frames, chosen)
        if face is not None
    )
    numbers = [index + 1 for index, face in enumerate(chosen) if face is not None]
    try:
        with whole_clip(paths) as parts:
            seconds = write_clip(parts, clip, aligned, numbers, opened.fps, how)
            write_faces(parts['faces'], chosen)
    except (DecodeError, ValueError, cv2.error) as error:
        # Not OSError: a disk that is full is not the video's fault.
        return row | dict(error=_sentence(video, error))
    row['seconds'].update(seconds)
    row['kept'] = True
    return row


def _sentence(video: str, error: Exception) -> str:
    if isinstance(error, DecodeError):
        return str(error)
    return f"'{video}': {str(error).strip() or type(error).__name__}"


@lru_cache(maxsize=1)
def _detector(settings: str) -> FaceDetector:
    """The detector of this process; loading one takes longer than a clip."""
    return build_detector(ExtractionSettings.from_json(settings).detector)


def _detect(frames: Iterator, video: str, detector: FaceDetector) -> tuple:
    """Faces of each frame, and width and height of the frames."""
    detector.open(Path(video))
    found: list[list[Face]] = []
    size = (0, 0)
    while batch := list(islice(frames, BATCH)):
        size = batch[0][1].shape[1::-1]
        found.extend(detector.detect([frame for _, frame in batch]))
    return found, size
