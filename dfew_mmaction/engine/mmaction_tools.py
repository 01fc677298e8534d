"""MMAction2's training and testing scripts, without mim."""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import mmaction
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from ..utils.config_file import ConfigOptions, load_config, merge_options

#: What :func:`run_test` adds to the options of MMAction2.
HELP = """This plugin adds:
  --dump FILE.csv         write a row per clip: video_id, label, prediction, scores
  --embeddings FILE.npz   write the input of the classifier for each clip
"""
#: Suffixes of the files of ``--dump``.
DUMPS = ('.csv', '.pkl', '.pickle')


def _load(name: str) -> ModuleType:
    package = Path(mmaction.__file__).parent
    # A wheel contains its scripts in `.mim`; a source install has them one level up.
    places = [package / '.mim' / 'tools', package.parent / 'tools']
    for place in places:
        path = place / f'{name}.py'
        if path.is_file():
            loader = SourceFileLoader(f'mmaction_{name}', str(path))
            module = ModuleType(loader.name)
            module.__file__ = str(path)
            loader.exec_module(module)
            module.DictAction = ConfigOptions  # type: ignore[attr-defined]
            return module
    raise FileNotFoundError(
        f"MMAction2's script `{name}.py` is not in "
        + ' or '.join(f"'{place}'" for place in places)
        + '. Install mmaction2 again: `pip install --force-reinstall mmaction2`.'
    )


def run_train() -> None:
    """Run MMAction2's ``tools/train.py`` with the arguments of this process.

    Raises:
        ValueError: If the config cannot be read. Errors of the run are raised as well.
    """
    tool = _load('train')
    args = tool.parse_args()
    options, args.cfg_options = args.cfg_options, None
    cfg = tool.merge_args(load_config(args.config, 'model', 'train_dataloader'), args)
    # MMAction2 ignores these options if the config sets `randomness`.
    given = dict(
        seed=args.seed,
        diff_rank_seed=args.diff_rank_seed,
        deterministic=args.deterministic,
    )
    cfg.randomness.update(
        {name: v for name, v in given.items() if v is not None and v is not False}
    )
    merge_options(cfg, options)
    _logged(_runner(cfg).train)


def run_test() -> None:
    """Run MMAction2's ``tools/test.py`` with the arguments of this process.

    ``--dump FILE.csv`` writes a predictions file (:func:`read_predictions` reads it);
    ``--dump FILE.pkl`` pickles everything, as in MMAction2. ``--embeddings FILE.npz``
    writes the input of the classifier (:func:`read_embeddings` reads it).

    Raises:
        ValueError: If the config cannot be read or the file of ``--dump`` has another
            suffix. Errors of the run are raised as well.
    """
    tool = _load('test')
    ours = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    ours.add_argument('--embeddings')
    if {'-h', '--help'} & {*sys.argv[1:]}:
        print(HELP)
    taken, sys.argv[1:] = ours.parse_known_args()
    args = tool.parse_args()
    _check_checkpoint(args.checkpoint)
    if args.dump and not args.dump.endswith(DUMPS):
        endings = ' or '.join(DUMPS)
        raise ValueError(f"--dump '{args.dump}': the name must end in {endings}")
    cfg = load_config(args.config, 'model', 'test_dataloader', 'test_evaluator')
    table = args.dump if str(args.dump).endswith('.csv') else None
    if table:
        args.dump = None
    options, args.cfg_options = args.cfg_options, None
    cfg = tool.merge_args(cfg, args)
    if table:
        evaluators = cfg.test_evaluator
        if not isinstance(evaluators, (list, tuple)):
            evaluators = [evaluators]
        dump = dict(type='DumpPredictions', out_file=table)
        cfg.test_evaluator = [*evaluators, dump]
    if taken.embeddings:
        hook = dict(type='DumpEmbeddingsHook', out_file=taken.embeddings)
        cfg.custom_hooks = [*cfg.get('custom_hooks', []), hook]
    merge_options(cfg, options)
    cfg.launcher = args.launcher
    cfg.load_from = args.checkpoint
    cfg.work_dir = args.work_dir or cfg.get(
        'work_dir', os.path.join('work_dirs', Path(args.config).stem)
    )
    _logged(_runner(cfg).test)


def _check_checkpoint(path: str) -> None:
    """Refuse a missing checkpoint before the data are listed."""
    if '://' not in path and not os.path.isfile(path):
        kind = 'is a folder' if os.path.isdir(path) else 'does not exist'
        raise FileNotFoundError(f"the checkpoint '{path}' {kind}")


def _runner(cfg: Config) -> Runner:
    return RUNNERS.build(cfg) if 'runner_type' in cfg else Runner.from_cfg(cfg)


def _logged(work: Callable[[], Any]) -> None:
    """Run; tracebacks go to the log file instead of the terminal."""
    try:
        work()
    except Exception:
        logger = MMLogger.get_current_instance()
        record = logger.makeRecord(
            logger.name, logging.ERROR, __file__, 0, 'Stopped by an error', (),
            sys.exc_info(),
        )  # fmt: skip
        for handler in logger.handlers:
            if isinstance(handler, logging.FileHandler):
                handler.emit(record)
        raise
