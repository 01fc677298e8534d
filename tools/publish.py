"""Make a model file that explains itself: no config is needed to use it.

Written are OUT/<name>-<hash>.pth (or .safetensors), without optimizer and log, with
class names, input, network, pipeline, config, data set and scores, and a model card
beside it. Scores come from a predictions file: `tools/test.py … --dump FILE.csv`.

    python tools/publish.py CONFIG CHECKPOINT OUT --predictions predictions.csv
"""

import argparse
import sys

from dfew_mmaction.apis import publish
from dfew_mmaction.utils import exit_status


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config')
    parser.add_argument('checkpoint')
    parser.add_argument('out', help='folder')
    parser.add_argument('--name', help='default: that of the config')
    parser.add_argument('--predictions', help='of the test part, for the scores')
    parser.add_argument(
        '--safetensors', action='store_true', help='needs `pip install safetensors`'
    )
    parser.add_argument(
        '--measure-alignment', action='store_true',
        help='for training data that was not aligned as the release: look where it has '
        'the eyes, the nose and the mouth',
    )  # fmt: skip
    parser.add_argument('--note', default='', help='a paragraph for the card')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    path = publish(
        args.config,
        args.checkpoint,
        args.out,
        name=args.name,
        predictions=args.predictions,
        safetensors=args.safetensors,
        note=args.note,
        measure_alignment=args.measure_alignment,
    )
    print(f'{path} and its card {path.with_suffix(".md")}')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
