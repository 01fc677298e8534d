"""Extract aligned face clips from videos into a tree like DFEW's.

VIDEOS are files, folders, or .txt lists of paths. A video gives one clip, or one per
shot (--on-cuts). After an interruption, the same command continues.

Exit status: 0 if each video gave a clip, 1 if a video failed or gave no clip, 2 for an
error in the arguments.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from dfew_mmaction.extraction.executors import ENGINES
from dfew_mmaction.extraction.numbering import video_number
from dfew_mmaction.extraction.run import extract_faces
from dfew_mmaction.extraction.settings import ON_CUTS, ExtractionSettings
from dfew_mmaction.faces.detectors import DETECTORS
from dfew_mmaction.reports.contact_sheet import write_contact_sheets
from dfew_mmaction.utils import (
    add_detector,
    add_workers,
    exit_status,
    named_option,
    positive_number,
    share,
    tool_parser,
    whole_number,
)
from dfew_mmaction.video import DECODERS

import pandas as pd


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('videos', nargs='+', metavar='VIDEOS', help='see above')
    parser.add_argument('out', help='folder for the clips')
    add_detector(parser, DETECTORS.module_dict)
    parser.add_argument(
        '--decoder', default='auto', choices=['auto', *DECODERS],
        help='auto: the first that reads the codec of the video',
    )  # fmt: skip
    parser.add_argument(
        '--size',
        type=whole_number(1, 4096),
        default=224,
        help='width and height of the aligned frames (default: 224)',
    )
    parser.add_argument(
        '--num-frames',
        type=whole_number(1, 1024),
        default=16,
        help='frames of the interpolated clips (default: 16)',
    )
    parser.add_argument(
        '--min-useful',
        type=share,
        default=0.5,
        help='drop clips with a smaller share of frames with a face (default: 0.5)',
    )
    parser.add_argument(
        '--on-cuts', default='split', choices=ON_CUTS,
        help='videos with shot cuts: a clip per shot (default), no clip, or one clip',
    )  # fmt: skip
    parser.add_argument(
        '--avi', action='store_true', help='also write the faces as video'
    )
    parser.add_argument(
        '--engine',
        default='local',
        choices=list(ENGINES),
        help='processes of this machine, or a Ray cluster (default: local)',
    )
    add_workers(parser)
    parser.add_argument(
        '--timeout', type=positive_number, help='seconds per clip (local engine)'
    )
    parser.add_argument('--address', help='address of the Ray cluster, such as auto')
    parser.add_argument('--shard', default='1/1', help='i/n: only the i-th of n parts')
    parser.add_argument(
        '--manifest',
        default='manifest.csv',
        help='table of the clips in OUT, .csv or .parquet (default: %(default)s)',
    )
    parser.add_argument('--retry', action='store_true', help='repeat failed videos')
    parser.add_argument(
        '--sheets',
        type=whole_number(0),
        default=4,
        help='number of contact sheets (default: 4)',
    )
    return parser.parse_args()


def _shots(table: pd.DataFrame) -> Iterator[str]:
    shots = table[table['shot'] > 0]
    if len(shots):
        count = shots['video'].nunique()
        yield f'  videos with shot cuts: {count}; their shots are {len(shots)} clips'
    several = table[table['kept'] & (table['cuts'] > 0)]
    if len(several):
        yield f'  clips with shot cuts inside (column cuts): {len(several)}'
    jumps = table[table['kept'] & (table['jumps'] > 0)]
    if len(jumps):
        yield f'  clips in which the face jumps (column jumps): {len(jumps)}'


def _report_failures(table: pd.DataFrame, videos: dict[int, str]) -> int:
    """Print how many of the given videos failed; returns the exit status."""
    table = table.assign(number=table['clip'].map(video_number))
    rows = table[table['number'].isin(videos)].groupby('number')
    failed = int(rows['error'].agg(lambda errors: (errors != '').any()).sum())
    without = int((~rows['kept'].any()).sum())
    if not failed and not without:
        return 0
    print(f'Exit status 1: videos that failed: {failed}; without a clip: {without}')
    return 1


def main() -> int:
    args = parse_args()
    part, _, parts = args.shard.partition('/')
    if not (part.isdigit() and parts.isdigit()):
        raise ValueError(f'--shard is i/n, such as 1/8, got {args.shard!r}')
    engine = {'workers': args.workers}
    for name, value, only in (
        ('timeout', args.timeout, 'local'),
        ('address', args.address, 'ray'),
    ):
        if value is not None:
            if args.engine != only:
                raise ValueError(f'--{name} is for --engine {only}')
            engine[name] = value
    settings = ExtractionSettings(
        detector=dict(map(named_option, args.detector_options), type=args.detector),
        decoder=args.decoder,
        size=args.size,
        margin=args.margin,
        num_frames=args.num_frames,
        min_useful=args.min_useful,
        avi=args.avi,
        on_cuts=args.on_cuts,
    )
    done = extract_faces(
        args.videos, args.out, settings, engine=args.engine,
        shard=(int(part), int(parts)), manifest=args.manifest, retry=args.retry,
        **engine,
    )  # fmt: skip
    table = done['manifest']
    failed = table[table['error'] != '']
    dropped = table[table['reason'] != '']
    print(
        f'{len(table)} clips: {table["kept"].sum()} kept, {len(dropped)} dropped, '
        f'{len(failed)} failed'
    )
    for line in _shots(table):
        print(line)
    for clip, video, reason in dropped[['clip', 'video', 'reason']].values.tolist():
        print(f'  dropped {clip}: {reason} ({video})')
    for clip, error in failed[['clip', 'error']].values.tolist():
        print(f'  failed {clip}: {error}')
    if done['done']:
        rate = 60 * done['done'] / done['seconds']
        total = sum(done['work'].values()) or 1
        shares = ', '.join(f'{k} {v / total:.0%}' for k, v in done['work'].items())
        print(f'videos now: {done["done"]}, {rate:.1f} per minute; work: {shares}')
    manifest = Path(args.out) / args.manifest
    print(f'Manifest: {manifest}')
    for picture in write_contact_sheets(args.out, manifest, args.sheets):
        print(f'Contact sheet: {picture}')
    return _report_failures(table, done['videos'])


if __name__ == '__main__':
    sys.exit(exit_status(main))
