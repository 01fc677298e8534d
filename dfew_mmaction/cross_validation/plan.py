"""Plans of runs: config, fold and seed of each, written to a folder."""

import difflib
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmaction.registry import DATASETS
from mmengine.config import Config, ConfigDict

from ..datasets import BaseExpressionDataset, Pack
from ..utils import write_json, write_text
from ..utils.config_file import config_value, load_config, merge_options
from ..utils.json_files import read_json

#: Choices of the checkpoint of a run that is scored.
SELECTIONS = ('last', 'best', 'val')
_LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')


@dataclass
class Run:
    """One training and test.

    Attributes:
        setting (str): Name of the config, followed by the values of the grid, such as
            ``'c3d_ecstfl/loss_weight=10'``.
        values (dict): Values of the grid by key; empty without a grid.
        fold (int): Number of the fold, from 1.
        seed (int): Seed of the run.
        folder (Path): Folder of the run.
        config (Config): The complete config; it does not depend on the environment.
        select (str): See :data:`SELECTIONS`.
        options (dict): Keys of the config that were set for all runs.
    """

    setting: str
    values: dict[str, Any]
    fold: int
    seed: int
    folder: Path
    config: Config
    select: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name for displays."""
        return f'{self.setting} fold {self.fold} seed {self.seed}'

    @property
    def source(self) -> str:
        """Frame variant of the test part."""
        dataset = self.dataset
        source = dataset.get('source') or _class(dataset).SOURCES[0]
        if source == 'packed':
            pack = Pack.find(dataset['data_root'], dataset.get('pack'))
            source = pack.settings['source']
        return source

    @property
    def data_root(self) -> str:
        """Root of the test part."""
        return self.dataset['data_root']

    @property
    def dataset(self) -> ConfigDict:
        """Config of the test data set."""
        return next(_face_datasets(self.config.test_dataloader))

    @property
    def has_folds(self) -> bool:
        """Whether the set has folds; a set without folds is run as fold 1."""
        return _has_folds(self.dataset)

    def write(self) -> None:
        """Write the config and a description to the folder.

        Raises:
            ValueError: If a run with another config was started there.
        """
        path = self.folder / 'config.py'
        text = self.config.pretty_text
        if path.is_file() and (before := path.read_text(encoding='utf-8')) != text:
            lines = difflib.unified_diff(
                before.splitlines(), text.splitlines(), n=0, lineterm=''
            )
            changes = '\n  '.join(list(lines)[2:22])
            raise ValueError(
                f"In '{self.folder}' a run with other settings was started:\n"
                f'  {changes}'
                '\nUse another --work-dir, or delete that folder.'
            )
        if not path.is_file():
            write_text(path, text)
        description = dict(
            setting=self.setting,
            values=self.values,
            fold=self.fold,
            seed=self.seed,
            select=self.select,
            options=self.options,
            source=self.source,
            data_root=self.data_root,
        )
        stored = _read(self.folder / 'run.json')
        after = {**stored, **description}
        if stored and stored.get('select') != self.select:
            # The training is the same for both values, the score is not.
            after.pop('score', None)
            after.pop('finished', None)
        # Another process that executes the run may be writing this file.
        if after != stored:
            write_json(self.folder / 'run.json', after)


def plan_runs(
    configs: Sequence[str | Path],
    work_dir: str | Path,
    folds: Sequence[int] = (1, 2, 3, 4, 5),
    *,
    seeds: Sequence[int] = (0,),
    grid: Mapping[str, Sequence[Any]] | None = None,
    select: str = 'last',
    val_fraction: float | None = None,
    options: Mapping[str, Any] | None = None,
) -> list[Run]:
    """Plan runs, ordered by seed and fold, so that first comparisons finish early.

    Args:
        configs (Sequence[str | Path]): Config files.
        work_dir (str | Path): Runs get the folders
            ``<work_dir>/<setting>/fold<k>_seed<s>``.
        folds (Sequence[int]): Folds. Defaults to the five of DFEW.
        seeds (Sequence[int]): Defaults to 0 alone.
        grid (Mapping[str, Sequence], optional): Values by key of the config; all
            combinations are run.
        select (str): The checkpoint to score: ``'last'``, ``'best'`` by UAR on the test
            part, or ``'val'``, the best on a part of the training data.
            Defaults to ``'last'``.
        val_fraction (float, optional): For ``'val'``: share of the training data to
            hold out. Defaults to that of the config.
        options (Mapping[str, Any], optional): Keys of the config to set in all runs.

    Returns:
        list[Run]: The runs; nothing is written yet.

    Raises:
        FileNotFoundError: If there is no such config.
        ValueError: If two configs have the same name, a config lacks a key of the grid
            or a data set with folds, ``select`` does not suit its validation, or a fold
            or seed is out of range.
    """
    if select not in SELECTIONS:
        raise ValueError(f'select must be one of {SELECTIONS}, got {select!r}')
    if val_fraction is not None and select != 'val':
        raise ValueError(f"val_fraction goes with select='val', not {select!r}")
    for name, numbers, least in (('folds', folds, 1), ('seeds', seeds, 0)):
        if wrong := [number for number in numbers if number < least]:
            raise ValueError(f'{name} must be numbers from {least}, got {wrong[0]}')
    grid = dict(grid or {})
    names = [Path(config).stem for config in configs]
    lists: list[list] = [names, list(folds), list(seeds), *map(list, grid.values())]
    for given in lists:
        twice = sorted({str(x) for x in given if given.count(x) > 1})
        if twice or not given:
            raise ValueError(
                f'{twice[0]} occurs twice' if twice else 'there is nothing to run'
            )
    runs = []
    for seed, fold in itertools.product(seeds, folds):
        for path, name in zip(configs, names):
            for values in itertools.product(*grid.values()):
                chosen = dict(zip(grid, values))
                config = _resolve(path, fold, seed, options or {}, chosen)
                _carve(config, path, select, val_fraction)
                setting = '/'.join([name, *_short(chosen)])
                folder = Path(work_dir) / setting / f'fold{fold}_seed{seed}'
                run = Run(setting, chosen, fold, seed, folder, config, select)
                run.options = dict(options or {})
                runs.append(run)
    return runs


def _short(values: Mapping[str, Any]) -> list[str]:
    """Name the values by the shortest unique ends of their keys."""
    parts = {key: key.split('.') for key in values}
    short = {}
    for key, part in parts.items():
        for length in range(1, len(part) + 1):
            end = part[-length:]
            if sum(other[-length:] == end for other in parts.values()) == 1:
                break
        short[key] = '.'.join(end)
    named = [f'{short[key]}={value}' for key, value in values.items()]
    return [','.join(named).replace('/', '_').replace(' ', '')] if named else []


def _resolve(
    path: str | Path,
    fold: int,
    seed: int,
    options: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Config:
    config = load_config(path)
    merge_options(config, options)
    for key, value in values.items():
        # MMEngine would add a missing key, which no part reads.
        try:
            before = config_value(config, key)
        except LookupError:
            raise ValueError(
                f'{path}: there is no `{key}` to vary. Keys are written as in '
                '`model.cls_head.feature_losses.0.loss_weight`.'
            ) from None
        if isinstance(before, (int, float)) and not _is_finite(value):
            raise ValueError(
                f'{path}: `{key}` is {before}, expected a number, got {value!r}'
            )
    config.merge_from_dict(dict(values))
    found = [d for name in _LOADERS for d in _face_datasets(config.get(name))]
    if not found:
        raise ValueError(
            f'{path}: no part reads a fold (expected a set in {", ".join(_LOADERS)})'
        )
    with_folds = [dataset for dataset in found if _has_folds(dataset)]
    if not with_folds and fold != 1:
        raise ValueError(f'{path}: the set has no folds: give `--folds 1`')
    for dataset in with_folds:
        dataset['fold'] = fold
    if 'fold' in config:
        config.fold = fold
    config.randomness = dict(config.get('randomness') or {}, seed=seed)
    return config


def _carve(config: Config, path: Any, select: str, fraction: float | None) -> None:
    val = list(_face_datasets(config.get('val_dataloader')))
    if select != 'last' and not val:
        raise ValueError(
            f'{path}: there is no validation to select a checkpoint by; '
            "select='last' needs none"
        )
    if select == 'val' and fraction is not None:
        for dataset in _face_datasets(config.train_dataloader):
            dataset['val_fraction'] = fraction
        for dataset in val:
            dataset.update(split='val', val_fraction=fraction)
    parts = {dataset.get('split', 'train') for dataset in val}
    if select == 'val' and parts != {'val'}:
        raise ValueError(
            f'{path}: validation reads {sorted(parts)}. Set val_fraction, such as '
            '0.1, to select the checkpoint on a part of the training data, or set '
            "`split='val', val_fraction=…` in the config."
        )
    if select == 'best' and parts != {'test'}:
        raise ValueError(
            f"{path}: select='best' means the best on the test part, and validation "
            f"reads {sorted(parts)}; that is select='val'"
        )


def _face_datasets(node: Any) -> Iterator[ConfigDict]:
    """Find expression data sets, also inside wrappers."""
    if isinstance(node, dict):
        if 'fold' in node or _class(node) is not None:
            yield node
        children = list(node.values())
    else:
        children = list(node) if isinstance(node, (list, tuple)) else []
    for child in children:
        yield from _face_datasets(child)


def _class(node: Mapping[str, Any]) -> Any:
    kind = node.get('type')
    kind = DATASETS.get(kind) if isinstance(kind, str) else kind
    is_ours = isinstance(kind, type) and issubclass(kind, BaseExpressionDataset)
    return kind if is_ours else None


def _has_folds(dataset: Mapping[str, Any]) -> bool:
    return 'fold' in dataset or _class(dataset).HAS_FOLDS


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _read(path: Path) -> dict[str, Any]:
    return read_json(path, 'description of a run', {}) if path.is_file() else {}
