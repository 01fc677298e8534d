"""Measure how MTCNN's five points differ from those of the face model.

Prints the constants of `dfew_mmaction/synthetic/rendered/detection.py`: means and
standard deviations as shares of the distance between the eyes, from face to face and
from frame to frame of one face, and the share of frames in which a face was found.
"""

import argparse
import sys
from unittest import mock

import numpy as np

from dfew_mmaction.faces.detectors import build_detector
from dfew_mmaction.synthetic.rendered import (
    FaceModel,
    Looks,
    Settings,
    clip,
    load_face_model,
)
from dfew_mmaction.synthetic.rendered.detection import model_points
from dfew_mmaction.utils import CLASSES, exit_status


def rendered(
    model: FaceModel, seed: list[int], name: str
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Frames of a clip, and the face model's own points in each."""
    truths: list[np.ndarray] = []

    def noted(*args):
        truths.append(model_points(*args))
        return truths[-1]

    looks = Looks.sample(np.random.default_rng(seed))
    with mock.patch.object(clip, 'model_points', noted):
        drawn = clip.render_clip(
            model, seed, looks, [name], 40, peak=0.9, settings=Settings(step=10)
        )
    return list(drawn.scene), truths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('face_model', help='ict_facekit.npz or the folder of OBJ files')
    parser.add_argument('--faces', type=int, default=140)
    parser.add_argument('--seed', type=int, default=1_000_000)
    args = parser.parse_args()
    model = load_face_model(args.face_model)
    detector = build_detector('mtcnn')
    means, within, found, total = [], [], 0, 0
    for number in range(args.faces):
        scene, truths = rendered(model, [args.seed, number], CLASSES[number % 7])
        errors = []
        for faces, truth in zip(detector.detect(scene), truths):
            total += 1
            if faces:
                unit = np.linalg.norm(truth[1] - truth[0])
                errors.append((faces[0].landmarks - truth) / unit)
        found += len(errors)
        if len(errors) > 1:
            means.append(np.mean(errors, axis=0))
            within.append(np.var(errors, axis=0, ddof=1))
    print(f'found in {found} of {total} frames of {args.faces} faces')
    for title, values in (
        ('OFFSETS', np.median(means, axis=0)),
        ('FACE_SPREAD', np.std(means, axis=0)),
        ('FRAME_SPREAD', np.sqrt(np.median(within, axis=0))),
    ):
        print(title, '=', np.round(np.float64(values), 3).tolist())


if __name__ == '__main__':
    sys.exit(exit_status(main))
