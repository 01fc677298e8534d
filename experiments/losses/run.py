"""Compare the losses on synthetic faces; docs/demo_losses.md reports the outcome.

Each finished run is kept in experiments/losses/results. Stopped, the same command
continues with the runs that are missing there.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
import candidates  # noqa: F401, registers the forms that were compared
import torch
from plan import STAGES, Stage
from results import RESULTS, restore, store
from train import execute

from dfew_mmaction.cross_validation import Run, plan_runs
from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.synthetic import make_demo

SIZE = 32
DEMO = dict(
    num_clips=2000,
    num_identities=200,
    imbalance='dfew',
    max_frames=24,
    sources=['16f'],
    unlabeled=0.0,
)


def plan(stage: Stage, work_dir: Path) -> list[Run]:
    """The runs of a stage, with those that are stored put in their place."""
    runs = plan_runs(
        stage.configs, work_dir / stage.name, stage.folds, stage.seeds, stage.grid,
        options=stage.options,
    )  # fmt: skip
    for run in runs:
        if not (run.folder / 'run.json').is_file():
            restore(run, RESULTS / stage.name)
        run.write()
    return runs


def stored(run: Run, stage: str) -> bool:
    """Whether the results of a run are kept already."""
    return (RESULTS / stage / run.setting / f'{run.folder.name}.json').is_file()


def prepare(root: Path) -> None:
    """Draw the synthetic set and pack its frames, unless that is done."""
    if not any(root.glob('packed/*/pack.json')):
        if not (root / 'packed').is_dir():
            make_demo(root, **DEMO)
        pack_dfew(root, scale=(SIZE, SIZE))


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--stages', nargs='+', choices=list(STAGES), default=None)
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs/losses'))
    parser.add_argument('--data-root', default='data/demo_dfew')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    os.environ.update(DFEW_ROOT=args.data_root, DFEW_SOURCE='packed')
    torch.set_num_threads(1)
    init_default_scope('mmaction')
    MMLogger.get_current_instance().setLevel(logging.ERROR)
    prepare(Path(args.data_root))
    for name in args.stages or STAGES:
        todo = [
            run
            for stage in STAGES[name]
            for run in plan(stage, args.work_dir)
            if not stored(run, name)
        ]
        # Fold by fold, so that comparisons are complete wherever this is stopped.
        todo.sort(key=lambda run: (run.seed, run.fold))
        for number, run in enumerate(todo, start=1):
            known = execute(run)
            store(run, RESULTS / name)
            print(
                f'{name} {number}/{len(todo)} {run.name}: UAR {known["score"]["UAR"]:.2%}'
                f' WAR {known["score"]["WAR"]:.2%} in {known["seconds"]:.0f} s',
                flush=True,
            )
    return 0


if __name__ == '__main__':
    sys.exit(main())
