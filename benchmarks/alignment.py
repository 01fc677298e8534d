"""How much a network minds where the aligned faces lie.

    python benchmarks/alignment.py MODEL data/demo --clips 42

takes held-out 16-frame clips of fold 1, the same number of each emotion, moves and
scales their frames by a few pixels of 224, and prints how many the network gets right.
"""

import argparse
from collections import Counter

import cv2
import numpy as np

from dfew_mmaction.datasets import DFEWDataset
from dfew_mmaction.inference import load_classifier
from dfew_mmaction.video import open_video

#: Scale, pixels right, pixels down.
MOVES = ((1, 0, 0), (1, 7, 0), (1, 0, -7), (0.93, 0, 0), (1.07, 0, 0), (0.95, 0, -7))


def moved(clip: np.ndarray, scale: float, right: float, down: float) -> np.ndarray:
    middle = clip.shape[1] / 2
    matrix = np.float64(
        [
            [scale, 0, middle * (1 - scale) + right],
            [0, scale, middle * (1 - scale) + down],
        ]
    )
    size, border = clip.shape[2:0:-1], cv2.BORDER_REPLICATE
    return np.stack([cv2.warpAffine(f, matrix, size, borderMode=border) for f in clip])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('model', help='by tools/publish.py')
    parser.add_argument('data_root')
    parser.add_argument('--clips', type=int, default=42)
    args = parser.parse_args()
    classifier = load_classifier(args.model)
    dataset = DFEWDataset(args.data_root, split='test')
    taken, clips, labels = Counter(), [], []
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        if taken[info['label']] < args.clips // len(classifier.classes):
            taken[info['label']] += 1
            frames = [frame for _, frame in open_video(info['frame_dir']).frames]
            clips.append(np.stack(frames)[..., ::-1].copy())
            labels.append(info['label'])
    print('| scale | right | down | right answers |\n|---|---|---|---|')
    for scale, right, down in MOVES:
        ready = np.stack([moved(clip, scale, right, down) for clip in clips])
        answers = np.concatenate(
            [classifier(ready[i : i + 14]) for i in range(0, len(ready), 14)]
        )
        hits = int((answers.argmax(axis=1) == labels).sum())
        print(f'| {scale} | {right} | {down} | {hits} of {len(labels)} |', flush=True)


if __name__ == '__main__':
    main()
