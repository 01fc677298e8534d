"""Compare the losses on synthetic faces; docs/demo_losses.md reports the outcome.

Each finished run is kept in experiments/losses/results. After an interruption, the same
command continues with the missing runs. Those on frames of 112 x 112 pixels are done
only where there is a GPU.
"""

import argparse
import logging
import os
import shutil
import sys
from pathlib import Path

import candidates  # noqa: F401, registers the forms that were compared
import torch
from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
from plan import NAMES, STAGES, Stage
from report import write_reports
from results import RESULTS, is_stored, store
from train import execute

from dfew_mmaction.cross_validation import Run, plan_runs
from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.synthetic import make_demo
from dfew_mmaction.utils import exit_status

SIZE, C3D_SIZE, FULL_SIZE = 32, 56, 112
OUT = RESULTS.parents[2] / 'docs' / 'demo_losses'
DEMO = dict(
    num_clips=2000,
    num_identities=200,
    imbalance='dfew',
    max_frames=24,
    sources=['16f'],
    unlabelled=0.0,
)


def plan(stage: Stage, work_dir: Path) -> list[Run]:
    """The runs of a stage."""
    return plan_runs(
        stage.configs,
        work_dir / stage.name,
        stage.folds,
        seeds=stage.seeds,
        grid=stage.grid,
        options=stage.options,
    )


def prepare(root: Path) -> None:
    """Make the synthetic set and pack its frames, unless they exist."""
    make_demo(root, **DEMO)
    pack_dfew(root, scale=(SIZE, SIZE))
    pack_dfew(root, root / 'packed_c3d', scale=(C3D_SIZE, C3D_SIZE))
    pack_dfew(root, root / 'packed_full', scale=(FULL_SIZE, FULL_SIZE))


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--stages', nargs='+', choices=NAMES, default=NAMES)
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs/losses'))
    parser.add_argument('--data-root', default='data/demo_dfew')
    parser.add_argument(
        '--report-only',
        action='store_true',
        help='train nothing, report the finished runs',
    )
    parser.add_argument('--out', type=Path, default=OUT, help='folder of the reports')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    os.environ.update(DFEW_ROOT=args.data_root, DFEW_SOURCE='packed')
    torch.set_num_threads(1)
    init_default_scope('mmaction')
    MMLogger.get_current_instance().setLevel(logging.ERROR)
    prepare(Path(args.data_root))
    if args.report_only:
        write_reports(args.work_dir, args.out)
        return 0
    gpu = torch.cuda.is_available()
    todo: dict[tuple, tuple[tuple, Run]] = {}
    for stage in STAGES:
        if stage.name in args.stages and (not stage.gpu or gpu):
            for run in plan(stage, args.work_dir):
                if not is_stored(run, RESULTS / stage.name):
                    key = (stage.priority, run.seed, run.fold, stage.name, run.setting)
                    todo.setdefault((stage.name, run.folder), (key, run))
    left = [stage.name for stage in STAGES if stage.gpu and stage.name in args.stages]
    if left and not gpu:
        print(f'needs a GPU, left out: {", ".join(dict.fromkeys(left))}')
    ordered = sorted(todo.values(), key=lambda item: item[0])
    for number, (key, run) in enumerate(ordered, start=1):
        shutil.rmtree(run.folder, ignore_errors=True)
        run.write()
        known = execute(run)
        store(run, RESULTS / key[3])
        print(
            f'{number}/{len(ordered)} {key[3]} {run.name}: '
            f'UAR {known["score"]["UAR"]:.2%} WAR {known["score"]["WAR"]:.2%} '
            f'in {known["seconds"]:.0f} s',
            flush=True,
        )
    write_reports(args.work_dir, args.out)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main, 'Stopped; the same command continues.'))
