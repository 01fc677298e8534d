"""Make a demo set of synthetic, moving faces in the folder layout of DFEW."""

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
        '--num-clips', type=int, default=700, help='number of clips in the lists'
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
        help='sources to write (default: all)',
    )
    parser.add_argument(
        '--unlabelled', '--unlabeled', type=float, default=0.08,
        help='share of clips without a single label',
    )  # fmt: skip
    parser.add_argument(
        '--workers', type=int, help='number of processes (default: all cores)'
    )
    parser.add_argument('--style', choices=['default', 'other'], default='default')
    parser.add_argument(
        '--sheet', metavar='FILE.png|jpg', help='draw an overview of the expressions'
    )
    parser.add_argument(
        '--layout',
        nargs=2,
        metavar=('SET', 'FOLDER'),
        help='also copy it to FOLDER, if new, in the layout of another set: '
        + ', '.join(LAYOUTS),
    )
    args = parser.parse_args()
    if args.layout and args.root is None:
        parser.error('--layout copies a set: name its root')
    if args.root is None and args.sheet is None:
        parser.error('name a root for the set, or --sheet FILE, or both')
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
        state = 'already complete' if counts['already_there'] else 'drawn'
        print(
            f'\n{root}: {state}; {counts["clips"]} clips in the lists, '
            f'{counts["unlabelled"]} without a single label, '
            f'{counts["without_faces"]} without enough faces'
        )
    if layout is not None and Path(layout[1]).is_dir():
        print(f'{layout[1]}: already exists')
    elif layout is not None:
        print(f'{lay_out(root, layout[1], layout[0])}: laid out as {layout[0]}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main, 'Interrupted; the same command continues from here.'))
