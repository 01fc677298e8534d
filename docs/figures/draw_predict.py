"""Draw docs/images/predict.png: a frame of an annotated video with two synthetic faces.

    python docs/figures/draw_predict.py MODEL ONE.mp4 OTHER.mp4 docs/images/predict.png

puts two videos of the demo set next to each other, predicts both faces with the network
of `make demo` and keeps the last frame of the annotated video.
"""

import argparse
import tempfile
from pathlib import Path

import cv2
import numpy as np

from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.inference.outputs.video_report import write_video_report
from dfew_mmaction.utils import atomic_write
from dfew_mmaction.video import open_video

HEIGHT = 360


def scaled(path: str) -> list[np.ndarray]:
    """The frames of a video at :data:`HEIGHT`, RGB."""
    frames = [frame for _, frame in open_video(path).frames]
    height, width = frames[0].shape[:2]
    size = (round(width * HEIGHT / height), HEIGHT)
    return [cv2.resize(frame, size)[..., ::-1] for frame in frames]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('model')
    parser.add_argument('videos', nargs=2)
    parser.add_argument('out')
    args = parser.parse_args()
    frames = [np.concatenate(pair, axis=1) for pair in zip(*map(scaled, args.videos))]
    detector = dict(type='mtcnn', min_face=60)
    inferencer = ExpressionInferencer(
        args.model, detector=detector, window=0.32, stride=0.04
    )
    with tempfile.TemporaryDirectory() as folder:
        _, files = write_video_report(inferencer, np.stack(frames), folder)
        drawn = [frame for _, frame in open_video(files['annotated.mp4']).frames]
    with atomic_write(Path(args.out)) as temporary:
        cv2.imwrite(str(temporary), drawn[-1])


if __name__ == '__main__':
    main()
