"""Following several faces at once, frame by frame."""

from collections.abc import Sequence

import numpy as np

from .detectors import Face
from .tracking import match_boxes


class FaceTracker:
    """Gives the faces of a video numbers that stay with them.

    Each face goes to the track whose last box it overlaps most, all together at best
    (Hungarian method); one that overlaps none begins a track. A track that has no face
    for ``patience`` seconds has ended: the same person then comes back under a new
    number, since nothing here knows people, only places.

    Args:
        min_overlap (float): Least intersection over union with the last box, in
            [0, 1]. Defaults to 0.3.
        patience (float): Seconds. Defaults to 0.5.
    """

    def __init__(self, min_overlap: float = 0.3, patience: float = 0.5) -> None:
        self.min_overlap, self.patience = min_overlap, patience
        self._tracks: dict[int, tuple[float, np.ndarray]] = {}
        self._count = 0

    def update(self, faces: Sequence[Face], seconds: float) -> list[tuple[int, Face]]:
        """Number the faces of the next frame.

        Args:
            faces (Sequence[Face]): Those that were detected.
            seconds (float): Time of the frame, later than the one before.

        Returns:
            list[tuple[int, Face]]: Number, from 1, and face; in order of the numbers.
        """
        ids = list(self._tracks)
        tracks = [Face(self._tracks[number][1], 1.0) for number in ids]
        pairs = match_boxes(tracks, faces, self.min_overlap)
        numbers = {column: ids[row] for row, column in pairs}
        found = []
        # New ones are numbered from left to right, not as the detector scores them.
        for index in np.argsort([face.box[0] for face in faces], kind='stable'):
            index, face = int(index), faces[index]
            if index not in numbers:
                self._count += 1
                numbers[index] = self._count
            self._tracks[numbers[index]] = (seconds, np.asarray(face.box))
            found.append((numbers[index], face))
        return sorted(found, key=lambda pair: pair[0])

    def ended(self, seconds: float) -> list[int]:
        """Numbers of the tracks that have ended by now; each is named once."""
        gone = [
            number
            for number, (last, _) in self._tracks.items()
            if seconds - last > self.patience
        ]
        for number in gone:
            del self._tracks[number]
        return gone

    def cut(self) -> None:
        """End all tracks: the next frame shows another scene."""
        self._tracks.clear()
