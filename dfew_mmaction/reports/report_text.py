"""Reports in Markdown and LaTeX."""

import math
from collections.abc import Mapping
from typing import Any

from tabulate import tabulate


def report_markdown(report: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    """Format a report as Markdown.

    Args:
        report (Mapping): Result of :func:`make_report`, without the predictions.
        pictures (Mapping[str, str]): File of the confusion matrix by setting.

    Returns:
        str: Markdown.
    """
    parts = [f'# {report["title"]}', *report['notes']]
    if report['problems']:
        lines = '\n'.join(f'- {problem}' for problem in report['problems'])
        parts.append(f'**Not in this report:**\n\n{lines}')
    data, settings = report['data'], report['settings']
    if not settings:
        return '\n\n'.join([*parts, 'No setting has finished.']) + '\n'
    parts += [
        data['statement'],
        f'Scored: {"; ".join(report["selection"])}. Frames: source '
        f'{", ".join(repr(source) for source in data["sources"])}. All scores are '
        'percent.',
        '## Pooled over the folds',
        'The predictions of the test parts are pooled and scored once, as in '
        'the paper'
        + (
            '; mean ± standard deviation over the seeds. '
            if any(len(s['seeds']) > 1 for s in settings)
            else '. '
        )
        + f'In brackets the 95 % interval of {report["draws"]} bootstrap draws of '
        'clips within each class, and of seeds where there are several.',
        _table(_pooled_rows(settings)),
        '## Mean over the folds',
        'The mean of the scores of the folds ± their standard deviation, as many '
        'later papers report it'
        + (
            ' (each fold first averaged over the seeds).'
            if any(len(s['seeds']) > 1 for s in settings)
            else '.'
        ),
        _table(
            [
                {
                    'setting': s['name'],
                    **{m: _with_deviation(s['over_folds'][m]) for m in ('UAR', 'WAR')},
                }
                for s in settings
            ]
        ),
    ]
    if report['comparisons']:
        parts += _comparison(report)
    parts += ['## Each fold', 'UAR / WAR.', _table(_fold_rows(settings))]
    for setting in settings:
        if picture := pictures.get(setting['name']):
            parts.append(f'![confusion matrix of {setting["name"]}]({picture})')
    parts += ['## Runs', _table(_provenance_rows(settings))]
    if options := _options(settings):
        parts.append(
            'Settings that differ from the configs (`--cfg-options`): '
            + ', '.join(f'`{option}`' for option in options)
            + '.'
        )
    versions = sorted({v for s in settings for v in s['versions']})
    parts += [f'With {version}.' for version in versions]
    return '\n\n'.join(parts) + '\n'


def report_latex(report: Mapping[str, Any]) -> str:
    """Format the pooled scores as table 4 of the paper, for booktabs."""
    settings = report['settings']
    if not settings:
        return '% no setting has finished\n'
    classes = _classes(settings[0])
    columns = [_escape(name.capitalize()) for name in classes] + ['UAR', 'WAR']
    keys = [f'recall_{name}' for name in classes] + ['UAR', 'WAR']
    lines = [
        '% needs \\usepackage{booktabs}',
        f'% {report["data"]["statement"]}',
        *(f'% --cfg-options {option}' for option in _options(settings)),
        f'\\begin{{tabular}}{{l{"c" * len(columns)}}}',
        '\\toprule',
        ' & '.join(['Model', *columns]) + ' \\\\',
        '\\midrule',
    ]
    for s in settings:
        best = {
            key: max(_shown(other['pooled'].get(key, {})) for other in settings)
            for key in ('UAR', 'WAR')
        }
        cells = [_escape(s['name'])]
        for key in keys:
            value = _shown(s['pooled'][key])
            cell = '--' if math.isnan(value) else f'{value:.2f}'
            is_best = len(settings) > 1 and value == best.get(key)
            cells.append(f'\\textbf{{{cell}}}' if is_best else cell)
        lines.append(' & '.join(cells) + ' \\\\')
    return '\n'.join([*lines, '\\bottomrule', '\\end{tabular}', ''])


def _pooled_rows(settings: list[Mapping]) -> list[dict[str, str]]:
    rows = []
    for s in settings:
        row = {'setting': s['name']}
        for name in _classes(s):
            row[name] = _percent(s['pooled'][f'recall_{name}']['mean'])
        for metric in ('UAR', 'WAR'):
            row[metric] = (
                f'{_with_deviation(s["pooled"][metric])} '
                f'[{_range(s["intervals"][metric])}]'
            )
        rows.append(row)
    return rows


def _comparison(report: Mapping[str, Any]) -> list[str]:
    rows = []
    for row in report['comparisons']:
        cells = {'setting': row['name']}
        for metric in ('UAR', 'WAR'):
            gain = row[metric]
            cells[metric] = (
                f'{100 * gain["difference"]:+.2f} [{_range(gain["interval"], "+")}]'
            )
        for seed, test in row['mcnemar'].items():
            cells[f'seed {seed}'] = (
                f'{test["only_first"]} / {test["only_second"]}, p = '
                f'{test["p_value"]:.3g} ({test["p_holm"]:.3g})'
            )
        rows.append(cells)
    baseline = report['comparisons'][0]['baseline']
    return [
        f'## Compared with {baseline}',
        'Differences of the pooled scores with the 95 % interval of paired bootstrap '
        "draws. Then, for each seed, McNemar's exact test on the pooled predictions: "
        f'clips that only {baseline} has right / that only the setting has right, the '
        "p-value, and in brackets the same after Holm's correction for the number of "
        'settings. If an interval contains 0 or p is large, the difference may be due '
        'to chance.',
        _table(rows),
    ]


def _fold_rows(settings: list[Mapping]) -> list[dict[str, str]]:
    rows = []
    for s in settings:
        for seed in s['seeds']:
            row = {'setting': s['name'], 'seed': str(seed)}
            for fold, score in s['by_fold'][seed].items():
                row[f'fold {fold}'] = f'{_percent(score["UAR"])} / ' + _percent(
                    score['WAR']
                )
            pooled = s['pooled_by_seed'][seed]
            row['pooled'] = f'{_percent(pooled["UAR"])} / {_percent(pooled["WAR"])}'
            rows.append(row)
    return rows


def _provenance_rows(settings: list[Mapping]) -> list[dict[str, str]]:
    return [
        {
            'setting': s['name'],
            'clips': f'{s["clips"]:,}',
            'folds': ' '.join(map(str, s['folds'])),
            'seeds': ' '.join(map(str, s['seeds'])),
            'frames': s['source'],
            'checkpoint': ', '.join(s['checkpoints']),
            'commit (+: changed since)': ', '.join(s['git']),
            'minutes of all runs': f'{s["seconds"] / 60:.0f}',
        }
        for s in settings
    ]


def _classes(setting: Mapping) -> list[str]:
    return [key[7:] for key in setting['pooled'] if key.startswith('recall_')]


def _shown(score: Mapping[str, float]) -> float:
    return round(100 * score.get('mean', math.nan), 2)


def _percent(value: float) -> str:
    return '-' if math.isnan(value) else f'{100 * value:.2f}'


def _with_deviation(score: Mapping[str, float]) -> str:
    if math.isnan(score['deviation']):
        return _percent(score['mean'])
    return f'{_percent(score["mean"])} ± {_percent(score["deviation"])}'


def _range(pair: Any, sign: str = '') -> str:
    low, high = (f'{100 * value:{sign}.2f}' for value in pair)
    return f'{low}, {high}'


def _options(settings: list[Mapping]) -> list[str]:
    """Format the ``--cfg-options`` of the runs."""
    return sorted(
        {
            ' '.join(f'{key}={value}'.split())
            for s in settings
            for key, value in s['options'].items()
        }
    )


_LATEX = {character: f'\\{character}' for character in '_%&#${}'} | {
    '\\': r'\textbackslash{}', '~': r'\textasciitilde{}', '^': r'\textasciicircum{}',
}  # fmt: skip


def _escape(text: str) -> str:
    return ''.join(_LATEX.get(character, character) for character in text)


def _table(rows: list[dict[str, str]]) -> str:
    cells = [
        {k.replace('|', r'\|'): v.replace('|', r'\|') for k, v in row.items()}
        for row in rows
    ]
    return tabulate(cells, headers='keys', tablefmt='github', disable_numparse=True)
