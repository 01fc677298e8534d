"""Logs and checks which data a run is trained and scored on."""

import logging
from typing import Any

from mmaction.registry import HOOKS
from mmengine.config import Config
from mmengine.dist import all_reduce
from mmengine.hooks import Hook

from .epoch_seed_hook import innermost

# Variables of the configs, each with the suffix of its environment variable.
VARIABLES = {'data_root': '_ROOT', 'fold': '_FOLD', 'source': ''}


@HOOKS.register_module()
class DataConsistencyHook(Hook):
    """Log root, fold, frame variant and clips of each part, and refuse leaks.

    It stops a run before the first step if

    - the training and validation parts share a clip, for example because the fold was
      changed for only one of them;
    - a checkpoint of one fold is tested on another fold or fine-tuned there: its
      training part contains most of the clips that would be scored;
    - ``--cfg-options fold=2`` (or ``data_root``, ``source``) changed a variable that
      the config had already used, so that the option has no effect.

    After each epoch it logs how many clips of all processes were replaced because they
    could not be decoded.

    Raises:
        ValueError: In the cases above, with the clips or folds and what to set.
    """

    priority = 'NORMAL'

    def __init__(self) -> None:
        self._trained_on: dict | None = None
        self._broken = 0

    def after_load_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Store which data a checkpoint was trained on."""
        meta = checkpoint.get('meta') or {}
        self._trained_on = meta.get('dataset_meta')

    def before_train(self, runner: Any) -> None:
        """Report and check the parts of a training run."""
        parts = {'train': _parts(runner.train_dataloader)}
        if runner.val_loop is not None:
            parts['val'] = _parts(runner.val_dataloader)
        self._check_variables(runner, parts)
        _report(runner, parts)
        _check_disjoint(parts)
        self._check_checkpoint(runner, sum(parts.values(), []))

    def before_test(self, runner: Any) -> None:
        """Report and check the part of a test run."""
        parts = {'test': _parts(runner.test_dataloader)}
        self._check_variables(runner, parts)
        _report(runner, parts)
        self._check_checkpoint(runner, parts['test'])

    def _check_checkpoint(self, runner: Any, datasets: list[Any]) -> None:
        for dataset in datasets:
            ours, theirs = dataset.metainfo, self._trained_on or {}
            same_set = ours.get('dataset') == theirs.get('dataset')
            if same_set and ours.get('fold') != theirs.get('fold', ours.get('fold')):
                raise ValueError(
                    f'The checkpoint was trained on fold {theirs["fold"]} of '
                    f'{ours["dataset"]} and would be used on fold {ours["fold"]}, '
                    'whose test clips are in its training part. Set '
                    f'{_prefix(dataset)}_FOLD={theirs["fold"]}, or use the checkpoint '
                    f'of fold {ours["fold"]}.'
                )
            if same_set and ours.get('source') != theirs.get('source'):
                runner.logger.warning(
                    f"The checkpoint was trained on source '{theirs.get('source')}' "
                    f"and part '{dataset.split}' has source '{ours.get('source')}': "
                    'report this with the scores.'
                )

    def after_train_epoch(self, runner: Any) -> None:
        """Log how many clips were replaced."""
        total = 0
        for dataset in _parts(runner.train_dataloader):
            broken = dataset.broken.int()
            all_reduce(broken, 'max')
            total += int(broken.sum())
        if total > self._broken:
            runner.logger.warning(
                f'{total} clips cannot be decoded and have been replaced by others so '
                'far. The log names each; copy them again.'
            )
        self._broken = total

    def after_train(self, runner: Any) -> None:
        """Replace the data of the checkpoint by those of this run."""
        self._trained_on = getattr(runner.train_dataloader.dataset, 'metainfo', None)

    def _check_variables(self, runner: Any, parts: dict[str, list]) -> None:
        level = runner.logger.level
        try:
            runner.logger.setLevel(logging.WARNING)  # it would log the variables again
            written = Config.fromfile(runner.cfg.filename, import_custom_modules=False)
        except (
            Exception
        ):  # the config was not read from a file, or the file no longer exists
            return
        finally:
            runner.logger.setLevel(level)
        for name in VARIABLES:
            wanted, before = runner.cfg.get(name), written.get(name)
            used = {str(getattr(d, name)) for part in parts.values() for d in part}
            if wanted != before and used and str(wanted) not in used:
                loaders = ' '.join(
                    f'{part}_dataloader.dataset.{name}={wanted}'
                    for part in ('train', 'val', 'test')
                )
                ending = VARIABLES[name]
                variable = _prefix(next(d for p in parts.values() for d in p)) + ending
                instead = f'set the variable {variable}={wanted}, or ' * bool(ending)
                raise ValueError(
                    f'`{name}={wanted}` was given by --cfg-options, but the config had '
                    f'already used {name}={before} when it was read. Instead, {instead}'
                    f'give --cfg-options {loaders}'
                )


def _parts(dataloader: Any) -> list[Any]:
    from ...datasets import BaseExpressionDataset as Ours

    return [d for d in innermost(dataloader.dataset) if isinstance(d, Ours)]


def _prefix(dataset: Any) -> str:
    """Prefix of a set's environment variables in the configs of ``_base_``."""
    own = type(dataset).METAINFO['dataset'].upper()
    return 'EXPRESSION' if own == 'EXPRESSIONS' else own


def _place(dataset: Any) -> str:
    fold = '' if dataset.fold is None else f'fold {dataset.fold}, '
    return f"{fold}part '{dataset.split}'"


def _report(runner: Any, parts: dict[str, list]) -> None:
    for part, datasets in parts.items():
        for d in datasets:
            counts = ', '.join(f'{n} {name}' for name, n in d.class_counts().items())
            frames = d.metainfo['source']
            packed = ', packed' if d.source != frames else ''
            runner.logger.info(
                f"{part}: '{d.data_root}', {_place(d)}, source "
                f"'{frames}'{packed}: {len(d)} clips ({counts})"
            )


def _check_disjoint(parts: dict[str, list]) -> None:
    seen = {key: d for d in parts['train'] for keys in d.identities() for key in keys}
    for dataset in parts.get('val', []):
        shared = [
            (dataset.get_data_info(index)['video_id'], seen[key])
            for index, keys in enumerate(dataset.identities())
            for key in keys
            if key in seen
        ]
        if shared:
            name, train = min(shared, key=lambda clip: clip[0])
            raise ValueError(
                f'{len(dict(shared))} clips are both trained and scored on, such as '
                f'{name}: training reads {_place(train)}, validation '
                f'{_place(dataset)}. Set the fold by {_prefix(dataset)}_FOLD, which '
                'sets all parts.'
            )
