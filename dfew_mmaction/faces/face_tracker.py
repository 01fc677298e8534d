"""Tracking of several faces, frame by frame."""

from collections.abc import Sequence

import numpy as np

from .detectors import Face
from .tracking import match_boxes


class FaceTracker:
    """Assigns a number to each face of a video and keeps it from frame to frame.

    Faces are assigned to the tracks whose last boxes they overlap, so that the sum of
    the overlaps is greatest (Hungarian method); a face that overlaps none begins a
    track. A track without a face for ``patience`` seconds ends, as do all tracks at a
    shot cut. A person who reappears gets a new number, since faces are compared by
    position only.

    Args:
        min_overlap (float): Least intersection over union with the last box, in
            [0, 1]. Defaults to 0.3.
        patience (float): Seconds after which a track without a face ends. Defaults to
            0.5.
    """

    def __init__(self, min_overlap: float = 0.3, patience: float = 0.5) -> None:
        self.min_overlap, self.patience = min_overlap, patience
        self._tracks: dict[int, tuple[float, np.ndarray]] = {}
        self._count = 0

    def update(self, faces: Sequence[Face], seconds: float) -> list[tuple[int, Face]]:
        """Number the faces of the next frame.

        Args:
            faces (Sequence[Face]): The detected faces.
            seconds (float): Time of the frame, later than that of the frame before.

        Returns:
            list[tuple[int, Face]]: Number, from 1, and face, sorted by number.
        """
        ids = list(self._tracks)
        tracks = [Face(self._tracks[number][1], 1.0) for number in ids]
        pairs = match_boxes(tracks, faces, self.min_overlap)
        numbers = {column: ids[row] for row, column in pairs}
        found = []
        # New faces are numbered from left to right, not by the score of the detector.
        for index in np.argsort([face.box[0] for face in faces], kind='stable'):
            index, face = int(index), faces[index]
            if index not in numbers:
                self._count += 1
                numbers[index] = self._count
            self._tracks[numbers[index]] = (seconds, np.asarray(face.box))
            found.append((numbers[index], face))
        return sorted(found, key=lambda pair: pair[0])

    def ended(self, seconds: float) -> list[int]:
        """Numbers of the tracks that have ended; each is returned once."""
        gone = [
            number
            for number, (last, _) in self._tracks.items()
            if seconds - last > self.patience
        ]
        for number in gone:
            del self._tracks[number]
        return gone

    def cut(self) -> list[int]:
        """End all tracks, as at a shot cut; returns their numbers."""
        gone = list(self._tracks)
        self._tracks.clear()
        return gone
