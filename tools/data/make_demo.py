"""Draw a demo set of moving faces in the folder layout of the DFEW release."""

import argparse
import sys
from pathlib import Path

import cv2

from dfew_mmaction.synthetic import LAYOUTS, demo_sheet, lay_out, make_demo
from dfew_mmaction.utils import atomic_write, exit_status


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('root', nargs='?', help='folder to write the set to')
    parser.add_argument(
        '--num-clips', type=int, default=700, help='clips in the splits'
    )
    parser.add_argument('--num-identities', type=int, default=100, help='persons')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--folds', type=int, default=5)
    parser.add_argument('--imbalance', choices=['none', 'dfew'], default='none')
    parser.add_argument('--min-frames', type=int, default=11)
    parser.add_argument('--max-frames', type=int, default=40)
    parser.add_argument(
        '--sources',
        nargs='+',
        choices=['16f', 'frames', 'video', 'original'],
        default=['16f', 'frames', 'video', 'original'],
        help='what to write of each clip (default: all)',
    )
    parser.add_argument(
        '--unlabelled', '--unlabeled', type=float, default=0.08,
        help='share of clips without a single label',
    )  # fmt: skip
    parser.add_argument('--workers', type=int, help='processes (default: all cores)')
    parser.add_argument('--style', choices=['default', 'other'], default='default')
    parser.add_argument(
        '--sheet', metavar='FILE.png|jpg', help='draw an overview of the expressions'
    )
    parser.add_argument(
        '--layout',
        nargs=2,
        metavar=('SET', 'FOLDER'),
        help='then copy it into the layout of another set, if FOLDER is not there: '
        + ', '.join(LAYOUTS),
    )
    args = parser.parse_args()
    if args.layout and args.root is None:
        parser.error('--layout copies a set: give its root')
    if args.root is None and args.sheet is None:
        parser.error('give a root to write the set to, or --sheet FILE, or both')
    return args


def write_sheet(path: Path, seed: int, style: str) -> None:
    # OpenCV chooses the format by the suffix and refuses others.
    if path.suffix.lower() not in ('.png', '.jpg', '.jpeg'):
        raise ValueError(f"--sheet expects a .png or .jpg file, got '{path}'")
    with atomic_write(path) as temporary:
        temporary.write_bytes(cv2.imencode(path.suffix, demo_sheet(seed, style))[1])


def main() -> int:
    args = vars(parse_args())
    root, sheet, layout = (args.pop(name) for name in ('root', 'sheet', 'layout'))
    if sheet is not None:
        write_sheet(Path(sheet), args['seed'], args['style'])
    if root is not None:
        counts = make_demo(root, **args)
        state = 'already there' if counts['already_there'] else 'drawn'
        print(
            f'\n{root}: {state}; {counts["clips"]} clips in the splits, '
            f'{counts["unlabelled"]} without a single label, '
            f'{counts["without_faces"]} without enough faces'
        )
    if layout is not None and Path(layout[1]).is_dir():
        print(f'{layout[1]}: already there')
    elif layout is not None:
        print(f'{lay_out(root, layout[1], layout[0])}: laid out as {layout[0]}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main, 'Interrupted; the same command goes on from here.'))
