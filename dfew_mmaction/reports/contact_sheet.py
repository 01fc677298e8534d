"""Contact sheets of a tree that ``extract_faces`` made."""

import csv
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure

from ..extraction.clip_files import clip_paths
from ..extraction.extract import ExtractionSettings
from ..extraction.manifest import read_manifest
from ..utils import atomic_write, list_frames
from ..video import open_video
from ..visualization import plot_contact_sheet


def contact_sheet(
    out: str | Path, video: str | Path, clip: int, *, columns: int = 8
) -> Figure:
    """Draw one clip: video, detection, aligned and interpolated frames.

    Args:
        out (str | Path): Tree that :func:`.extract_faces` wrote.
        video (str | Path): The video of the clip.
        clip (int): Its number; it has to be kept.
        columns (int): Frames shown, evenly spaced. Defaults to 8.

    Returns:
        matplotlib.figure.Figure: See :func:`.plot_contact_sheet`.
    """
    settings = Path(out) / 'extraction' / 'settings.json'
    how = ExtractionSettings.from_json(settings.read_text())
    paths = clip_paths(out, clip, how)
    with open(paths['faces'], newline='') as file:
        faces = {int(row[0]): row[2:] for row in list(csv.reader(file))[1:]}
    opened = open_video(video, how.decoder)
    total = opened.num_frames or 0
    wanted = np.linspace(0, total - 1, min(columns, total)).round().astype(int).tolist()
    shown = []
    for index, (_, frame) in enumerate(opened.frames):
        if index in wanted:
            shown.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
    outlines: list = []
    aligned: list = []
    for index in wanted:
        cells = faces.get(index)
        if cells is None:
            outlines.append(None)
            aligned.append(None)
            continue
        numbers = np.array([float(cell) for cell in cells if cell])
        points = numbers[4:].reshape(5, 2) if len(numbers) > 4 else None
        outlines.append((numbers[:4], points))
        aligned.append(_read(paths['frames'] / f'{clip:05d}_{index + 1:05d}.jpg'))
    names = list_frames(paths['interpolated'])
    places = np.linspace(0, len(names) - 1, len(wanted)).round().astype(int)
    interpolated = [_read(paths['interpolated'] / names[place]) for place in places]
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
    """Draw a sample of the kept clips, evenly spaced by number, as PNG.

    Args:
        out (str | Path): Tree; the sheets go to ``extraction/sheets`` in it.
        manifest (str | Path): Its manifest.
        count (int): Number of clips.

    Returns:
        list[Path]: The pictures.
    """
    kept = read_manifest(manifest).query('kept')
    places = np.linspace(0, len(kept) - 1, min(count, len(kept))).round().astype(int)
    pictures = []
    for place in sorted(set(places.tolist())):
        clip, video = int(kept['clip'].iloc[place]), kept['video'].iloc[place]
        figure = contact_sheet(out, video, clip)
        picture = Path(out) / 'extraction' / 'sheets' / f'{clip:05d}.png'
        with atomic_write(picture) as path:
            figure.savefig(path, dpi=110)
        pictures.append(picture)
    return pictures


def _read(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    if picture is None:
        raise FileNotFoundError(f"'{path}' is not there, or is no picture")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
