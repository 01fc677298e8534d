"""Serve a web page that recognises emotions in uploaded or recorded videos.

The page asks for a video and shows the curves of each face in it:

    python tools/web_demo.py                             # the packaged network
    python tools/web_demo.py --config CONFIG --checkpoint CHECKPOINT
    python tools/web_demo.py --checkpoint MODEL          # by tools/publish.py
    python tools/web_demo.py --checkpoint MODEL.onnx
"""

import argparse
import sys

from dfew_mmaction.faces.detectors import DETECTORS
from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.utils import (
    add_model,
    exit_status,
    positive_number,
    tool_parser,
    whole_number,
)
from dfew_mmaction.web_demo import Limits, serve_page

from mmengine.logging import MMLogger


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    add_model(parser)
    parser.add_argument(
        '--detector',
        default='mtcnn',
        choices=sorted(DETECTORS.module_dict),
        help='face detector (default: mtcnn)',
    )
    parser.add_argument(
        '--window',
        type=positive_number,
        default=2.0,
        help='seconds of a face that get one prediction (default: 2)',
    )
    parser.add_argument(
        '--stride',
        type=positive_number,
        default=0.5,
        help='seconds between the starts of windows (default: 0.5)',
    )
    parser.add_argument(
        '--host', default='127.0.0.1',
        help='address to listen on; 0.0.0.0 lets other machines connect '
             '(default: %(default)s, only this machine)',
    )  # fmt: skip
    parser.add_argument(
        '--allowed-host', action='append', default=[], metavar='NAME',
        help='further host name of the page, such as that of a '
             'proxy; may be repeated',
    )  # fmt: skip
    parser.add_argument(
        '--port',
        type=whole_number(0, 65535),
        default=7860,
        help='0 selects a free one (default: %(default)s)',
    )
    parser.add_argument(
        '--max-megabytes',
        type=whole_number(1),
        default=Limits.megabytes,
        help='greatest size of an upload (default: %(default)s)',
    )
    parser.add_argument(
        '--max-seconds',
        type=positive_number,
        default=Limits.seconds,
        help='greatest length of a video (default: %(default)s)',
    )
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    MMLogger.get_current_instance().setLevel('WARNING')
    model = (args.config, args.checkpoint) if args.config else (args.checkpoint,)
    inferencer = ExpressionInferencer(
        *model,
        detector=args.detector,
        device=args.device,
        window=args.window,
        stride=args.stride,
    )
    limits = Limits(args.max_megabytes, args.max_seconds)
    serve_page(
        inferencer, args.host, args.port, limits, allowed_hosts=args.allowed_host
    )
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
