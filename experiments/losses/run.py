"""Compare the losses on synthetic faces; docs/demo_losses.md reports the outcome.

Each finished run is kept in experiments/losses/results. After an interruption, the same
command continues with the missing runs. Those on frames of 112 x 112 pixels are done
only where there is a GPU, those on rendered faces only with --face-model.
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
from plan import NAMES, STAGES
from report import write_reports
from results import RESULTS, is_stored, store
from train import execute

from dfew_mmaction.cross_validation import Run
from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.synthetic import make_demo
from dfew_mmaction.synthetic.rendered import make_rendered
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
# Four to eight frames of a clip are rendered and interpolated to 16.
RENDERED = dict(
    num_clips=2000,
    num_identities=2000,
    imbalance='dfew',
    min_frames=32,
    max_frames=64,
    frame_step=8,
    sources=['16f'],
    unlabelled=0.0,
)


def prepare(root: Path) -> None:
    """Make the set of drawn faces and pack its frames, unless they exist."""
    make_demo(root, **DEMO)
    pack_dfew(root, scale=(SIZE, SIZE))
    pack_dfew(root, root / 'packed_c3d', scale=(C3D_SIZE, C3D_SIZE))
    pack_dfew(root, root / 'packed_full', scale=(FULL_SIZE, FULL_SIZE))


def prepare_rendered(root: Path, face_model: Path) -> None:
    """Make the set of rendered faces and pack its frames, unless they exist."""
    make_rendered(root, face_model=face_model, **RENDERED)
    pack_dfew(root, scale=(SIZE, SIZE))


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--stages', nargs='+', choices=NAMES, default=NAMES)
    parser.add_argument('--work-dir', type=Path, default=Path('work_dirs/losses'))
    parser.add_argument('--data-root', default='data/demo_dfew')
    parser.add_argument(
        '--rendered-root', type=Path, default=Path('data/rendered_dfew')
    )
    parser.add_argument(
        '--face-model', type=Path, help='as for tools/data/make_synthetic.py'
    )
    parser.add_argument(
        '--report-only',
        action='store_true',
        help='train nothing, report the finished runs',
    )
    parser.add_argument('--out', type=Path, default=OUT, help='folder of the reports')
    return parser.parse_args()


def missing_runs(args: argparse.Namespace) -> list[tuple[str, Run]]:
    """The stages and runs that are not stored and can be done here, in their order."""
    chosen = [stage for stage in STAGES if stage.name in args.stages]
    if args.face_model and any(stage.rendered for stage in chosen):
        prepare_rendered(args.rendered_root, args.face_model)
    todo: dict[tuple, tuple[tuple, Run]] = {}
    left_out: dict[str, str] = {}
    for stage in chosen:
        if stage.gpu and not torch.cuda.is_available():
            left_out[stage.name] = 'a GPU'
        elif stage.rendered and not args.face_model:
            left_out[stage.name] = '--face-model'
        else:
            for run in stage.runs(args.work_dir, args.rendered_root):
                if not is_stored(run, RESULTS / stage.name):
                    key = (stage.priority, run.seed, run.fold, stage.name, run.setting)
                    todo.setdefault((stage.name, run.folder), (key, run))
    for name, needed in left_out.items():
        print(f'left out, since it needs {needed}: {name}')
    ordered = sorted(todo.values(), key=lambda item: item[0])
    return [(key[3], run) for key, run in ordered]


def main() -> int:
    args = parse_args()
    os.environ.update(DFEW_ROOT=args.data_root, DFEW_SOURCE='packed')
    torch.set_num_threads(1)
    init_default_scope('mmaction')
    MMLogger.get_current_instance().setLevel(logging.ERROR)
    prepare(Path(args.data_root))
    if args.report_only:
        write_reports(args.work_dir, args.out, args.rendered_root)
        return 0
    todo = missing_runs(args)
    for number, (name, run) in enumerate(todo, start=1):
        shutil.rmtree(run.folder, ignore_errors=True)
        run.write()
        known = execute(run)
        store(run, RESULTS / name)
        print(
            f'{number}/{len(todo)} {name} {run.name}: '
            f'UAR {known["score"]["UAR"]:.2%} WAR {known["score"]["WAR"]:.2%} '
            f'in {known["seconds"]:.0f} s',
            flush=True,
        )
    write_reports(args.work_dir, args.out, args.rendered_root)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main, 'Stopped; the same command continues.'))
