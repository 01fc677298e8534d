"""MMAction2's own training and testing scripts, without mim."""

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import mmaction


def _load(name: str) -> ModuleType:
    package = Path(mmaction.__file__).parent
    # A wheel carries its scripts in `.mim`; a source install has them one level up.
    places = [package / '.mim' / 'tools', package.parent / 'tools']
    for place in places:
        path = place / f'{name}.py'
        if path.is_file():
            spec = importlib.util.spec_from_file_location(f'mmaction_{name}', path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise FileNotFoundError(
        f"MMAction2's script `{name}.py` is not in "
        + ' or '.join(f"'{place}'" for place in places)
        + '. Install mmaction2 again: `pip install --force-reinstall mmaction2`.'
    )


def run_train() -> None:
    """Run MMAction2's ``tools/train.py`` on the arguments of this process."""
    _load('train').main()


def run_test() -> None:
    """Run MMAction2's ``tools/test.py`` on the arguments of this process.

    ``--dump FILE.csv`` writes a predictions file (:func:`read_predictions` reads it);
    ``--dump FILE.pkl`` pickles everything, as in MMAction2. ``--embeddings FILE.npz``
    writes what the classifier takes in (:func:`read_embeddings` reads it).
    """
    tool = _load('test')
    merge_args = tool.merge_args
    ours = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    ours.add_argument('--embeddings')
    taken, sys.argv[1:] = ours.parse_known_args()

    def merge(cfg: Any, args: Any) -> Any:
        if taken.embeddings:
            hook = dict(type='DumpEmbeddingsHook', out_file=taken.embeddings)
            cfg.custom_hooks = [*cfg.get('custom_hooks', []), hook]
        if not str(args.dump).endswith('.csv'):
            return merge_args(cfg, args)
        dump = dict(type='DumpPredictions', out_file=args.dump)
        args.dump = None
        cfg = merge_args(cfg, args)
        evaluators = cfg.test_evaluator
        if not isinstance(evaluators, (list, tuple)):
            evaluators = [evaluators]
        cfg.test_evaluator = [*evaluators, dump]
        return cfg

    tool.merge_args = merge
    tool.main()
