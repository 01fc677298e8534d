"""Writes the reports of docs/demo_losses on the stored runs."""

import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from plan import CORE, OTHERS, STAGES
from results import RESULTS, is_stored, restore
from tabulate import tabulate

from dfew_mmaction.cross_validation import Run
from dfew_mmaction.evaluation.functional import (
    bootstrap_scores,
    interval,
    read_predictions,
)
from dfew_mmaction.evaluation.protocol import mean_and_deviation
from dfew_mmaction.reports.report import make_report, write_report
from dfew_mmaction.utils import CLASSES, save_figure, write_text
from dfew_mmaction.visualization import plot_sweep

NOTE = 'Synthetic faces in the class shares of DFEW: no score here is one of DFEW.'
#: Names of the forms that were compared.
FORMS = {
    'norm': 'times mean norm',
    'between': 'times mean distance',
    'log': 'logarithm',
    'unit': 'unit length',
    'batchnorm': 'batch normalisation',
    'harmonic': 'harmonic',
}
#: Columns of the table of dynamics: key in the log, heading.
LOGGED = {
    'loss_cls': 'loss_cls',
    'ecstfl_share': 'share of the gradient',
    'ecstfl_cosine': 'cosine',
    'embedding_norm': 'norm',
    'intra_class_distance': 'within',
    'inter_class_distance': 'between',
}


def stored_runs(name: str, work_dir: Path, rendered_root: Path) -> list[Run]:
    """The stored runs of the stages of a name, with their folders written anew.

    Those on rendered faces are left out if their packed set is missing: reports are
    checked against its lists.
    """
    there = (rendered_root / 'packed').is_dir()
    found: dict[Path, Run] = {}
    for stage in STAGES:
        if stage.name != name or (stage.rendered and not there):
            continue
        for run in stage.runs(work_dir, rendered_root):
            if run.folder not in found and is_stored(run, RESULTS / name):
                restore(run, RESULTS / name)
                found[run.folder] = run
    return list(found.values())


def comparable(runs: Sequence[Run]) -> list[Run]:
    """Runs of the folds and seeds that all of ``CORE`` have; others that have them too.

    A setting is left out if it lacks one of these folds for each seed.
    """
    done = {(run.setting, run.seed, run.fold) for run in runs}
    settings = dict.fromkeys(run.setting for run in runs)
    both = [
        (seed, fold)
        for seed, fold in sorted({(run.seed, run.fold) for run in runs})
        if all((name, seed, fold) in done for name in CORE)
    ]
    folds = {seed: {f for s, f in both if s == seed} for seed, _ in both}
    most = max(folds.values(), key=len, default=set())
    seeds = [seed for seed in folds if folds[seed] == most]
    kept = {
        (name, seed)
        for name in settings
        for seed in seeds
        if all((name, seed, fold) in done for fold in most)
    }
    order = {name: place for place, name in enumerate((*CORE, *OTHERS))}
    chosen = [r for r in runs if (r.setting, r.seed) in kept and r.fold in most]
    return sorted(chosen, key=lambda run: (order[run.setting], run.seed, run.fold))


def dynamics(runs: Sequence[Run]) -> str:
    """Tables of the first, a middle and the last row of the log, and of the test part.

    The second table has the distances of ``train.geometry`` after training.
    """
    rows, shapes = [], []
    for setting in dict.fromkeys(run.setting for run in runs):
        logs = [_stored(run) for run in runs if run.setting == setting]
        epochs = len(logs[0]['epochs'])
        for epoch in (0, epochs // 4, epochs - 1):
            row: dict[str, Any] = {'setting': setting}
            row['epoch'] = logs[0]['epochs'][epoch]['epoch']
            for key, heading in LOGGED.items():
                values = [log['epochs'][epoch].get(key) for log in logs]
                known = [value for value in values if value is not None]
                row[heading] = np.mean(known) if known else None
            rows.append(row)
        shape = {'setting': setting}
        for key in ('within', 'nearest', 'between'):
            values = [log['geometry'][key] for log in logs if 'geometry' in log]
            shape[key] = np.mean(values) if values else None
        shapes.append(shape)
    logged, tested = (
        tabulate(table, headers='keys', tablefmt='github', floatfmt='.3g')
        for table in (rows, shapes)
    )
    return f'{logged}\n\nOn the test part, after training:\n\n{tested}'


def _stored(run: Run) -> dict[str, Any]:
    return json.loads((run.folder / 'run.json').read_text(encoding='utf-8'))


def curves_of(
    runs: Sequence[Run], key: str
) -> dict[str, dict[Any, list[dict[str, float]]]]:
    """Scores by the value of a key, one curve for each config and other values."""
    curves: dict[str, dict[Any, list[dict[str, float]]]] = {}
    for run in runs:
        name, value = run.setting.split('/')[0], None
        for path, given in run.values.items():
            if path.endswith(f'.{key}'):
                value = given
            else:
                name = FORMS.get(given, f'{name}, {given}')
        if value is not None:
            curves.setdefault(name, {}).setdefault(value, []).append(
                _stored(run)['score']
            )
    return curves


def sweep_table(curves: dict[str, dict[Any, list[dict[str, float]]]]) -> str:
    """Mean UAR and WAR, in percent, of each value of a sweep."""
    rows = []
    for name, curve in sorted(curves.items()):
        for value in sorted(curve):
            row: dict[str, Any] = {'config': name, 'value': value}
            row['runs'] = len(curve[value])
            for metric in ('UAR', 'WAR'):
                scores = [100 * score[metric] for score in curve[value]]
                mean, deviation = mean_and_deviation(scores)
                row[metric] = (
                    f'{mean:.1f} ± {deviation:.1f}'
                    if len(scores) > 1
                    else f'{mean:.1f}'
                )
            rows.append(row)
    return tabulate(rows, headers='keys', tablefmt='github')


def write_reports(work_dir: Path, out: Path, rendered_root: Path) -> None:
    """Write the reports on the stored runs to a folder of the documentation."""
    stored = partial(stored_runs, work_dir=work_dir, rendered_root=rendered_root)
    for name, kind in (('losses', 'synthetic'), ('rendered', 'rendered')):
        if runs := comparable(stored(name)):
            report = make_report(runs, f'Losses on {kind} faces, not DFEW', [NOTE])
            folder = work_dir / 'report' / name
            write_report(report, folder)
            place = out if name == 'losses' else out / name
            place.mkdir(parents=True, exist_ok=True)
            for path in (folder / 'report.md', *folder.glob('*.png')):
                shutil.copy(path, place / path.name)
            text = f'# During training\n\n{NOTE}\n\n{dynamics(runs)}\n'
            write_text(place / 'dynamics.md', text)
    for name, key, label, title in (
        ('lambda', 'loss_weight', 'λ', 'λ'),
        ('rendered_lambda', 'loss_weight', 'λ', 'λ on rendered faces'),
        ('batch', 'batch_size', 'batch size', 'Batch size'),
        ('forms', 'loss_weight', 'λ', 'Other forms'),
    ):
        if swept := stored(name):
            curves = curves_of(swept, key)
            text = (
                f'# {title}\n\n{NOTE} Scored on a fifth of the training clips: mean ± '
                'standard deviation over the runs.\n\n'
            )
            write_text(out / f'{name}.md', text + sweep_table(curves) + '\n')
            save_figure(out / f'{name}.png', plot_sweep(curves, label))
    if runs := stored('c3d'):
        text = (
            f'# C3D at full width\n\n{NOTE} 56 x 56 pixels, fold 1, seed 0, '
            'scored on its test part.\n\n'
        )
        write_text(out / 'c3d.md', text + full_width(runs))
        for name, with_sgd in (('c3d', False), ('c3d_sgd', True)):
            shown = [r for r in runs if r.setting.startswith('c3d_sgd') == with_sgd]
            save_figure(out / f'{name}.png', plot_dynamics(shown))
    if runs := stored('full'):
        runs.sort(key=lambda run: run.setting)
        text = (
            f'# C3D on frames of 112 x 112 pixels\n\n{NOTE} Fold 1, seed 0, scored on '
            f'its test part. Device: {", ".join(devices(runs))}.\n\n'
        )
        write_text(out / 'full.md', text + full_width(runs))
        shown = [run for run in runs if run.setting.startswith('full_adamw/')]
        save_figure(out / 'full.png', plot_dynamics(shown))


def full_width(runs: Sequence[Run]) -> str:
    """Scores and log of trainings of C3D at full width."""
    return '\n\n'.join((score_table(runs), gains(runs), dynamics(runs))) + '\n'


def devices(runs: Sequence[Run]) -> list[str]:
    """Where the runs were computed."""
    return sorted({_stored(run)['device'] for run in runs})


def gains(runs: Sequence[Run]) -> str:
    """Table of the scores minus those of the same config with λ = 0.

    Intervals are those of 95 % of paired bootstrap draws of clips.
    """
    draws, scores = {}, {}
    for run in runs:
        _, labels, probabilities, _ = read_predictions(run.folder / 'predictions.csv')
        correct = probabilities.argmax(axis=1) == labels
        draws[run.setting] = bootstrap_scores(correct, labels)
        scores[run.setting] = _stored(run)['score']
    rows = []
    for setting in draws:
        none = f'{setting.split("/")[0].removesuffix("_recipe")}/loss_weight=0'
        if none == setting or none not in draws:
            continue
        row = {'setting': setting}
        for name in ('UAR', 'WAR'):
            low, high = interval(100 * (draws[setting][name] - draws[none][name]))
            gain = 100 * (scores[setting][name] - scores[none][name])
            row[name] = f'{gain:+.1f} [{low:+.1f}, {high:+.1f}]'
        rows.append(row)
    table = tabulate(rows, headers='keys', tablefmt='github')
    return f'Minus the same with λ = 0:\n\n{table}\n\nDuring training:'


def score_table(runs: Sequence[Run]) -> str:
    """UAR and WAR in percent and the recall of each class, one row a run."""
    rows = []
    for run in runs:
        score = _stored(run)['score']
        row = {'setting': run.setting}
        row.update({name: 100 * score[name] for name in ('UAR', 'WAR')})
        row.update({name: 100 * score[f'recall_{name}'] for name in CLASSES})
        rows.append(row)
    return tabulate(rows, headers='keys', tablefmt='github', floatfmt='.1f')


def plot_dynamics(runs: Sequence[Run]) -> Figure:
    """Draw what was logged, one panel for each column of the table of dynamics."""
    figure = Figure(figsize=(10, 5.6), layout='constrained')
    panels = figure.subplots(2, 3).flat
    for axes, (key, heading) in zip(panels, LOGGED.items()):
        for number, run in enumerate(runs):
            log = _stored(run)['epochs']
            # With λ = 0 the share is 0 and the angle undefined.
            alone = key.startswith('ecstfl_') and not any(
                row.get('ecstfl_share') for row in log
            )
            points = [(row['epoch'], row[key]) for row in log if key in row]
            if points and not alone:
                label = run.setting if key == 'loss_cls' else None
                axes.plot(*zip(*points), color=f'C{number}', label=label)
        axes.set(title=heading, xlabel='epoch')
        if key == 'ecstfl_share':
            axes.set_yscale('log')
            axes.yaxis.set_minor_formatter(NullFormatter())
        axes.grid(alpha=0.3)
    figure.legend(loc='outside lower center', ncols=2, fontsize='small')
    return figure
