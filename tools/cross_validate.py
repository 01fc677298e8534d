"""Train and test configs over folds and seeds, and report the pooled scores.

The same command continues: finished runs are kept, interrupted ones are resumed. On a
cluster (`--launcher slurm`) the first call submits the runs, further calls collect
them.
"""

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import Any

from dfew_mmaction.cross_validation import (
    SELECTIONS,
    Run,
    array_states,
    plan_runs,
    run_locally,
    submit_runs,
)
from dfew_mmaction.reports.report import make_report, write_report
from dfew_mmaction.utils import exit_status, share, tool_parser, whole_number
from dfew_mmaction.utils.config_file import ConfigOptions

from mmengine.logging import MMLogger


def grid_entry(text: str) -> tuple[str, list[Any]]:
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
    parser = tool_parser(__doc__)
    parser.add_argument(
        'configs',
        nargs='+',
        metavar='CONFIG',
        help='configs to train; the report compares them with the first one',
    )
    parser.add_argument(
        '--work-dir',
        default='work_dirs/cross_validation',
        help='folder of the runs (default: %(default)s)',
    )
    parser.add_argument(
        '--folds',
        nargs='+',
        type=whole_number(1),
        default=[1, 2, 3, 4, 5],
        help='default: all five',
    )
    parser.add_argument(
        '--seeds', nargs='+', type=whole_number(0), default=[0], help='default: 0'
    )
    parser.add_argument(
        '--grid', nargs='+', type=grid_entry, default=[], metavar='KEY=V1,V2…',
        help='values of the config to try, in all combinations',
    )  # fmt: skip
    parser.add_argument(
        '--cfg-options', nargs='+', action=ConfigOptions, default={},
        help='settings for all runs, as for tools/train.py',
    )  # fmt: skip
    parser.add_argument(
        '--select', choices=SELECTIONS, default='last',
        help='which checkpoint is scored: the last, the best on the test part, or the '
        'best on a part of the training data (default: last)',
    )  # fmt: skip
    parser.add_argument(
        '--val-fraction', type=share,
        help='for --select val: share of the training data to hold out',
    )  # fmt: skip
    parser.add_argument(
        '--jobs',
        type=whole_number(1, 10_000),
        help='concurrent runs (default: as many as the GPUs suffice for)',
    )
    parser.add_argument(
        '--gpus-per-run',
        type=whole_number(1, 1000),
        default=1,
        help='GPUs of each run (default: 1)',
    )
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm'],
        default='none',
        help='pytorch: several GPUs per run; slurm: submit the runs (default: none)',
    )
    parser.add_argument(
        '--embeddings',
        action='store_true',
        help='write the embeddings of each test part',
    )
    parser.add_argument(
        '--slurm-options', nargs='+', default=[], metavar='OPTION',
        help='options of sbatch without dashes: partition=gpu time=24:00:00',
    )  # fmt: skip
    parser.add_argument(
        '--collect',
        action='store_true',
        help='run nothing, report on the finished runs',
    )
    parser.add_argument(
        '--report-dir', help='folder of the report (default: report in the work dir)'
    )
    parser.add_argument(
        '--title', default='Cross-validation', help='heading of the report'
    )
    parser.add_argument(
        '--note', nargs='+', default=[], help='sentences at the beginning of the report'
    )
    return parser.parse_args()


def submit(args: argparse.Namespace, runs: list[Run]) -> bool:
    """Submit the runs to Slurm; returns whether some are unfinished."""
    number = submit_runs(
        runs,
        Path(args.work_dir),
        args.jobs,
        gpus_per_run=args.gpus_per_run,
        embeddings=args.embeddings,
        options=[f'--{option}' for option in args.slurm_options],
    )
    if number is not None:
        print(
            f'The runs were submitted as array {number}. When it has ended, repeat the '
            'command to collect the results and submit failed runs again; with '
            '--collect it only collects.'
        )
    return number is not None


def main() -> int:
    args = parse_args()
    # MMEngine logs for each config which environment variables it inserted.
    MMLogger.get_current_instance().setLevel(logging.WARNING)
    failed = {}
    runs = plan_runs(
        args.configs, args.work_dir, args.folds, seeds=args.seeds, grid=dict(args.grid),
        select=args.select, val_fraction=args.val_fraction, options=args.cfg_options,
    )  # fmt: skip
    for run in runs:
        run.write()
    if args.collect:
        if states := array_states(Path(args.work_dir)):
            print(f'{len(states)} runs are queued or running in Slurm')
    elif args.launcher == 'slurm':
        if submit(args, runs):
            return 0
    else:
        failed = run_locally(
            runs,
            args.jobs,
            args.gpus_per_run,
            launcher=args.launcher,
            embeddings=args.embeddings,
        )
    report = make_report(runs, args.title, args.note)
    report_dir = args.report_dir or Path(args.work_dir) / 'report'
    path = write_report(report, Path(report_dir))[0]
    print(f'The report is in {path}')
    for problem in report['problems']:
        print(f'not in it: {problem}', file=sys.stderr)
    return 1 if failed or report['problems'] else 0


if __name__ == '__main__':
    sys.exit(exit_status(main, 'Stopped; the same command continues from here.'))
