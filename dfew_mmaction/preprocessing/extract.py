"""One film to one clip of DFEW's tree."""

import csv
import shutil
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import islice
from json import dumps, loads
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Union

import cv2
import numpy as np
from threadpoolctl import threadpool_limits

from ..utils import DecodeError, write_beside
from .alignment import align_face
from .detectors import Face, FaceDetector, build_detector
from .interpolation import interpolate_frames
from .tracking import main_face
from .video import open_film

#: Frames that the detector is given at a time.
BATCH = 16
#: What stops a run: the fault is not the film's.
FATAL = (ImportError, MemoryError, PermissionError)
FACES_HEADER = ['frame', 'score', 'left', 'top', 'right', 'bottom'] + [
    f'{axis}{point}' for point in range(1, 6) for axis in 'xy'
]


@dataclass(frozen=True)
class Extraction:
    """How films become clips.

    Attributes:
        detector (dict): ``type`` and arguments of a face detector.
        decoder (str): See :func:`.open_film`.
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
    def from_json(cls, text: str) -> 'Extraction':
        """The settings that :meth:`to_json` wrote."""
        return cls(**loads(text))


def clip_paths(out: Union[str, Path], clip: int, how: Extraction) -> Dict[str, Path]:
    """Where the parts of a clip lie in the tree.

    Returns:
        dict[str, Path]: ``frames``, ``interpolated`` (folders), ``avi`` and ``faces``
        (files), whether they exist or not.
    """
    home, side = Path(out) / 'Clip', f'{how.size}x{how.size}'
    return dict(
        frames=home / f'clip_{side}' / f'{clip:05d}',
        interpolated=home / f'clip_{side}_{how.num_frames}f' / f'{clip:05d}',
        avi=home / f'clip_{side}_avi' / f'{clip:05d}.avi',
        faces=Path(out) / 'extraction' / 'faces' / f'{clip:05d}.csv',
    )


# The number of threads changes how sums of floats are rounded, and so a pixel here or
# there: trees are to be equal whoever made them.
@threadpool_limits.wrap(limits=1)
def extract_clip(video: str, clip: int, out: str, settings: str) -> dict:
    """Detect, follow and align the face of a film, and write its clip.

    The film is read twice, to find the faces and to cut them out, so that no more than
    the aligned frames are in memory. All parts are there when this returns, or none.

    Args:
        video (str): The film.
        clip (int): Number of the clip.
        out (str): Root of the tree.
        settings (str): :class:`Extraction` as JSON.

    Returns:
        dict: Row of the manifest, and ``seconds`` by ``detect`` (with decoding),
        ``align`` (with decoding) and ``write``. A film that cannot be read, or
        whose faces cannot be found or aligned, is a row with ``error``.
    """
    how = Extraction.from_json(settings)
    row = dict(
        clip=clip, video=video, frames=0, useful=0, faces=0, fps=0.0, kept=False,
        reason='', error='', seconds={},
    )  # fmt: skip
    paths = clip_paths(out, clip, how)
    for path in paths.values():
        _remove(path)
        _remove(_part(path))
    clock = time.perf_counter()
    try:
        film = open_film(video, how.decoder)
        found, size = _detect(film.frames, video, _detector(settings))
        if not found:
            raise DecodeError(f"'{video}' has no frame")
        chosen = main_face(found, size)
        row.update(
            fps=round(film.fps, 3),
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
        clock = time.perf_counter()
        frames = open_film(video, how.decoder).frames
        aligned = [
            align_face(frame, face, how.size, how.margin)
            for frame, face in zip(frames, chosen)
            if face is not None
        ]
        row['seconds']['align'] = time.perf_counter() - clock
    except FATAL:
        raise
    except Exception as error:  # decoders and detectors have errors of their own
        row['error'] = f"'{video}': {str(error).strip() or type(error).__name__}"
        if isinstance(error, DecodeError):
            row['error'] = str(error)
        return row
    clock = time.perf_counter()
    numbers = [index + 1 for index, face in enumerate(chosen) if face is not None]
    _write_clip(paths, clip, aligned, numbers, film.fps, how)
    _write_faces(paths['faces'], chosen)
    row['seconds']['write'] = time.perf_counter() - clock
    row['kept'] = True
    return row


@lru_cache(maxsize=1)
def _detector(settings: str) -> FaceDetector:
    """The detector of this process; loading one takes longer than a clip."""
    return build_detector(Extraction.from_json(settings).detector)


def _detect(frames: Iterator[np.ndarray], video: str, detector: FaceDetector) -> tuple:
    """Faces of each frame, and width and height of the frames."""
    detector.open(Path(video))
    found: List[List[Face]] = []
    size = (0, 0)
    while batch := list(islice(frames, BATCH)):
        size = batch[0].shape[1::-1]
        found.extend(detector.detect(batch))
    return found, size


def _write_clip(
    paths: Dict[str, Path],
    clip: int,
    aligned: Sequence[np.ndarray],
    numbers: Sequence[int],
    fps: float,
    how: Extraction,
) -> None:
    short = interpolate_frames(np.stack(aligned), how.num_frames)
    names = [f'{clip:05d}_{number:05d}.jpg' for number in numbers]
    with _whole(paths['frames']) as folder:
        _write_frames(folder, names, aligned, how.quality)
    with _whole(paths['interpolated']) as folder:
        names = [f'{i}.jpg' for i in range(1, how.num_frames + 1)]
        _write_frames(folder, names, short, how.quality)
    if how.avi:
        with write_beside(paths['avi']) as path:
            kind = cv2.VideoWriter_fourcc(*'XVID')
            side = (how.size, how.size)
            writer = cv2.VideoWriter(str(path), kind, fps or 25, side)
            if not writer.isOpened():
                raise OSError(f"OpenCV cannot write '{path}' with codec XVID")
            for frame in aligned:
                writer.write(frame)
            writer.release()


def _write_frames(
    folder: Path, names: Sequence[str], frames: Sequence[np.ndarray], quality: int
) -> None:
    for name, frame in zip(names, frames, strict=True):
        options = [cv2.IMWRITE_JPEG_QUALITY, quality]
        (folder / name).write_bytes(cv2.imencode('.jpg', frame, options)[1].tobytes())


def _write_faces(path: Path, chosen: Sequence[Optional[Face]]) -> None:
    with write_beside(path) as beside, open(beside, 'w', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(FACES_HEADER)
        for index, face in enumerate(chosen):
            if face is not None:
                points = [] if face.landmarks is None else np.ravel(face.landmarks)
                numbers = [face.score, *face.box, *points]
                cells = [f'{float(number):.3f}' for number in numbers]
                blanks = [''] * (len(FACES_HEADER) - 1 - len(cells))
                writer.writerow([index, *cells, *blanks])


def _part(path: Path) -> Path:
    return path.with_name(f'.part-{path.name}')


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder to fill, which takes its name when it is full."""
    part = _part(folder)
    part.mkdir(parents=True)
    yield part
    part.rename(folder)
