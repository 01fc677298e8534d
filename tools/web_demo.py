"""Serve a web page that recognises emotions in uploaded or recorded videos.

python tools/web_demo.py                                 # the packaged network
python tools/web_demo.py --config CONFIG --checkpoint CHECKPOINT
python tools/web_demo.py --checkpoint MODEL              # by tools/publish.py
python tools/web_demo.py --checkpoint MODEL.onnx
"""

import argparse
import sys

from dfew_mmaction.faces.detectors import DETECTORS
from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.utils import exit_status, positive_number, whole_number
from dfew_mmaction.web_demo import Limits, serve_page

from mmengine.logging import MMLogger


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        '--config', help='config of the checkpoint; not for model files'
    )
    parser.add_argument(
        '--checkpoint',
        help='.pth, .safetensors, .onnx (default: the packaged network, which was '
             'trained on rendered faces only)',
    )  # fmt: skip
    parser.add_argument(
        '--detector', default='mtcnn', choices=sorted(DETECTORS.module_dict)
    )
    parser.add_argument(
        '--window', type=positive_number, default=2.0, help='seconds per clip'
    )
    parser.add_argument(
        '--stride', type=positive_number, default=0.5, help='seconds between clips'
    )
    parser.add_argument('--device', help='device, such as cuda:0')
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
        '--port', type=whole_number(0, 65535), default=7860, help='0 selects a free one'
    )
    parser.add_argument(
        '--max-megabytes', type=whole_number(1), default=Limits.megabytes
    )
    parser.add_argument('--max-seconds', type=positive_number, default=Limits.seconds)
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
