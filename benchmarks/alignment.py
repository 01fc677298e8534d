"""Sensitivity of a network to the alignment of faces.

    python benchmarks/alignment.py MODEL data/demo --clips 42 --videos 14

uses held-out clips of fold 1, the same number of each emotion. The first table moves
and scales the frames of the aligned 16-frame clips by a few pixels of 224. The second
one compares the aligned clips with the original videos, whose faces MTCNN finds. MODEL
is a file by tools/publish.py; without its --measure-alignment, the faces of the videos
are aligned as in the release.
"""

import argparse
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from dfew_mmaction.datasets import DFEWDataset
from dfew_mmaction.inference import ExpressionInferencer
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


def chosen(data_root: str, count: int, classes: int) -> list[dict]:
    """The first held-out clips of each emotion."""
    dataset, taken, infos = DFEWDataset(data_root, split='test'), Counter(), []
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        if taken[info['label']] < count // classes:
            taken[info['label']] += 1
            infos.append(info)
    return infos


def read(info: dict) -> np.ndarray:
    frames = [frame for _, frame in open_video(info['frame_dir']).frames]
    return np.stack(frames)[..., ::-1].copy()


def move_table(inferencer: ExpressionInferencer, infos: list[dict]) -> None:
    clips, labels = [read(info) for info in infos], [info['label'] for info in infos]
    print('| scale | right | down | right answers |\n|---|---|---|---|')
    for scale, right, down in MOVES:
        ready = np.stack([moved(clip, scale, right, down) for clip in clips])
        answers = np.concatenate(
            [inferencer.classifier(ready[i : i + 14]) for i in range(0, len(ready), 14)]
        )
        hits = int((answers.argmax(axis=1) == labels).sum())
        print(f'| {scale} | {right} | {down} | {hits} of {len(labels)} |', flush=True)


def video_table(
    inferencer: ExpressionInferencer, infos: list[dict], data_root: str
) -> None:
    hits = Counter()
    for info in infos:
        (row,) = inferencer.classifier(read(info)[None])
        hits['aligned clips'] += int(row.argmax() == info['label'])
        number = int(Path(info['frame_dir']).name)
        path = Path(data_root, 'Clip', 'original', f'{number}.mp4')
        longest = inferencer.predict_video(path).longest(1)
        right = longest and longest[0].overall.argmax() == info['label']
        hits['videos, through MTCNN'] += int(bool(right))
    print('\n| the same faces as | right answers |\n|---|---|')
    for name, count in hits.items():
        print(f'| {name} | {count} of {len(infos)} |', flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('model', help='by tools/publish.py')
    parser.add_argument('data_root')
    parser.add_argument('--clips', type=int, default=42)
    parser.add_argument('--videos', type=int, default=14)
    args = parser.parse_args()
    detector = dict(type='mtcnn', min_face=60)
    inferencer = ExpressionInferencer(args.model, detector=detector, window=None)
    classes = len(inferencer.classes)
    move_table(inferencer, chosen(args.data_root, args.clips, classes))
    infos = chosen(args.data_root, args.videos, classes)
    video_table(inferencer, infos, args.data_root)


if __name__ == '__main__':
    main()
