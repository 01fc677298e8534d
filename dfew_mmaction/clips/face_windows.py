"""Windows: clips of a fixed length in seconds from the frames of one face."""

from collections import deque
from typing import NamedTuple

import numpy as np

from ..clips import bring_to_length

#: Most frames of a face in one window: the longest clip of DFEW has 847.
MAX_FRAMES = 3000
_FUZZ = 1e-6


class Window(NamedTuple):
    """A clip of one face.

    Attributes:
        start (float): Seconds of its first frame.
        end (float): Seconds of its last frame.
        clip (np.ndarray): uint8 of shape (num_frames, H, W, 3).
    """

    start: float
    end: float
    clip: np.ndarray


class FaceWindows:
    """Cuts the frames of a face into clips; stores the frames of one window only.

    The first window begins with the first frame, each further one a ``stride`` later.
    Frames in which the face was not found are missing in a window, as in the clips of
    the release. The last window ends with the last frame. A face that is visible for
    less than a window has one window with all its frames.

    Args:
        window (float, optional): Seconds; None for the complete video.
        stride (float): Seconds from the start of a window to that of the next.
        num_frames (int): Frames of the clips.
        sampling (str): See :func:`dfew_mmaction.clips.bring_to_length`.
    """

    def __init__(
        self, window: float | None, stride: float, num_frames: int, *, sampling: str
    ) -> None:
        self.window, self.stride = window, stride
        self.num_frames, self.sampling = num_frames, sampling
        self._frames: deque[tuple[float, np.ndarray]] = deque()
        self._start: float | None = None
        self._covered = -np.inf

    def add(self, seconds: float, frame: np.ndarray) -> list[Window]:
        """Add the next frame.

        Args:
            seconds (float): Its time, later than that of the previous frame.
            frame (np.ndarray): The aligned face.

        Returns:
            list[Window]: The windows that are complete.

        Raises:
            ValueError: If the complete video is one window and has too many frames.
        """
        done = []
        if self._start is None:
            self._start = seconds
        if self.window is None:
            if len(self._frames) == MAX_FRAMES:
                raise ValueError(
                    f'a face is visible for more than {MAX_FRAMES} frames, too many '
                    'for one clip: set a window length in seconds, such as 2'
                )
        else:
            while seconds > self._start + self.window - _FUZZ:
                done += self._cut(self._start, self._start + self.window - _FUZZ)
                self._start += self.stride
                if self._start + self.window < seconds - self.window:  # a long gap
                    self._start = seconds
            while self._frames and self._frames[0][0] <= seconds - self.window + _FUZZ:
                self._frames.popleft()
        self._frames.append((seconds, frame))
        return done

    def finish(self) -> list[Window]:
        """Return the last window, with the frames up to the last one."""
        if not self._frames or self._frames[-1][0] <= self._covered:
            return []
        return self._cut(-np.inf, np.inf)

    def _cut(self, start: float, end: float) -> list[Window]:
        chosen = [pair for pair in self._frames if start - _FUZZ <= pair[0] < end]
        if not chosen or chosen[-1][0] <= self._covered:
            return []
        times, frames = zip(*chosen)
        self._covered = times[-1]
        clip = bring_to_length(np.stack(frames), self.num_frames, self.sampling)
        return [Window(times[0], times[-1], clip)]
