"""Contact sheets of a tree by ``extract_faces``."""

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure

from ..extraction.clip_files import clip_paths
from ..extraction.manifest import read_manifest
from ..extraction.settings import ExtractionSettings
from ..faces.detectors.face_files import read_faces
from ..utils import list_frames, save_figure
from ..utils.pictures import read_picture
from ..video import open_video
from ..visualization import plot_contact_sheet


def contact_sheet(
    out: str | Path,
    video: str | Path,
    clip: int,
    *,
    columns: int = 8,
    start: int = 0,
    frames: int | None = None,
) -> Figure:
    """Draw one clip: video, detection, aligned and interpolated frames.

    Args:
        out (str | Path): Tree by :func:`.extract_faces`.
        video (str | Path): The video of the clip.
        clip (int): Number of a kept clip.
        columns (int): Number of evenly spaced frames to show. Defaults to 8.
        start (int): Number of the first frame of the clip in the video, from 0.
        frames (int, optional): Frames of the clip. Defaults to those of the video.

    Returns:
        matplotlib.figure.Figure: See :func:`.plot_contact_sheet`.
    """
    path = Path(out) / 'extraction' / 'settings.json'
    settings = ExtractionSettings.from_json(path.read_text())
    paths = clip_paths(out, clip, settings)
    faces = read_faces(paths['faces'])
    opened = open_video(video, settings.decoder)
    total = frames or opened.num_frames or 0
    places = np.linspace(start, start + total - 1, min(columns, total))
    wanted = places.round().astype(int).tolist()
    shown = [
        cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
        for index, (_, frame) in enumerate(islice(opened.frames, start + total))
        if index in wanted
    ]
    opened.close()
    outlines: list = []
    aligned: list = []
    for index in wanted:
        if index not in faces:
            outlines.append(None)
            aligned.append(None)
            continue
        face = faces[index][0]
        outlines.append((face.box, face.landmarks))
        aligned.append(_read(paths['frames'] / f'{clip:05d}_{index + 1:05d}.jpg'))
    names = list_frames(paths['interpolated'])
    steps = np.linspace(0, len(names) - 1, len(wanted)).round().astype(int)
    interpolated = [_read(paths['interpolated'] / names[step]) for step in steps]
    return plot_contact_sheet(
        shown,
        outlines,
        aligned,
        interpolated=interpolated,
        frames=[i + 1 for i in wanted],
        title=f'clip {clip:05d}: {len(faces)} of {total} frames with the face',
    )


def write_contact_sheets(
    out: str | Path, manifest: str | Path, count: int
) -> list[Path]:
    """Write contact sheets of evenly spaced kept clips as PNG.

    Args:
        out (str | Path): The tree; the sheets are written to its ``extraction/sheets``.
        manifest (str | Path): Its manifest.
        count (int): Number of clips.

    Returns:
        list[Path]: The pictures.
    """
    kept = read_manifest(manifest).query('kept')
    places = np.linspace(0, len(kept) - 1, min(count, len(kept))).round().astype(int)
    pictures = []
    for place in sorted(set(places.tolist())):
        row = kept.iloc[place]
        clip = int(row['clip'])
        figure = contact_sheet(
            out, row['video'], clip, start=int(row['start']), frames=int(row['frames'])
        )
        picture = Path(out) / 'extraction' / 'sheets' / f'{clip:05d}.png'
        save_figure(picture, figure)
        pictures.append(picture)
    return pictures


def _read(path: Path) -> np.ndarray:
    return cv2.cvtColor(read_picture(path), cv2.COLOR_BGR2RGB)
