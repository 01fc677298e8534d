"""From a video to the emotions of its faces."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ..clips.face_windows import FaceWindows
from ..faces import align_face
from ..faces.detectors import Face, FaceDetector, build_detector
from ..faces.face_tracker import FaceTracker
from ..video import FPS, Camera, Source, open_video
from .classifiers.base import FACE_SIZE, ClipClassifier
from .classifiers.load import load_classifier
from .read_clip import read_clip
from .results import SeenFrame, VideoResult
from .timelines import Timelines

#: Frames that the detector is given at a time.
BATCH = 16
#: Hears of each frame when it is done.
OnFrame = Callable[[SeenFrame], None]


class ExpressionInferencer:
    """Finds and follows the faces of videos and names their emotions over time.

    ::

        source ─► frames ─► detector ─► tracker ─► alignment ─► windows ─► classifier
                  16 a time             ids        224 x 224    of a face  in batches

    One window of frames is kept for each face in view; a video of any length runs in
    the same memory, but for the probabilities that it gives.

    Args:
        model (str | Path | ClipClassifier, optional): A config; a model file that
            describes itself, by ``tools/publish.py`` or by the export to ONNX; or a
            classifier. Defaults to None: the packaged network, learnt from rendered
            faces only; a line on stderr says so.
        checkpoint (str | Path, optional): Weights, with a config.
        detector (str | dict | FaceDetector): See
            :func:`dfew_mmaction.faces.detectors.build_detector`. ``'none'`` is
            for videos that are cut to the face already. Defaults to ``'mtcnn'``.
        device (str, optional): Where network and MTCNN run. Defaults to None: the
            network on a GPU where there is one, MTCNN on the CPU.
        backend (str, optional): ``'torch'`` or ``'onnx'``. Defaults to None: as the
            model's file has it; for the packaged network PyTorch where it is installed.
        window (float, optional): Length of the clips in seconds. None takes all frames
            of a face as one clip, as a clip of DFEW is one; for videos of up to a few
            minutes. Defaults to 2.0.
        stride (float): Seconds from clip to clip. Defaults to 0.5.
        smooth (float): Standard deviation in seconds of the Gaussian that smooths the
            timelines, 0 for none. Defaults to 0.0.
        batch_size (int): Clips that are classified at once. Defaults to 8.
        margin (float): See :func:`dfew_mmaction.faces.align_face`; as the
            training data was made. Defaults to 0.0. Where the landmarks are put is as
            the model file says, else as in the release.

    Attributes:
        classifier (ClipClassifier): What stands behind it.
        classes (tuple[str, ...]): Names of the classes.

    Raises:
        ValueError: If an option is out of its range, or the model cannot be used.
    """

    def __init__(
        self,
        model: str | Path | ClipClassifier | None = None,
        checkpoint: str | Path | None = None,
        detector: str | dict | FaceDetector = 'mtcnn',
        *,
        device: str | None = None,
        backend: str | None = None,
        window: float | None = 2.0,
        stride: float = 0.5,
        smooth: float = 0.0,
        batch_size: int = 8,
        margin: float = 0.0,
    ) -> None:
        if (window is not None and window <= 0) or stride <= 0 or smooth < 0:
            raise ValueError(
                'window and stride must be above 0 and smooth not below it, got '
                f'{window}, {stride} and {smooth}'
            )
        if batch_size < 1:
            raise ValueError(f'batch_size must be 1 or more, got {batch_size}')
        self.classifier = load_classifier(model, checkpoint, device, backend=backend)
        self.classes = self.classifier.classes
        if not isinstance(detector, FaceDetector):
            given = {'type': detector} if isinstance(detector, str) else detector
            own = {'device': device} if device and given.get('type') == 'mtcnn' else {}
            detector = build_detector({**own, **given})
        self.detector = detector
        self.window, self.stride, self.smooth = window, stride, smooth
        self.batch_size, self.margin = batch_size, margin
        facts = getattr(self.classifier, 'facts', None)
        self.template = np.array(facts.template) if facts and facts.template else None

    def __call__(
        self, videos: Source | Iterable[Source], on_frame: OnFrame | None = None
    ) -> list[VideoResult]:
        """Look at one video or several, see :meth:`predict_video`."""
        if isinstance(videos, (str, Path, int, np.ndarray, Camera)):
            videos = [videos]
        return [self.predict_video(video, on_frame) for video in videos]

    def predict_video(
        self,
        video: Source,
        on_frame: OnFrame | None = None,
        fps: float = FPS,
        *,
        limit: float | None = None,
    ) -> VideoResult:
        """Look at a video.

        Args:
            video: A video, a folder of frames, an address that OpenCV opens, the number
                of a camera, or frames, see :data:`dfew_mmaction.video.Source`.
            on_frame (Callable, optional): Hears of each frame as it is done, by a
                :class:`.SeenFrame`.
            fps (float): Frames a second of a folder or of an array. Defaults to 25.
            limit (float, optional): Seconds after which to stop, for cameras.

        Returns:
            VideoResult: With a timeline for each face.

        Raises:
            DecodeError: If the video cannot be read.
            ValueError: If ``window`` is None and the video too long for that.
        """
        stream = open_video(video, fps=fps, allow_damaged=True)
        tracker, lines = FaceTracker(), Timelines(self.classifier, self.batch_size)
        windows: dict[int, FaceWindows] = {}
        spent = dict(read=0.0, detect=0.0, align=0.0)
        count, seconds = 0, 0.0
        self.detector.open(Path(stream.name))
        frames = _until(stream.frames, limit)
        for batch in _timed(_batches(frames), spent):
            clock = time.perf_counter()
            found = self.detector.detect([frame for _, frame in batch])
            clock, classified = _add(spent, 'detect', clock), lines.seconds
            for (seconds, frame), faces in zip(batch, found):
                numbered = tracker.update(faces, seconds)
                for number, face in numbered:
                    aligned = self._align(frame, face)
                    if aligned is not None:
                        if number not in windows:
                            windows[number] = self._windows()
                        lines.seen(number, seconds)
                        lines.add(number, windows[number].add(seconds, aligned))
                for number in tracker.ended(seconds):
                    if number in windows:
                        lines.add(number, windows.pop(number).finish())
                if on_frame is not None:
                    total = stream.num_frames or 0
                    on_frame(SeenFrame(count, seconds, numbered, total))
                count += 1
            _add(spent, 'align', clock)
            spent['align'] -= lines.seconds - classified
        for number, rest in windows.items():
            lines.add(number, rest.finish())
        lines.classify(everything=True)
        spent['classify'] = lines.seconds
        timelines = lines.faces(self.smooth)
        notes = []
        if not timelines:
            notes.append(f'no face was found in {count} frames')
        if stream.damage:
            notes.append(stream.damage)
        return VideoResult(
            stream.name, self.classes, stream.fps, count, seconds, timelines, notes,
            spent, damage=stream.damage,
        )  # fmt: skip

    def predict_clips(self, clips: Iterable[str | Path]) -> np.ndarray:
        """Classify clips of aligned faces, each as a whole.

        Clips that are as the config's test pipeline reads them go through it: the
        answer is then to the bit that of ``tools/test.py``. Others are read, and
        brought to the network's frames as the pipeline's were.

        Args:
            clips (Iterable[str | Path]): Folders of aligned frames, or videos.

        Returns:
            np.ndarray: Probabilities, float32 of shape (n, classes).

        Raises:
            DecodeError: If one cannot be read.
        """
        found, paths = [], iter(clips)
        reader: Any = self.classifier
        reads = getattr(reader, 'reads', lambda path: False)
        while batch := list(islice(paths, self.batch_size)):
            if all(map(reads, batch)):
                found.append(reader(batch))
            else:
                how = (self.classifier.num_frames, self.classifier.sampling, FACE_SIZE)
                ready = np.stack([read_clip(path, *how) for path in batch])
                found.append(self.classifier(ready))
        return np.concatenate([np.zeros((0, len(self.classes)), np.float32), *found])

    def _windows(self) -> FaceWindows:
        how = self.classifier
        return FaceWindows(
            self.window, self.stride, how.num_frames, sampling=how.sampling
        )

    def _align(self, frame: np.ndarray, face: Face) -> np.ndarray | None:
        try:
            aligned = align_face(
                frame, face, FACE_SIZE, margin=self.margin, template=self.template
            )
        except ValueError:  # landmarks that coincide
            return None
        return cv2.cvtColor(aligned, cv2.COLOR_BGR2RGB, dst=aligned)


def _until(frames: Iterator, limit: float | None) -> Iterator:
    return takewhile(lambda pair: limit is None or pair[0] < limit, frames)


def _batches(frames: Iterator) -> Iterator[list]:
    while batch := list(islice(frames, BATCH)):
        yield batch


def _timed(batches: Iterator[list], spent: dict[str, float]) -> Iterator[list]:
    clock = time.perf_counter()
    for batch in batches:
        _add(spent, 'read', clock)
        yield batch
        clock = time.perf_counter()


def _add(spent: dict[str, float], part: str, clock: float) -> float:
    now = time.perf_counter()
    spent[part] += now - clock
    return now
