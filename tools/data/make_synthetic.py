"""Render a set of moving faces in the folder layout of the DFEW release.

The faces are rendered with the ICT-FaceKit face model (MIT licence), which is not part
of this project: --face-model is its packed file or the folder of its OBJ files. The
same command continues after an interruption. The drawn faces of tools/data/make_demo.py
need no face model.
"""

import argparse
import sys
from pathlib import Path

import cv2

from dfew_mmaction.synthetic.rendered import make_rendered, rendered_sheet
from dfew_mmaction.utils import exit_status, margin


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('root', nargs='?', help='folder to write the set to')
    parser.add_argument(
        '--face-model', required=True, metavar='PATH',
        help='ict_facekit.npz, or the folder of the OBJ files of ICT-FaceKit',
    )  # fmt: skip
    parser.add_argument(
        '--num-clips', type=int, default=700, help='number of clips in the lists'
    )
    parser.add_argument('--num-identities', type=int, default=100, help='persons')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--folds', type=int, default=5)
    parser.add_argument('--imbalance', choices=['none', 'dfew'], default='none')
    parser.add_argument('--min-frames', type=int, default=11)
    parser.add_argument('--max-frames', type=int, default=300)
    parser.add_argument(
        '--frame-step', type=int, default=1, metavar='N',
        help='render every N-th of the 25 frames per second (default: 1)',
    )  # fmt: skip
    parser.add_argument(
        '--margin', type=margin, default=0.0,
        help='margin of the aligned faces, as a share of the side (default: 0, as in '
             'the release)',
    )  # fmt: skip
    parser.add_argument(
        '--apex-only', action='store_true',
        help='only frames near the apex, for training on single frames',
    )  # fmt: skip
    parser.add_argument(
        '--sources',
        nargs='+',
        choices=['16f', 'frames', 'video', 'original'],
        default=['16f', 'frames', 'video', 'original'],
        help='sources to write (default: all)',
    )
    parser.add_argument(
        '--unlabelled', type=float, default=0.08,
        help='share of clips without a single label',
    )  # fmt: skip
    parser.add_argument(
        '--workers', type=int, help='number of processes (default: all cores)'
    )
    parser.add_argument(
        '--style', choices=['default', 'other'], default='default',
        help='other: another distribution of light, textures, heads and cameras',
    )  # fmt: skip
    parser.add_argument(
        '--sheet', metavar='FILE.png|jpg', help='render an overview of the expressions'
    )
    args = parser.parse_args()
    if args.root is None and args.sheet is None:
        parser.error('name a root for the set, or --sheet FILE, or both')
    return args


def main() -> int:
    args = vars(parse_args())
    root, sheet = args.pop('root'), args.pop('sheet')
    if sheet is not None:
        picture = rendered_sheet(args['face_model'], args['seed'], args['style'])
        Path(sheet).write_bytes(cv2.imencode(Path(sheet).suffix, picture)[1])
    if root is not None:
        counts = make_rendered(root, **args)
        state = 'already complete' if counts['already_there'] else 'rendered'
        print(
            f'\n{root}: {state}; {counts["clips"]} clips in the lists, '
            f'{counts["unlabelled"]} without a single label, '
            f'{counts["without_faces"]} without enough faces'
        )
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
