"""Draw class activation maps of test clips by MMAction2's Grad-CAM."""

import argparse
import logging
import sys

from dfew_mmaction.apis import class_activation
from dfew_mmaction.utils import exit_status, tool_parser

from mmengine.logging import MMLogger


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('config', help='config of the network')
    parser.add_argument('checkpoint', help='weights of the network')
    parser.add_argument('out_dir', help='folder of the pictures, one per clip')
    parser.add_argument(
        '--target-layer',
        default='backbone/conv5b',
        help='layer whose gradients are shown (default: %(default)s, of C3D)',
    )
    parser.add_argument(
        '--video-ids', nargs='+', help='clips, such as 00012 (default: the first one)'
    )
    parser.add_argument(
        '--of-label',
        action='store_true',
        help='show the true class, not the predicted one',
    )
    parser.add_argument('--device', default='cpu', help='such as cuda:0 (default: cpu)')
    return parser.parse_args()


def main() -> int:
    MMLogger.get_current_instance().setLevel(logging.WARNING)
    for path, answer in class_activation(**vars(parse_args())).items():
        print(f'{path}: {answer}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
