"""Train and test configs over folds and seeds, and report the pooled scores.

Runs that are done are not run again, stopped ones go on: give the same command again.
"""

import argparse
import json
import signal
import sys
from typing import Any, List, Tuple

from mmengine.config import DictAction

from dfew_mmaction.apis.cross_validation import SELECTIONS, plan_runs, run_locally


def grid_entry(text: str) -> Tuple[str, List[Any]]:
    key, _, values = text.partition('=')
    if not key or not values:
        raise argparse.ArgumentTypeError(f'{text!r} is not KEY=VALUE,VALUE…')
    return key, [_value(value) for value in values.split(',')]


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('configs', nargs='+', metavar='CONFIG')
    parser.add_argument('--work-dir', default='work_dirs/cross_validation')
    parser.add_argument('--folds', nargs='+', type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument('--seeds', nargs='+', type=int, default=[0])
    parser.add_argument(
        '--grid', nargs='+', type=grid_entry, default=[], metavar='KEY=V1,V2…',
        help='values of the config to try, in all combinations',
    )  # fmt: skip
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, default={},
        help='settings for all runs, as for tools/train.py',
    )  # fmt: skip
    parser.add_argument(
        '--select', choices=SELECTIONS, default='last',
        help='which checkpoint is scored: the last, the best on the test part, or the '
        'best on a part of the training data (default: last)',
    )  # fmt: skip
    parser.add_argument(
        '--val-fraction', type=float,
        help='for --select val: share of the training data to set aside',
    )  # fmt: skip
    parser.add_argument(
        '--jobs', type=int, help='runs at a time (default: as the GPUs suffice for)'
    )
    parser.add_argument('--gpus-per-run', type=int, default=1)
    parser.add_argument(
        '--launcher', choices=['none', 'pytorch', 'slurm'], default='none'
    )
    parser.add_argument(
        '--embeddings', action='store_true', help='dump them for each test part'
    )
    return parser.parse_args()


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def main() -> int:
    args = parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        runs = plan_runs(
            args.configs, args.work_dir, args.folds, args.seeds, dict(args.grid),
            args.select, args.val_fraction, args.cfg_options,
        )  # fmt: skip
        for run in runs:
            run.write()
        failed = run_locally(
            runs, args.jobs, args.gpus_per_run, args.launcher, args.embeddings
        )
    except KeyboardInterrupt:
        print('\nStopped; the same command goes on from here.', file=sys.stderr)
        return 130
    except (OSError, ValueError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
