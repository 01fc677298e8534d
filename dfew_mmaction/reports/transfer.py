"""Results of fine-tuning from other data sets: tables 7 and 8 of the DFEW paper."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tabulate import tabulate

from ..evaluation.functional import read_predictions
from ..evaluation.protocol import Pooled
from ..inference.model_files.model_file import read_model_file
from ..utils.json_files import read_json
from .report import compare_settings

SCRATCH = 'none (from scratch)'
#: Printed WAR on AFEW 7.0: pretraining set, then C3D, C3D with EC-STFL, 3D Resnet18, 3D
#: Resnet18 with EC-STFL.
PAPER_TABLE_7 = (
    ('Sports 1M', '41.78', '44.91', '-', '-'),
    ('UCF101', '41.25', '42.34', '-', '-'),
    ('Kinect700', '-', '-', '49.35', '49.61'),
    ('Kinect700+Moments In Time', '-', '-', '49.35', '49.35'),
    ('DFEW, fd2', '44.91', '45.56', '53.00', '53.26'),
    ('DFEW, fd5', '49.87', '49.87', '49.61', '49.66'),
)
PAPER_TABLE_8 = (
    ('Lu et al.', '45.31'),
    ('Fan et al. (2016)', '45.43'),
    ('Hu et al.', '46.48'),
    ('Fan et al. (2018)', '48.04'),
    ('Liu et al.', '51.44'),
    ('3D Resnet18, DFEW fd2', '53.00'),
    ('3D Resnet18, EC-STFL, DFEW fd2', '53.26'),
)
#: Shape of the parts of ``report.json`` that are used.
REPORT = dict(
    data=dict(statement=str),
    settings=[
        dict(
            name=str, load_from=(str, None), seeds=[int], values={str: object},
            pooled={metric: dict(mean=float) for metric in ('UAR', 'WAR')},
            intervals=dict(WAR=[float]),
        )
    ],
)  # fmt: skip
NETWORKS = {'c3d': 'C3D', 'resnet3d18': '3D Resnet18', 'p3d': 'P3D', 'i3d': 'I3D-RGB'}


def transfer_report(
    report_dirs: Sequence[str | Path],
    title: str = 'Transfer',
    notes: Sequence[str] = (),
    *,
    paper: bool = False,
) -> str:
    """Format tables of the best setting for each network and source of its weights.

    Args:
        report_dirs (Sequence[str | Path]): Folders of reports by
            ``tools/cross_validate.py``. Columns are configs, rows are their initial
            weights (``load_from``). If the grid varied other settings, such as the
            learning rate, the best one by pooled WAR is shown.
        title (str): Heading.
        notes (Sequence[str]): Sentences at the beginning.
        paper (bool): Whether to append the paper's tables. Defaults to False.

    Returns:
        str: Markdown.

    Raises:
        FileNotFoundError: If there is no report in a folder.
        ValueError: If a report has no finished setting.
    """
    best = _best(report_dirs)
    networks = list(dict.fromkeys(network for _, network in best))
    sources = sorted({source for source, _ in best}, key=lambda s: (s != SCRATCH, s))
    first = next(iter(best.values()))
    rows = [
        [s, *(_cell(best[s, n]) if (s, n) in best else '-' for n in networks)]
        for s in sources
    ]
    seeds = len(first['seeds'])
    parts = [
        f'# {title}',
        *notes,
        first['statement'],
        '## Fine-tuned from',
        'Pooled WAR in percent'
        + (f', mean over {seeds} seeds' if seeds > 1 else '')
        + ', in square brackets the 95 % bootstrap interval.'
        + (
            ' Each cell shows the best of its settings by WAR on the scored part, with '
            'the number of settings in round brackets; the interval does not account '
            'for that choice.'
            if any(setting['tried'] > 1 for setting in best.values())
            else ''
        ),
        _table(['Pretrained on', *networks], rows),
    ]
    if gains := _gains(best, networks, sources):
        parts += [
            '## What pretraining adds',
            'Difference from the same network from scratch, in percentage points, with '
            'the 95 % interval of paired bootstrap draws of clips (and of seeds). If '
            'an interval contains 0, the difference may be due to chance.',
            _table(['Pretrained on', 'network', 'UAR', 'WAR'], gains),
        ]
    models = [
        (f'{n}, {s}' if s != SCRATCH else f'{n}, from scratch', best[s, n])
        for s, n in best
    ]
    models.sort(key=lambda model: model[1]['pooled']['WAR']['mean'])
    parts += [
        '## Models',
        _table(
            ['Model', 'WAR', 'UAR'],
            [
                [name, *(f'{100 * s["pooled"][m]["mean"]:.2f}' for m in ('WAR', 'UAR'))]
                for name, s in models
            ],
        ),
    ]
    if paper:
        columns = [f'{n}{e}' for n in ('C3D', '3D Resnet18') for e in ('', ', EC-STFL')]
        parts += [
            '## As printed in the DFEW paper (AFEW 7.0, WAR)',
            _table(['Pretrained on (table 7)', *columns], PAPER_TABLE_7),
            _table(['Model (table 8)', 'WAR'], PAPER_TABLE_8),
        ]
    return '\n\n'.join(parts) + '\n'


def _best(folders: Sequence[str | Path]) -> dict[tuple[str, str], dict[str, Any]]:
    """Best setting by source and network, with the number tried and its folder."""
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in map(Path, folders):
        path = folder / 'report.json'
        if not path.is_file():
            raise FileNotFoundError(
                f"there is no report '{path}': write it by tools/cross_validate.py"
            )
        report = read_json(path, 'report of tools/cross_validate.py', REPORT)
        statement = report['data']['statement']
        for setting in report['settings']:
            key = _source(setting['load_from']), _network(setting['name'])
            tried = 1 + (best[key]['tried'] if key in best else 0)
            setting.update(folder=folder, statement=statement)
            if key not in best or _war(setting) > _war(best[key]):
                best[key] = setting
            best[key]['tried'] = tried
    if not best:
        raise ValueError(f'no setting has finished in {", ".join(map(str, folders))}')
    return best


def _war(setting: Mapping[str, Any]) -> float:
    return setting['pooled']['WAR']['mean']


def _network(name: str) -> str:
    stem = name.split('/')[0].split('_from_')[0]
    base, _, loss = stem.partition('_')
    words = {'ecstfl': ', EC-STFL', 'center': ', center loss', '': ''}
    return NETWORKS[base] + words[loss] if base in NETWORKS and loss in words else stem


def _source(checkpoint: str | None) -> str:
    """Training set of a checkpoint according to its metadata, or its name."""
    if not checkpoint:
        return SCRATCH
    if not Path(checkpoint).is_file():
        return Path(checkpoint).name
    trained_on = read_model_file(checkpoint).dataset
    if 'dataset' not in trained_on:
        return Path(checkpoint).name
    fold = trained_on.get('fold')
    return trained_on['dataset'] + (f', fd{fold}' if fold is not None else '')


def _cell(setting: Mapping[str, Any]) -> str:
    low, high = setting['intervals']['WAR']
    varied = {
        key.split('.')[-1]: value
        for key, value in setting['values'].items()
        if key != 'load_from'
    }
    chosen = ', '.join(f'{key} {value}' for key, value in varied.items())
    return f'{100 * _war(setting):.2f} [{100 * low:.2f}, {100 * high:.2f}]' + (
        f' ({chosen}, of {setting["tried"]})' if chosen else ''
    )


def _gains(
    best: Mapping, networks: Sequence[str], sources: Sequence[str]
) -> list[list]:
    rows = []
    for network in networks:
        found = [s for s in sources if (s, network) in best]
        if SCRATCH not in found:
            continue
        pooled = {source: _predictions(best[source, network]) for source in found}
        for row in compare_settings(pooled):
            cells = []
            for metric in ('UAR', 'WAR'):
                low, high = (f'{100 * x:+.2f}' for x in row[metric]['interval'])
                cells.append(f'{100 * row[metric]["difference"]:+.2f} [{low}, {high}]')
            rows.append([row['name'], network, *cells])
    return rows


def _predictions(setting: Mapping[str, Any]) -> dict[int, Pooled]:
    stem = setting['name'].replace('/', '_')
    pools = {}
    for seed in setting['seeds']:
        path = setting['folder'] / 'pooled' / f'{stem}_seed{seed}.csv'
        video_ids, labels, scores, classes = read_predictions(path)
        folds = np.zeros(len(labels), np.int64)
        pools[seed] = Pooled(video_ids, folds, labels, scores, classes)
    return pools


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return tabulate(rows, header, tablefmt='github', disable_numparse=True)
