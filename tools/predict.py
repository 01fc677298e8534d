"""Classify the emotions of the faces in videos, over time.

VIDEOS are videos, folders of frames, folders of videos, addresses that OpenCV opens, or
the number of a camera. The results in OUT/<name> are timelines.json, .csv and .png,
segments.csv, faces.csv, annotated.mp4 and the files of --formats. Exit status: 0 all
videos were processed, 1 some could not be read or had no face (a message names them), 2
none could be processed.

    python tools/predict.py video.mp4                         # the packaged network
    python tools/predict.py video.mp4 --config CONFIG --checkpoint CHECKPOINT
    python tools/predict.py video.mp4 --checkpoint MODEL      # by tools/publish.py
    python tools/predict.py video.mp4 --checkpoint MODEL --formats eaf textgrid srt
    python tools/predict.py Clip/clip_224x224_16f/* --clips --checkpoint MODEL
    python tools/predict.py 0 --live --checkpoint MODEL       # the first camera
"""

import argparse
import sys
from functools import partial

from dfew_mmaction.faces.detectors import DETECTORS
from dfew_mmaction.inference import ExpressionInferencer, SegmentRule
from dfew_mmaction.inference.live import run_live
from dfew_mmaction.inference.outputs import ADDED_FORMATS
from dfew_mmaction.inference.predict_clips import predict_clips
from dfew_mmaction.inference.predict_videos import ReportOptions, predict_videos
from dfew_mmaction.utils import (
    add_detector,
    add_model,
    exit_status,
    named_option,
    non_negative_number,
    positive_number,
    share,
    tool_parser,
    whole_number,
)

#: Options that only files, folders and recordings of cameras use.
FILE_ONLY = (
    'detect_every', 'on_cuts', 'smooth', 'enter', 'leave', 'shortest', 'formats',
    'jobs', 'no_video', 'speed',
)  # fmt: skip


def seconds(text: str) -> float | None:
    return None if text == 'all' else positive_number(text)


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('videos', nargs='+', metavar='VIDEOS', help='see above')
    add_model(parser)
    parser.add_argument(
        '--out',
        default='work_dirs/predict',
        help='folder for the results (default: %(default)s)',
    )
    add_detector(parser, DETECTORS.module_dict)
    parser.add_argument(
        '--detect-every', type=whole_number(1), default=1, metavar='K',
        help='search every K-th frame for faces and follow them in between, which is '
        'faster (default: 1)',
    )  # fmt: skip
    parser.add_argument(
        '--on-cuts', choices=('split', 'keep'),
        help='at a shot cut, give all faces new numbers or ignore it (default: split, '
        'and keep with the detector none)',
    )  # fmt: skip
    parser.add_argument(
        '--window', type=seconds, default=2.0,
        help='length of the windows in seconds; all: the complete video (default: 2)',
    )  # fmt: skip
    parser.add_argument(
        '--stride',
        type=positive_number,
        default=0.5,
        help='seconds between the starts of windows (default: 0.5)',
    )
    parser.add_argument(
        '--smooth',
        type=non_negative_number,
        default=0.0,
        help='smooth the curves by a Gaussian with this standard deviation in seconds',
    )
    rule = SegmentRule()
    parser.add_argument(
        '--enter', type=share, default=rule.enter, metavar='P',
        help='probability at which an emotion begins (default: %(default)s)',
    )  # fmt: skip
    parser.add_argument(
        '--leave', type=share, default=rule.leave, metavar='P',
        help='probability below which it ends (default: %(default)s)',
    )  # fmt: skip
    parser.add_argument(
        '--shortest', type=non_negative_number, default=rule.shortest, metavar='S',
        help='shorter segments are dropped (default: %(default)s)',
    )  # fmt: skip
    parser.add_argument(
        '--batch-size',
        type=whole_number(1, 10_000),
        default=8,
        help='windows per forward pass (default: 8)',
    )
    parser.add_argument(
        '--fps',
        type=positive_number,
        default=25.0,
        help='frames per second of folders of frames',
    )
    parser.add_argument(
        '--limit', type=positive_number, help='seconds after which to stop, for cameras'
    )
    parser.add_argument(
        '--formats', nargs='+', default=[], choices=ADDED_FORMATS, metavar='FORMAT',
        help=f'additional files with the segments: {", ".join(ADDED_FORMATS)}',
    )  # fmt: skip
    parser.add_argument(
        '--jobs',
        type=whole_number(1, 10_000),
        default=1,
        help='number of videos processed at a time (default: 1)',
    )
    parser.add_argument(
        '--no-video', action='store_true', help='write no annotated video'
    )
    parser.add_argument(
        '--speed', action='store_true', help='print the processing speed'
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        '--clips', action='store_true',
        help='VIDEOS are clips of aligned faces: one prediction each, as in testing',
    )  # fmt: skip
    mode.add_argument(
        '--live', action='store_true',
        help='show boxes and emotions while the camera runs: in a window if there is '
        'a display, otherwise as JSON lines',
    )  # fmt: skip
    args = parser.parse_args()
    for chosen, name in ((args.live, '--live'), (args.clips, '--clips')):
        given = [
            one for one in FILE_ONLY if getattr(args, one) != parser.get_default(one)
        ]
        if chosen and given:
            options = ', '.join(f'--{one.replace("_", "-")}' for one in given)
            parser.error(f'{name} does not use {options}: leave it out')
    return args


def main() -> int:
    args = parse_args()
    model = (args.config, args.checkpoint) if args.config else (args.checkpoint,)
    detector = dict(map(named_option, args.detector_options), type=args.detector)
    make = partial(
        ExpressionInferencer,
        *model,
        detector='none' if args.clips else detector,
        device=args.device,
        window=args.window,
        stride=args.stride,
        smooth=args.smooth,
        batch_size=args.batch_size,
        margin=args.margin,
        detect_every=args.detect_every,
        on_cuts=args.on_cuts,
        rule=SegmentRule(args.enter, args.leave, args.shortest),
    )
    if args.clips:
        return predict_clips(make(), args.videos, args.out)
    if args.live:
        return run_live(make(), args.videos, args.limit)
    options = ReportOptions(
        video=not args.no_video,
        fps=args.fps,
        limit=args.limit,
        formats=tuple(args.formats),
        speed=args.speed,
    )
    return predict_videos(make, args.videos, args.out, options=options, jobs=args.jobs)


if __name__ == '__main__':
    sys.exit(exit_status(main))
