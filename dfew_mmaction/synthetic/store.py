"""Files of a synthetic set, each written atomically."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from ..clips.interpolation import interpolate_frames
from ..utils import atomic_folder
from .clip import Clip, draw_clip
from .expressions import CLASSES
from .identity import Identity
from .plan import PlannedClip

#: Sources of a clip, named as in the data set class.
SOURCES = ('16f', 'frames', 'video', 'original')

ANNOTATION = Path('Annotation', 'annotation.xlsx')
SPLITS = 'EmoLabel_DataSplit'
FOLDERS = {
    '16f': Path('Clip', 'clip_224x224_16f'),
    'frames': Path('Clip', 'clip_224x224'),
    'video': Path('Clip', 'clip_224x224_avi'),
    'original': Path('Clip', 'original'),
}
_FPS = 25


def item_path(source: str, number: int) -> Path:
    """Path of one source of one clip, relative to the root."""
    name = {'video': f'{number:05d}.avi', 'original': f'{number}.mp4'}
    return FOLDERS[source] / name.get(source, f'{number:05d}')


def planned_sources(clip: PlannedClip, sources: Sequence[str]) -> list[str]:
    """The ``sources`` that exist for a clip."""
    return [s for s in sources if clip.has_faces or s == 'original']


def split_path(part: str, fold: int) -> Path:
    """Path of one list of a split (``part`` is 'train' or 'test')."""
    return Path(SPLITS, f'{part}(single-labeled)', f'set_{fold}.csv')


def write_clip(
    root: Path, clip: PlannedClip, sources: Sequence[str], arguments: dict
) -> None:
    """Draw a clip and write its sources.

    Args:
        root (Path): Root of the set.
        clip (PlannedClip): What to draw.
        sources (Sequence[str]): Sources to write, from :data:`SOURCES`.
        arguments (dict): The arguments ``seed``, ``style`` and ``min_frames`` of
            :func:`.make_demo`.
    """
    seed = arguments['seed']
    looks = np.random.default_rng([seed, 2, clip.identity])
    drawn = draw_clip(
        [seed, 3, clip.number],
        Identity.sample(looks, arguments['style']),
        clip.expressions,
        clip.num_frames,
        peak=clip.peak,
        min_faces=arguments['min_frames'],
        hidden=not clip.has_faces,
    )
    write_sources(root, clip.number, sources, drawn)


def write_sources(
    root: Path, number: int, sources: Sequence[str], drawn: Clip, fps: float = _FPS
) -> None:
    """Write the sources of a drawn or rendered clip.

    Args:
        root (Path): Root of the set.
        number (int): Clip number.
        sources (Sequence[str]): Sources to write, from :data:`SOURCES`.
        drawn (Clip): The clip.
        fps (float): Frames per second of the videos. Defaults to 25.
    """
    for source in sources:
        with atomic_folder(root / item_path(source, number)) as part:
            if source == 'original':
                _write_video(part, drawn.scene, 'mp4v', fps)
            elif source == 'video':
                _write_video(part, drawn.faces, 'XVID', fps)
            else:
                _write_frames(part, source, number, drawn)


def _write_video(path: Path, frames: np.ndarray, codec: str, fps: float) -> None:
    size = (frames.shape[2], frames.shape[1])
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, size)
    if not writer.isOpened():
        raise OSError(
            f'OpenCV cannot write {path} with codec {codec}: check that the folder '
            'is writable and that this OpenCV is built with FFmpeg'
        )
    for frame in frames:
        writer.write(frame)
    writer.release()


def _write_frames(folder: Path, source: str, number: int, drawn: Clip) -> None:
    if source == '16f':
        frames = interpolate_frames(drawn.faces, 16)
        names = [f'{i}.jpg' for i in range(1, 17)]
    else:
        frames = drawn.faces
        names = [f'{number:05d}_{i + 1:05d}.jpg' for i in drawn.found]
    folder.mkdir()
    options = [cv2.IMWRITE_JPEG_QUALITY, drawn.quality]
    for name, frame in zip(names, frames, strict=True):
        data = cv2.imencode('.jpg', frame, options)[1]
        (folder / name).write_bytes(data.tobytes())


def write_splits(root: Path, clips: Sequence[PlannedClip], folds: int) -> None:
    """Write the lists of all folds; that of fold 3 begins with a byte-order mark."""
    listed = [clip for clip in clips if clip.fold is not None]
    for fold in range(1, folds + 1):
        for part in ('train', 'test'):
            rows = [
                (clip.number, clip.label)
                for clip in listed
                if (clip.fold == fold) == (part == 'test')
            ]
            table = pd.DataFrame(rows, columns=['video_name', 'label'])
            encoding = 'utf-8-sig' if fold == 3 else 'utf-8'
            text = table.to_csv(index=False, lineterminator='\n')
            with atomic_folder(root / split_path(part, fold)) as path:
                path.write_bytes(text.encode(encoding))


def write_annotation(root: Path, clips: Sequence[PlannedClip]) -> None:
    """Write the votes of all clips, with or without a single label."""
    names = [f'{index}{name}' for index, name in enumerate(CLASSES, 1)]
    rows = [(*clip.votes, clip.number, clip.label) for clip in clips]
    table = pd.DataFrame(rows, columns=[*names, 'order', 'label'])
    with atomic_folder(root / ANNOTATION) as path:
        with pd.ExcelWriter(path, engine='xlsxwriter') as writer:
            # A creation date would differ between runs.
            fixed = {'created': datetime.datetime(2020, 1, 1)}
            writer.book.set_properties(fixed)
            table.to_excel(writer, index=False)
