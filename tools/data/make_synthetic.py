"""Render a set of moving faces in the folder layout of the DFEW release.

The faces are rendered with the ICT-FaceKit face model (MIT licence), which is not part
of this project: --face-model is its packed file or the folder of its OBJ files. The
same command continues after an interruption. The drawn faces of tools/data/make_demo.py
need no face model.
"""

import argparse
import sys

from dfew_mmaction.synthetic.command import (
    STOPPED,
    describe_set,
    parse_set,
    set_parser,
    write_sheet,
)
from dfew_mmaction.synthetic.rendered import STYLES, make_rendered, rendered_sheet
from dfew_mmaction.utils import exit_status, margin, whole_number


def parse_args() -> argparse.Namespace:
    parser = set_parser(__doc__, max_frames=300, styles=STYLES)
    parser.add_argument(
        '--face-model', required=True, metavar='PATH',
        help='ict_facekit.npz, or the folder of the OBJ files of ICT-FaceKit',
    )  # fmt: skip
    parser.add_argument(
        '--frame-step', type=whole_number(1), default=1, metavar='N',
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
    return parse_set(parser)


def main() -> int:
    args = vars(parse_args())
    root, sheet = args.pop('root'), args.pop('sheet')
    if sheet is not None:
        picture = rendered_sheet(args['face_model'], args['seed'], args['style'])
        write_sheet(sheet, picture)
    if root is not None:
        print(describe_set(make_rendered(root, **args)))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main, STOPPED))
