"""Make a demo set of synthetic, moving faces in the folder layout of DFEW."""

import argparse
import sys
from pathlib import Path

from dfew_mmaction.synthetic import LAYOUTS, demo_sheet, lay_out, make_demo
from dfew_mmaction.synthetic.command import (
    STOPPED,
    describe_set,
    parse_set,
    set_parser,
    write_sheet,
)
from dfew_mmaction.utils import exit_status


def parse_args() -> argparse.Namespace:
    parser = set_parser(__doc__, max_frames=40)
    parser.add_argument(
        '--layout', nargs=2, metavar=('SET', 'FOLDER'),
        help='also copy it to FOLDER, if new, in the layout of another set: '
        + ', '.join(LAYOUTS),
    )  # fmt: skip
    args = parse_set(parser)
    if args.layout and args.root is None:
        parser.error('--layout copies a set: name its root')
    return args


def main() -> int:
    args = vars(parse_args())
    root, sheet, layout = (args.pop(name) for name in ('root', 'sheet', 'layout'))
    if sheet is not None:
        write_sheet(sheet, demo_sheet(args['seed'], args['style']))
    if root is not None:
        print(describe_set(make_demo(root, **args)))
    if layout is not None and Path(layout[1]).is_dir():
        print(f'{layout[1]}: already exists')
    elif layout is not None:
        print(f'{lay_out(root, layout[1], layout[0])}: laid out as {layout[0]}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main, STOPPED))
