"""Live recognition of emotions with a camera."""

import json
import os
import statistics
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import matplotlib
import numpy as np

from ..faces.detectors import Face
from ..video import Source, Video, open_video
from ..visualization.face_overlay import DrawnFace, FaceOverlay
from .expression_inferencer import ExpressionInferencer

#: Seconds that the curves show.
PAST = 6.0
TITLE = 'dfew_mmaction: q or Esc ends'


class LiveFace(NamedTuple):
    """A face in a live frame.

    Attributes:
        id (int): Its number.
        face (Face): Where it is.
        now (np.ndarray, optional): Probabilities of its last window, shape (classes,);
            None until its first window is complete.
        past (np.ndarray): Probabilities of the last :data:`PAST` seconds, shape (k,
            classes).
    """

    id: int
    face: Face
    now: np.ndarray | None
    past: np.ndarray


class LiveFrame(NamedTuple):
    """A frame that was processed while the camera ran.

    Attributes:
        index (int): Number of the processed frame, from 0.
        seconds (float): When it was read, from the start.
        latency (float): Seconds from reading it to its result.
        dropped (int): Number of frames so far that were read but not processed.
        picture (np.ndarray): The frame.
        faces (list[LiveFace]): The faces in it.
    """

    index: int  # type: ignore[assignment]  # a tuple has a method of this name
    seconds: float
    latency: float
    dropped: int
    picture: np.ndarray
    faces: list[LiveFace]

    def to_dict(self, classes: Sequence[str]) -> dict[str, Any]:
        """Plain data for a line of JSON."""
        faces = []
        for live in self.faces:
            entry: dict[str, Any] = dict(
                id=live.id, box=[round(float(side), 1) for side in live.face.box]
            )
            if live.now is not None:
                best = int(live.now.argmax())
                entry['emotion'] = classes[best]
                entry['probability'] = round(float(live.now[best]), 4)
            faces.append(entry)
        return dict(
            frame=self.index,
            seconds=round(self.seconds, 3),
            latency=round(self.latency, 3),
            dropped=self.dropped,
            faces=faces,
        )


class _Newest:
    """Reads a video in a thread and keeps only its newest frame."""

    def __init__(self, video: Video) -> None:
        self.dropped = 0
        self._video, self._begin = video, time.monotonic()
        self._slot: tuple[float, np.ndarray] | None = None
        self._ended = False
        self._error: Exception | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def now(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begin

    def __iter__(self) -> Iterator[tuple[float, np.ndarray]]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._slot is not None or self._ended)
                newest, self._slot = self._slot, None
                if newest is None:
                    if self._error is not None:
                        raise self._error
                    return
            yield newest

    def close(self) -> None:
        """Stop reading."""
        self._ended = True
        self._thread.join(timeout=5)

    def _read(self) -> None:
        try:
            for _, frame in self._video.frames:
                if self._ended:
                    break
                with self._changed:
                    self.dropped += self._slot is not None
                    self._slot = (self.now(), frame)
                    self._changed.notify()
        except Exception as error:  # raised where the frames are used
            self._error = error
        finally:
            self._video.close()
        with self._changed:
            self._ended = True
            self._changed.notify()


def predict_live(
    inferencer: ExpressionInferencer, camera: Source, limit: float | None = None
) -> Iterator[LiveFrame]:
    """Process the newest frame of a camera in a loop.

    A thread reads the camera. Of the frames that arrive while another one is processed,
    all but the newest are dropped, so that there is no queue and memory does not grow.

    Args:
        inferencer (ExpressionInferencer): Its options are used, except ``smooth``,
            ``rule``, ``detect_every`` and ``on_cuts``.
        camera (Source): The number of a camera, an address, or any object with
            ``read()``.
        limit (float, optional): Seconds after which to stop.

    Yields:
        LiveFrame: Each processed frame.

    Raises:
        DecodeError: If the camera gives no frame.
        ValueError: If the inferencer has no window length.
    """
    if inferencer.window is None:
        raise ValueError("live prediction needs a window in seconds, not 'all'")
    follower, count = inferencer.follower(), len(inferencer.classes)
    past: dict[int, deque[tuple[float, np.ndarray]]] = {}
    inferencer.detector.open('camera')
    newest = _Newest(open_video(camera))
    try:
        for index, (seconds, frame) in enumerate(newest):
            if limit is not None and seconds >= limit:
                return
            (faces,) = inferencer.detector.detect([frame])
            numbered, ready = follower.update(seconds, frame, faces)
            windows = [(i, window) for i, cut in ready.items() for window in cut]
            if windows:
                clips = np.stack([window.clip for _, window in windows])
                for (number, _), row in zip(windows, inferencer.classifier(clips)):
                    past.setdefault(number, deque()).append((seconds, row))
            for number in follower.ended(seconds):
                past.pop(number, None)
            shown = [
                _live_face(i, face, past.get(i, deque()), seconds, count)
                for i, face in numbered
            ]
            latency = newest.now() - seconds
            yield LiveFrame(index, seconds, latency, newest.dropped, frame, shown)
    finally:
        newest.close()


def _live_face(
    number: int,
    face: Face,
    rows: deque[tuple[float, np.ndarray]],
    seconds: float,
    count: int,
) -> LiveFace:
    if not rows:
        return LiveFace(number, face, None, np.zeros((0, count)))
    while rows[0][0] < seconds - PAST and len(rows) > 1:
        rows.popleft()
    return LiveFace(number, face, rows[-1][1], np.stack([row for _, row in rows]))


def run_live(
    inferencer: ExpressionInferencer, sources: Sequence[str], limit: float | None
) -> int:
    """Show a camera with boxes and emotions, or print JSON lines without a display.

    Args:
        inferencer (ExpressionInferencer): See :func:`predict_live`, also for ``limit``.
        sources (Sequence[str]): The number of one camera, or one address.

    Returns:
        int: Exit status, 0.

    Raises:
        DecodeError: If the camera gives no frame.
        ValueError: If there is not exactly one source.
    """
    if len(sources) != 1:
        raise ValueError(f'--live takes one camera or address, got {len(sources)}')
    source = int(sources[0]) if sources[0].isdigit() else sources[0]
    if inferencer.warning:
        print(f'note: {inferencer.warning}', file=sys.stderr)
    return show_live(inferencer, source, limit=limit, window=has_display())


def show_live(
    inferencer: ExpressionInferencer,
    camera: Source,
    *,
    limit: float | None = None,
    window: bool = False,
    write: Callable[[str], None] = print,
) -> int:
    """Process a camera until it ends; see :func:`run_live`."""
    overlay, dropped = None, 0
    if window:
        _open_window()
    latencies: deque[float] = deque(maxlen=1000)
    for frame in predict_live(inferencer, camera, limit):
        latencies.append(frame.latency)
        dropped = frame.dropped
        if not window:
            write(json.dumps(frame.to_dict(inferencer.classes)))
            continue
        overlay = overlay or FaceOverlay(frame.picture.shape[1::-1], inferencer.classes)
        cv2.imshow(TITLE, draw_live(overlay, frame))
        if cv2.waitKey(1) in (ord('q'), 27) or _is_closed():
            break
    if window:
        cv2.destroyAllWindows()
    if latencies:
        median, worst = statistics.median(latencies), max(latencies)
        print(
            f'{dropped} frames dropped; latency {1000 * median:.0f} ms in the median, '
            f'{1000 * worst:.0f} ms at most (of the last {len(latencies)} frames)',
            file=sys.stderr,
        )
    return 0


def draw_live(overlay: FaceOverlay, frame: LiveFrame) -> np.ndarray:
    """Draw the faces into a frame; see :meth:`.FaceOverlay.draw`."""
    faces = [DrawnFace(f.id, f.face.box, f.now, f.past) for f in frame.faces]
    return overlay.draw(frame.picture, faces)


def _open_window() -> None:
    # OpenCV's Qt looks for fonts in a folder that its wheel does not have.
    fonts = Path(matplotlib.get_data_path()) / 'fonts' / 'ttf'
    os.environ.setdefault('QT_QPA_FONTDIR', str(fonts))
    cv2.namedWindow(TITLE, cv2.WINDOW_AUTOSIZE | cv2.WINDOW_GUI_NORMAL)


def _is_closed() -> bool:
    return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1


def has_display() -> bool:
    """Whether a window can be opened."""
    if sys.platform in ('win32', 'darwin'):
        return True
    return bool(os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY'))
