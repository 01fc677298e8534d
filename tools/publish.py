"""Make a model file, which can be used without a config.

OUT/<name>-<hash>.pth (or .safetensors) contains the weights, class names, input,
network, pipeline, config, data set and scores, but not optimizer and log. A model card
is written next to it. Scores are those of a predictions file: `tools/test.py … --dump
FILE.csv`.

    python tools/publish.py CONFIG CHECKPOINT OUT --predictions predictions.csv
"""

import argparse
import sys

from dfew_mmaction.apis import publish
from dfew_mmaction.utils import exit_status, tool_parser


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('config', help='config of the network')
    parser.add_argument('checkpoint', help='weights of the network')
    parser.add_argument('out_dir', metavar='OUT', help='folder of the model file')
    parser.add_argument('--name', help='name of the file (default: that of the config)')
    parser.add_argument(
        '--predictions', help='predictions file of the test part, for the scores'
    )
    parser.add_argument(
        '--safetensors',
        action='store_true',
        help='write .safetensors instead of .pth',
    )
    parser.add_argument(
        '--measure-alignment', action='store_true',
        help='for data with another alignment than the release: measure the positions '
        'of eyes, nose and mouth in test clips',
    )  # fmt: skip
    parser.add_argument('--note', default='', help='paragraph for the model card')
    return parser.parse_args()


def main() -> int:
    path = publish(**vars(parse_args()))
    print(f'{path} and its card {path.with_suffix(".md")}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
