"""Export a trained network to ONNX, or to .pt2 for torch.export.load.

The file contains a description of the network. It is compared with PyTorch on noise and
on synthetic faces before it is written:

    python tools/deploy/export.py CONFIG CHECKPOINT c3d.onnx
    python tools/deploy/export.py MODEL c3d.onnx             # by tools/publish.py
    python tools/deploy/export.py CONFIG CHECKPOINT c3d.onnx --int8 c3d_int8.onnx
"""

import argparse
import sys

from dfew_mmaction.deploy import (
    calibration_clips,
    export_network,
    load_network,
    quantize_onnx,
)
from dfew_mmaction.utils import exit_status, tool_parser, whole_number

from mmengine.logging import MMLogger


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument(
        'config', nargs='?', help='config of the checkpoint; not for model files'
    )
    parser.add_argument(
        'checkpoint', help='checkpoint, or model file by tools/publish.py'
    )
    parser.add_argument('out', help='.onnx or .pt2')
    parser.add_argument(
        '--int8', metavar='FILE',
        help='also write an 8-bit file; needs CONFIG and its training part',
    )  # fmt: skip
    parser.add_argument(
        '--calibration-clips',
        type=whole_number(1),
        default=70,
        help='training clips by which --int8 measures activations (default: 70)',
    )
    args = parser.parse_args()
    if args.int8 and (not args.config or not args.out.endswith('.onnx')):
        parser.error('--int8 needs CONFIG, and OUT as .onnx')
    return args


def main() -> int:
    args = parse_args()
    MMLogger.get_current_instance().setLevel('WARNING')
    # First, since it fails without the data set.
    clips = (
        calibration_clips(args.config, args.calibration_clips) if args.int8 else None
    )
    done = export_network(load_network(args.config, args.checkpoint), args.out)
    found = ', '.join(
        f'{d:.1e} on {kind} clips' for kind, d in done.differences.items()
    )
    print(f'{done.path}: {done.megabytes:.1f} MB; differs from PyTorch by {found}')
    if args.int8:
        path = quantize_onnx(args.out, args.int8, clips)
        print(f'{path}: {path.stat().st_size / 1e6:.1f} MB, in 8 bits; its score: '
              f'tools/deploy/score.py {args.config} {path}')  # fmt: skip
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
