"""Results of runs: pooled scores, intervals, comparisons."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mmaction.registry import DATASETS

from ..cross_validation.execute import read_run
from ..cross_validation.plan import Run
from ..evaluation.functional import (
    bootstrap_scores,
    confusion_matrix,
    holm,
    interval,
    mcnemar,
    write_predictions,
)
from ..evaluation.protocol import RELEASE_CLIPS, Pooled, mean_and_deviation, pool_folds
from ..utils import save_figure, write_json, write_text
from ..visualization import plot_confusion_matrix
from .report_text import report_latex, report_markdown

SELECTED = {
    'last': 'the last checkpoint of each run',
    'best': 'the checkpoint with the best UAR on the test part itself, which favours '
    'the scores',
    'val': 'the checkpoint with the best UAR on a part of the training data',
}
_DRAWS = 2000


def make_report(
    runs: Sequence[Run], title: str = 'Cross-validation', notes: Iterable[str] = ()
) -> dict[str, Any]:
    """Make a report on the finished ones of some runs.

    For each seed, the predictions of the folds are pooled and scored once, as in the
    paper; the report also contains the mean of the scores of the folds, as in later
    papers.

    Args:
        runs (Sequence[Run]): Runs of one or more settings; the others are compared with
            the first one.
        title (str): Heading.
        notes (Iterable[str]): Sentences at the beginning.

    Returns:
        dict: The content of :func:`write_report`, with scores as fractions. All values
        are plain except ``pooled``, the :class:`Pooled` predictions by setting and
        seed.
    """
    by_setting: dict[str, list[Run]] = {}
    for run in runs:
        by_setting.setdefault(run.setting, []).append(run)
    settings, pooled, problems = [], {}, []
    for name, members in by_setting.items():
        known = {run.name: read_run(run.folder) for run in members}
        for run in members:
            if error := known[run.name].get('error'):
                problems.append(f'{run.name} failed: {error.splitlines()[-1]}')
            elif not known[run.name].get('finished'):
                problems.append(f'{run.name} is not finished')
        seeds = {}
        for seed in sorted({run.seed for run in members}):
            part = [run for run in members if run.seed == seed]
            if all(known[run.name].get('finished') for run in part):
                try:
                    seeds[seed] = _pool(part)
                except (OSError, ValueError) as error:
                    problems.append(f'{name}, seed {seed}: {error}')
        if seeds:
            pooled[name] = seeds
            settings.append(_summary(name, members, seeds, known))
    return dict(
        title=title,
        notes=list(notes),
        problems=problems,
        data=_data(runs, pooled),
        selection=sorted({SELECTED[run.select] for run in runs}),
        settings=settings,
        comparisons=compare_settings(pooled),
        draws=_DRAWS,
        pooled=pooled,
    )


def write_report(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write ``report.md``, ``.json``, ``.tex``, pictures and pooled predictions.

    Args:
        report (Mapping): Result of :func:`make_report`.
        folder (Path): Folder to write to.

    Returns:
        list[Path]: The files; the Markdown file is the first.
    """
    folder = Path(folder)
    plain = {key: value for key, value in report.items() if key != 'pooled'}
    files = [folder / 'report.md', folder / 'report.json', folder / 'report.tex']
    pictures = {}
    for name, seeds in report['pooled'].items():
        stem = name.replace('/', '_')
        for seed, pool in seeds.items():
            path = folder / 'pooled' / f'{stem}_seed{seed}.csv'
            path.parent.mkdir(parents=True, exist_ok=True)
            write_predictions(
                path, pool.video_ids, pool.labels, pool.scores, pool.classes
            )
            files.append(path)
        picture = folder / f'confusion_{stem}.png'
        pools = list(seeds.values())
        matrices = [confusion_matrix(p.scores, p.labels, len(p.classes)) for p in pools]
        matrix = np.sum(matrices, axis=0)
        caption = f'{name}, {len(seeds)} seeds together' if len(seeds) > 1 else name
        save_figure(picture, plot_confusion_matrix(matrix, pools[0].classes, caption))
        pictures[name] = picture.name
        files.append(picture)
    write_json(folder / 'report.json', plain)
    write_text(files[0], report_markdown(plain, pictures))
    write_text(files[2], report_latex(plain))
    return files


def _pool(runs: Sequence[Run]) -> Pooled:
    listed = {}
    for run in runs:
        # Frames on the disk do not matter: predictions must cover the lists.
        dataset = dict(run.dataset, pipeline=[], lazy_init=True, source=run.source)
        dataset.pop('pack', None)
        listed[run.fold] = DATASETS.build(dataset).listed()
    return pool_folds(
        {run.fold: run.folder / 'predictions.csv' for run in runs}, listed
    )


def _summary(
    name: str, members: Sequence[Run], seeds: Mapping[int, Pooled], known: Mapping
) -> dict[str, Any]:
    folds = sorted({run.fold for run in members})
    with warnings.catch_warnings():
        # An error about a fold without a class is raised where it is scored.
        warnings.simplefilter('ignore')
        by_fold = {
            seed: {fold: pool.score_of_fold(fold) for fold in folds}
            for seed, pool in seeds.items()
        }
        pooled = {seed: pool.score() for seed, pool in seeds.items()}
    first = next(iter(seeds.values()))
    draws = bootstrap_scores(_correct(seeds), first.labels, _DRAWS)
    keys = list(next(iter(pooled.values())))
    finished = [known[r.name] for r in members if r.seed in seeds]
    over_folds = {
        metric: [np.mean([by_fold[s][fold][metric] for s in seeds]) for fold in folds]
        for metric in ('UAR', 'WAR')
    }
    return dict(
        name=name,
        values=members[0].values,
        options=members[0].options,
        folds=folds,
        seeds=list(seeds),
        clips=len(first.labels),
        select=members[0].select,
        source=members[0].source,
        load_from=members[0].config.get('load_from'),
        pooled={
            key: dict(
                zip(
                    ('mean', 'deviation'),
                    mean_and_deviation([scores[key] for scores in pooled.values()]),
                )
            )
            for key in keys
        },
        pooled_by_seed=pooled,
        intervals={metric: interval(draws[metric]) for metric in ('UAR', 'WAR')},
        over_folds={
            metric: dict(zip(('mean', 'deviation'), mean_and_deviation(values)))
            for metric, values in over_folds.items()
        },
        by_fold=by_fold,
        checkpoints=sorted({state['checkpoint'] for state in finished}),
        versions=sorted({_versions(state) for state in finished}),
        git=sorted({state['git'] or 'no repository' for state in finished}),
        seconds=round(sum(state.get('seconds', 0) for state in finished), 1),
    )


def _correct(seeds: Mapping[int, Pooled]) -> np.ndarray:
    return np.stack([pool.correct for pool in seeds.values()])


def _versions(state: Mapping[str, Any]) -> str:
    return ', '.join(f'{name} {value}' for name, value in state['versions'].items())


def compare_settings(
    pooled: Mapping[str, Mapping[int, Pooled]],
) -> list[dict[str, Any]]:
    """Compare each setting with the first one, on their common seeds."""
    names = list(pooled)
    rows: list[dict[str, Any]] = []
    for name in names[1:]:
        common = [seed for seed in pooled[names[0]] if seed in pooled[name]]
        ours = {seed: pooled[name][seed] for seed in common}
        base = {seed: pooled[names[0]][seed] for seed in common}
        same = common and np.array_equal(
            ours[common[0]].video_ids, base[common[0]].video_ids
        )
        if not same:
            continue
        labels = base[common[0]].labels
        # The same random seed gives the same draws for both.
        draws = [bootstrap_scores(_correct(x), labels, _DRAWS) for x in (ours, base)]
        row: dict[str, Any] = dict(name=name, baseline=names[0], seeds=common)
        for metric in ('UAR', 'WAR'):
            gains = [ours[s].score()[metric] - base[s].score()[metric] for s in common]
            row[metric] = dict(
                difference=float(np.mean(gains)),
                interval=interval(draws[0][metric] - draws[1][metric]),
            )
        row['mcnemar'] = {
            seed: mcnemar(base[seed].correct, ours[seed].correct)._asdict()
            for seed in common
        }
        rows.append(row)
    for seed in {seed for row in rows for seed in row['seeds']}:
        tests = [row['mcnemar'][seed] for row in rows if seed in row['mcnemar']]
        for test, value in zip(tests, holm([test['p_value'] for test in tests])):
            test['p_holm'] = float(value)
    return rows


def _data(runs: Sequence[Run], pooled: Mapping) -> dict[str, Any]:
    folds = sorted({run.fold for run in runs})
    counts = {len(p.labels) for seeds in pooled.values() for p in seeds.values()}
    clips = max(counts, default=0)
    if not any(run.has_folds for run in runs):
        statement = (
            f'The set has no folds: its test part holds {clips:,} clips, each scored '
            'once.'
        )
    elif folds != [1, 2, 3, 4, 5]:
        statement = (
            f'Only the folds {", ".join(map(str, folds))}: not comparable with scores '
            'of all five.'
        )
    elif clips == RELEASE_CLIPS:
        statement = (
            f'The test parts of the five folds are disjoint and hold the {clips:,} '
            'single-labelled clips of the release; each is scored once.'
        )
    else:
        statement = (
            f'The test parts of the five folds are disjoint and hold {clips:,} clips, '
            f'each scored once. The release of DFEW has {RELEASE_CLIPS:,}: this is '
            'another set, or a part.'
        )
    return dict(
        clips=clips,
        folds=folds,
        sources=sorted({run.source for run in runs}),
        complete_release=clips == RELEASE_CLIPS and folds == [1, 2, 3, 4, 5],
        statement=statement,
    )
