"""Score a model file on single frames of left-out rendered people, in three crops.

    python experiments/real_faces/score_crops.py ROOT [MODEL]

ROOT holds the sets of `make real-faces`, MODEL defaults to the packaged network. The
frames are those near the apex, fold 1, middle frame of each clip. 'apex' is the crop of
prediction; 'tight' and 'loose' are grey and of 48 x 48 pixels, as other tools crop
faces: in 'tight' eyes and mouth lie at 0.33 and 0.80 of the height, 'loose' shows 1.37
times the side of 'apex'.
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from tabulate import tabulate

from dfew_mmaction.datasets import DFEWDataset
from dfew_mmaction.evaluation import UARWARMetric
from dfew_mmaction.inference import load_classifier
from dfew_mmaction.utils import CLASSES, exit_status

SIDE = 224 / 1.4  # of an aligned face without a margin, in frames of `wide`
TIGHT = (92.4 - 51.7) / 112 * SIDE / 0.47  # the template's eyes and mouth, in pixels
TIGHT_CENTRE = 112 + (51.7 / 112 - 0.5) * SIDE + 0.17 * TIGHT


def frames(root: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """The middle frame of each test clip, RGB, and the labels."""
    data = DFEWDataset(root, fold=1, split='test', source='frames', pipeline=[])
    infos = [data.get_data_info(i) for i in range(len(data))]
    paths = [sorted(Path(info['frame_dir']).iterdir()) for info in infos]
    pictures = [cv2.imread(str(p[len(p) // 2]))[..., ::-1] for p in paths]
    return pictures, np.array([info['label'] for info in infos])


def grey_crop(picture: np.ndarray, centre: float, side: float, size: int) -> np.ndarray:
    """A square around (112, ``centre``) by way of 48 x 48 grey pixels."""
    scale = 48 / side
    matrix = np.float32([[scale, 0, 24 - 112 * scale], [0, scale, 24 - centre * scale]])
    small = cv2.warpAffine(
        picture, matrix, (48, 48), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return cv2.resize(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), (size, size))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('root', type=Path)
    parser.add_argument('model', nargs='?', help='default: the packaged network')
    args = parser.parse_args()
    network, size = load_classifier(args.model), 56
    apex, apex_labels = frames(args.root / 'apex')
    wide, wide_labels = frames(args.root / 'wide')
    resized = [cv2.resize(p, (size, size), interpolation=cv2.INTER_AREA) for p in apex]
    sets = {
        'apex': (resized, apex_labels),
        'tight': ([grey_crop(p, TIGHT_CENTRE, TIGHT, size) for p in wide], wide_labels),
        'loose': ([grey_crop(p, 112, 1.15 * SIDE, size) for p in wide], wide_labels),
    }
    rows = []
    for name, (pictures, labels) in sets.items():
        clips = np.stack(pictures)[:, None].repeat(network.num_frames, axis=1)
        scores = np.concatenate([network(part) for part in np.array_split(clips, 50)])
        found = UARWARMetric.calculate(scores, labels, num_classes=len(CLASSES))
        rows.append({'crop': name, 'clips': len(labels), **found})
    print(tabulate(rows, headers='keys', tablefmt='github', floatfmt='.3f'))


if __name__ == '__main__':
    sys.exit(exit_status(main))
