"""Recognition of the emotions of the faces in a video."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import numpy as np

from ..faces.detectors import FaceDetector, NoDetector, build_detector
from ..faces.sparse_detector import SparseDetector
from ..video import FPS, Camera, Source, mark_cuts, open_video
from .classifiers.base import FACE_SIZE, ClipClassifier
from .classifiers.load import load_classifier
from .face_follower import FaceFollower
from .option_checks import check_options, check_rate, check_seconds
from .read_clip import read_clip
from .results import SeenFrame, VideoResult
from .segments import SegmentRule
from .timelines import Timelines

#: Approximate number of frames that the detector receives at a time.
BATCH = 16
#: Called with each processed frame.
OnFrame = Callable[[SeenFrame], None]
SYNTHETIC = 'the network was trained on synthetic faces only, not on a single real one'


class ExpressionInferencer:
    """Finds and tracks the faces of videos and classifies their emotions over time.

    ::

        source ─► frames ─► detector ─► tracker ─► alignment ─► windows ─► classifier
                  16 a time             ids        224 x 224    per face   in batches

    Memory holds one window of frames per visible face and all probabilities, whatever
    the length of the video.

    Args:
        model (str | Path | ClipClassifier, optional): A config; a self-contained
            model file, by ``tools/publish.py`` or by the export to ONNX; or a
            classifier. Defaults to None: the packaged network, trained on rendered
            faces only, in PyTorch if it is installed; reported on stderr.
        checkpoint (str | Path, optional): Weights, with a config.
        detector (str | dict | FaceDetector): See
            :func:`dfew_mmaction.faces.detectors.build_detector`. ``'none'`` is for
            videos that are cropped to the face. Defaults to ``'mtcnn'``.
        device (str, optional): Where network and MTCNN run. Defaults to None: the
            network on a GPU if there is one, MTCNN on the CPU.
        window (float, optional): Length of the windows in seconds. None: all frames of
            a face are one clip, as in DFEW, for videos of up to a few minutes. Defaults
            to 2.0.
        stride (float): Seconds between the starts of windows. Defaults to 0.5.
        smooth (float): Standard deviation in seconds of the Gaussian that smooths the
            timelines, 0 for none. Defaults to 0.0.
        batch_size (int): Number of clips classified at once. Defaults to 8.
        margin (float): See :func:`dfew_mmaction.faces.align_face`; use the value of
            the training data. Defaults to 0.0. The template is that of the model file,
            or that of the release.
        detect_every (int): Search every k-th frame for faces and follow them in
            between, see :class:`.SparseDetector`. Defaults to 1.
        rule (SegmentRule, optional): When an emotion begins and ends in a timeline.
            Defaults to ``SegmentRule()``.
        on_cuts (str, optional): ``'split'``: all faces get new numbers at a shot cut,
            see :func:`dfew_mmaction.video.find_cuts`; ``'keep'``: cuts are ignored.
            Defaults to None: ``'keep'`` with the detector ``'none'``, else ``'split'``.

    Attributes:
        classifier (ClipClassifier): The network.
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
        window: float | None = 2.0,
        stride: float = 0.5,
        smooth: float = 0.0,
        batch_size: int = 8,
        margin: float = 0.0,
        detect_every: int = 1,
        rule: SegmentRule | None = None,
        on_cuts: str | None = None,
    ) -> None:
        check_seconds(window, stride, smooth)
        check_options(batch_size, detect_every, margin, on_cuts)
        self.classifier = load_classifier(model, checkpoint, device)
        self.classes = self.classifier.classes
        self._announced = model is None  # the packaged network prints its own line
        if not isinstance(detector, FaceDetector):
            given = {'type': detector} if isinstance(detector, str) else detector
            own = {'device': device} if device and given.get('type') == 'mtcnn' else {}
            detector = build_detector({**own, **given})
        self.detector = detector
        self.window, self.stride, self.smooth = window, stride, smooth
        self.batch_size, self.margin = batch_size, margin
        self.detect_every, self.rule = detect_every, rule or SegmentRule()
        self.on_cuts = on_cuts or (
            'keep' if isinstance(detector, NoDetector) else 'split'
        )
        self.facts = getattr(self.classifier, 'facts', None)
        template = self.facts.template if self.facts else None
        self.template = np.array(template) if template else None

    @property
    def synthetic(self) -> bool:
        """Whether the network was trained on synthetic faces only."""
        made = self.facts.dataset if self.facts else {}
        return bool(made.get('drawn') or made.get('rendered'))

    @property
    def warning(self) -> str:
        """A note to print if the network was trained on synthetic faces only, or ''."""
        return SYNTHETIC if self.synthetic and not self._announced else ''

    def __call__(
        self, videos: Source | Iterable[Source], on_frame: OnFrame | None = None
    ) -> list[VideoResult]:
        """Process one video or several, see :meth:`predict_video`."""
        if isinstance(videos, (str, Path, int, np.ndarray, Camera)):
            videos = [videos]
        return [self.predict_video(video, on_frame) for video in videos]

    def follower(self) -> FaceFollower:
        """Create a follower for the faces of one video."""
        return FaceFollower(
            self.classifier,
            window=self.window,
            stride=self.stride,
            margin=self.margin,
            template=self.template,
        )

    def predict_video(
        self,
        video: Source,
        on_frame: OnFrame | None = None,
        fps: float = FPS,
        *,
        limit: float | None = None,
    ) -> VideoResult:
        """Process a video.

        Args:
            video: A video, a folder of frames, an address that OpenCV opens, the number
                of a camera, or frames, see :data:`dfew_mmaction.video.Source`.
            on_frame (Callable, optional): Called with a :class:`.SeenFrame` for each
                processed frame.
            fps (float): Frames per second of a folder or of an array. Defaults to 25.
            limit (float, optional): Seconds after which to stop, for cameras.

        Returns:
            VideoResult: With a timeline for each face.

        Raises:
            DecodeError: If the video cannot be read.
            ValueError: If ``window`` is None and the video is too long for that, or
                ``fps`` or ``limit`` is out of range.
        """
        check_rate(fps, limit)
        stream = open_video(video, fps=fps, allow_damaged=True)
        follower, lines = self.follower(), Timelines(self.classifier, self.batch_size)
        spent = dict(read=0.0, detect=0.0, align=0.0)
        count, seconds, cuts = 0, 0.0, []
        detector = SparseDetector(self.detector, self.detect_every)
        detector.open(Path(stream.name))
        for batch in _timed(self._batches(_until(stream.frames, limit)), spent):
            clock = time.perf_counter()
            if batch[0][2]:
                cuts.append(batch[0][0])
                detector.cut()
                for number, windows in follower.cut().items():
                    lines.add(number, windows)
            found = detector.detect([frame for _, frame, _ in batch])
            clock, classified = _add(spent, 'detect', clock), lines.seconds
            for (seconds, frame, _), faces in zip(batch, found):
                numbered, ready = follower.update(seconds, frame, faces)
                for number, windows in ready.items():
                    lines.seen(number, seconds)
                    lines.add(number, windows)
                for number, windows in follower.ended(seconds).items():
                    lines.add(number, windows)
                if on_frame is not None:
                    total = stream.num_frames or 0
                    on_frame(SeenFrame(count, seconds, numbered, total))
                count += 1
            _add(spent, 'align', clock)
            spent['align'] -= lines.seconds - classified
        stream.close()
        for number, windows in follower.finish().items():
            lines.add(number, windows)
        lines.classify(everything=True)
        spent['classify'] = lines.seconds
        result = VideoResult(
            stream.name, self.classes, stream.fps, count, seconds,
            lines.faces(self.smooth, self.rule), [], spent, self.rule,
            damage=stream.damage, cuts=cuts,
        )  # fmt: skip
        result.notes += self._notes(result)
        return result

    def _notes(self, result: VideoResult) -> list[str]:
        notes = []
        if self.synthetic:
            notes.append(SYNTHETIC)
        if not result.faces:
            notes.append(
                f'no face was found in {result.num_frames} frames; if they show one '
                "cropped face, use the detector 'none'"
            )
        if result.damage:
            notes.append(result.damage)
        return notes

    def _batches(self, frames: Iterator) -> Iterator[list]:
        """Pieces of about :data:`BATCH` frames, a multiple of ``detect_every``.

        A piece begins at each shot cut: its first frame has True as the third item.
        """
        size = self.detect_every * max(1, BATCH // self.detect_every)
        split = self.on_cuts == 'split'
        marked = mark_cuts(frames) if split else ((*pair, False) for pair in frames)
        batch: list = []
        for item in marked:
            if batch and (item[2] or len(batch) == size):
                yield batch
                batch = []
            batch.append(item)
        if batch:
            yield batch

    def predict_clips(self, clips: Iterable[str | Path]) -> np.ndarray:
        """Classify clips of aligned faces, with one prediction each.

        Clips in the layout of the config's test pipeline are read by it: the
        probabilities are then bit-identical to those of ``tools/test.py``. Others are
        read by :func:`.read_clip` and brought to the network's number of frames in the
        same way.

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


def _until(frames: Iterator, limit: float | None) -> Iterator:
    return takewhile(lambda pair: limit is None or pair[0] < limit, frames)


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
