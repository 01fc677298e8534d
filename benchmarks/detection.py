"""Face detection on every k-th frame with tracking, against MTCNN on every frame.

    python benchmarks/detection.py VIDEO.mp4 … --model MODEL

The alternative is facenet-pytorch's MTCNN on every frame, with its defaults, in batches
of 16. It imports torchvision for one function, batched_nms; if torchvision cannot be
imported, this project's nms replaces it. Speed is that of detection only, all
alternatives in one run. With --model the probabilities of the network are compared
between detection on every frame and on every k-th one.
"""

import argparse
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch

from dfew_mmaction.faces.detectors import Face, build_detector
from dfew_mmaction.faces.detectors.mtcnn import nms
from dfew_mmaction.faces.sparse_detector import SparseDetector
from dfew_mmaction.faces.tracking import match_boxes
from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.video import open_video

#: Overlap from which two boxes are the same face.
SAME = 0.5
FACENET = 'facenet-pytorch, every frame'
Detect = Callable[[list], list[list[Face]]]


def facenet() -> Detect:
    """facenet-pytorch's MTCNN on a batch of frames."""
    try:
        import torchvision.ops.boxes  # noqa: F401
    except (ImportError, RuntimeError) as error:
        print(f'torchvision cannot be imported ({error}): nms stands in for it\n')
        _stand_in_for_torchvision()
    from facenet_pytorch import MTCNN

    network = MTCNN(keep_all=True)

    def detect(frames: list) -> list[list[Face]]:
        pictures = [cv2.cvtColor(frame, cv2.COLOR_BGR2RGB) for frame in frames]
        boxes, scores = network.detect(np.stack(pictures))
        return [
            [] if b is None else [Face(box, float(p)) for box, p in zip(b, s)]
            for b, s in zip(boxes, scores)
        ]

    return detect


def _stand_in_for_torchvision() -> None:
    def batched_nms(boxes, scores, owners, threshold):
        kept = nms(boxes.numpy(), scores.numpy(), owners.numpy(), threshold)
        return torch.from_numpy(kept)

    for name in ('', '.transforms', '.transforms.functional', '.ops', '.ops.boxes'):
        sys.modules[f'torchvision{name}'] = types.ModuleType(f'torchvision{name}')
    functional = sys.modules['torchvision.transforms.functional']
    sys.modules['torchvision.transforms'].functional = functional
    sys.modules['torchvision.ops.boxes'].batched_nms = batched_nms


def found_in(frames: list, detect: Detect, size: int) -> tuple[list, float]:
    """Detect the faces of all frames; returns them and the seconds."""
    clock, found = time.perf_counter(), []
    for start in range(0, len(frames), size):
        found += detect(frames[start : start + size])
    return found, time.perf_counter() - clock


def compare(found: list, other: list) -> tuple[int, int, int]:
    """Count faces in both, in the first only and in the second only."""
    both = sum(len(match_boxes(a, b, SAME)) for a, b in zip(found, other))
    return both, sum(map(len, found)) - both, sum(map(len, other)) - both


def change(model: str, video: str, every: int) -> str:
    """Greatest and mean change of the probabilities of the longest face."""
    rows = []
    for k in (1, every):
        inferencer = ExpressionInferencer(model, detect_every=k, window=1, stride=0.25)
        longest = inferencer.predict_video(video).longest(1)
        rows.append(longest[0].raw if longest else np.zeros((0, 1)))
    if rows[0].shape != rows[1].shape or not rows[0].size:
        return '–'
    away = np.abs(rows[0] - rows[1])
    return f'{away.max():.3f} ({away.mean():.4f})'


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('videos', nargs='+')
    parser.add_argument('--every', type=int, nargs='+', default=[2, 4, 8])
    parser.add_argument('--model', help='by tools/publish.py')
    parser.add_argument('--runs', type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    inner, rival = build_detector('mtcnn'), facenet()
    print(
        '| video | detection | times as fast as facenet-pytorch | frames '
        'searched | same faces | missing | added | greatest (mean) change of a '
        'probability |\n|---|---|---|---|---|---|---|---|'
    )
    for video in args.videos:
        frames = [frame for _, frame in open_video(video).frames]
        contenders: dict[str, tuple[Detect, int]] = {
            FACENET: (rival, 16),
            'every frame': (inner.detect, 16),
        }
        sparse = {f'every {k}': SparseDetector(inner, k) for k in args.every}
        for name, detector in sparse.items():
            size = detector.every * max(1, 16 // detector.every)
            contenders[name] = (detector.detect, size)
        seconds: dict[str, list[float]] = {name: [] for name in contenders}
        faces: dict[str, list] = {}
        for _ in range(args.runs):
            for detector in sparse.values():
                detector.open(video)
                detector.searched = 0
            for name, (detect, size) in contenders.items():
                faces[name], spent = found_in(frames, detect, size)
                seconds[name].append(spent)
        for name in contenders:
            ratios = np.divide(seconds[FACENET], seconds[name])
            both, missing, added = compare(faces[FACENET], faces[name])
            searched, away = len(frames), '–'
            if name in sparse:
                searched = sparse[name].searched
                if args.model:
                    away = change(args.model, video, sparse[name].every)
            print(
                f'| {Path(video).name} | {name} | {np.median(ratios):.1f} '
                f'({ratios.min():.1f}–{ratios.max():.1f}) | {searched} of '
                f'{len(frames)} | {both} | {missing} | {added} | {away} |',
                flush=True,
            )


if __name__ == '__main__':
    main()
