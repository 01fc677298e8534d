"""Pack the decoded frames of DFEW for fast training (`source='packed'`).

The pack is written to ROOT/packed and read by `DFEWDataset(source='packed')`. The same
command continues after an interruption.
"""

import argparse
import sys

from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.utils import add_workers, exit_status, tool_parser, whole_number


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('root', metavar='ROOT', help='folder of DFEW')
    parser.add_argument('--out', help='folder of the pack (default: in ROOT/packed)')
    parser.add_argument(
        '--source',
        default='16f',
        choices=('16f', 'frames'),
        help='frame variant (default: 16f)',
    )
    parser.add_argument(
        '--scale', type=whole_number(0, 4096), nargs='+', default=[112], metavar='SIZE',
        help='width and height, or one size for both, as in the pipeline (default: '
        '112); 0: size of the files',
    )  # fmt: skip
    parser.add_argument(
        '--exact', action='store_true', help='decode as DecodeFaceFrames(exact=True)'
    )
    parser.add_argument(
        '--fold', type=whole_number(1), help='only the clips in the lists of this fold'
    )
    add_workers(parser)
    parser.add_argument(
        '--skip-broken',
        action='store_true',
        help='leave out clips that cannot be decoded',
    )
    args = parser.parse_args()
    if len(args.scale) > 2 or min(args.scale) < 0:
        parser.error('--scale takes one or two sizes')
    return args


def main() -> int:
    args = parse_args()
    pack = pack_dfew(
        args.root,
        args.out,
        source=args.source,
        scale=(args.scale[0], args.scale[-1]) if args.scale[0] else None,
        exact=args.exact,
        fold=args.fold,
        workers=args.workers,
        skip_broken=args.skip_broken,
    )
    settings = pack.settings
    print(
        f'{pack.folder}: {len(pack.clips)} clips, {settings["frames"]} frames. Train '
        'with it by DFEW_SOURCE=packed mim train …'
    )
    if settings['broken']:
        print(f'Left out: {", ".join(settings["broken"])}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
