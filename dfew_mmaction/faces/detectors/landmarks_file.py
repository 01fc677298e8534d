"""Faces from CSV files, one for each video."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .base import DETECTORS, Face, FaceDetector, check_frames
from .face_files import SHOT_STEP, read_faces, read_video_numbers


@DETECTORS.register_module('landmarks_file')
class LandmarksFile(FaceDetector):
    """Reads the faces of each video from a CSV.

    The file is ``<folder>/<stem of the video>.csv``, in a format of
    :func:`.read_faces`: ``frame,x1,y1,...,x5,y5``, the
    frame from 0, then eye, eye, nose, mouth corner, mouth corner in pixels, in each
    pair either first. The folder may also be ``extraction/faces`` of a tree that
    ``extract_faces`` wrote: its ``videos.csv`` tells which files belong to a video.

    ``open`` starts a video at frame 0, and each call of ``detect`` continues where the
    last one ended. The frames are counted; their pixels are not used.

    Args:
        folder (str | Path): Folder of the CSVs.

    Raises:
        FileNotFoundError: If the folder does not exist, or by ``open`` if it has no CSV
            for the video.
        ValueError: By ``open``, for a CSV that is not as described.
        RuntimeError: By ``detect``, if no video was opened.
    """

    needs_all_frames = True

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise FileNotFoundError(f'the folder of landmarks {folder} does not exist')
        self._faces: dict[int, list[Face]] | None = None
        self._next = 0

    def open(self, video: str | Path) -> None:
        self._faces = None  # detect() must not continue with the video before
        faces: dict[int, list[Face]] = {}
        for path in self._files(Path(video)):
            faces.update(read_faces(path))
        self._faces, self._next = faces, 0

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        check_frames(frames)
        if self._faces is None:
            raise RuntimeError('LandmarksFile.open(video) comes before its frames')
        numbers = range(self._next, self._next + len(frames))
        self._next = numbers.stop
        return [list(self._faces.get(number, ())) for number in numbers]

    def _files(self, video: Path) -> list[Path]:
        """The CSVs of a video: one, or one for each of its shots."""
        listed = self.folder.parent / 'videos.csv'
        if listed.is_file():
            number = read_video_numbers(listed).get(str(video.absolute()))
            found = [
                path
                for path in sorted(self.folder.glob('*.csv'))
                if path.stem.isdigit() and int(path.stem) % SHOT_STEP == number
            ]
            if found:
                return found
        path = self.folder / f'{video.stem}.csv'
        if not path.is_file():
            raise FileNotFoundError(f'no landmarks of {video}: {path} does not exist')
        return [path]
