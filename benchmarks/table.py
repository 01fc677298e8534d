"""Insert the results of benchmarks into a page.

Only the part between `<!-- benchmarks -->` and `<!-- /benchmarks -->` is replaced.
"""

import argparse
import json
from pathlib import Path

from measure import Row, number

from dfew_mmaction.utils import write_text

BEGIN, END = '<!-- benchmarks -->', '<!-- /benchmarks -->'


def table(result: dict) -> list[str]:
    lines = [f'### {result["title"]}', '']
    rows = [Row(**row) for row in result['rows']]
    lines += [
        '| times as fast | work | ours | against | note |',
        '|---|---|---|---|---|',
    ]
    for row in rows:
        ratio = ''
        if row.against:
            ratio = f'**{number(row.ratio)}** ({number(row.low)}–{number(row.high)})'
        cells = [ratio, row.what]
        for name, value in (
            (row.ours, row.ours_value),
            (row.against, row.against_value),
        ):
            amount = f': {number(value)} {row.unit}' if value is not None else ''
            cells.append(name + amount)
        cells.append(row.note)
        lines.append('| ' + ' | '.join(cells) + ' |')
    return [*lines, '']


def put(page: str, lines: list[str]) -> None:
    """Insert lines between the markers of a page."""
    content = Path(page).read_text(encoding='utf-8')
    if BEGIN not in content or END not in content:
        raise SystemExit(f'{page} lacks the lines {BEGIN} and {END}')
    before, rest = content.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    text = '\n'.join([before + BEGIN, '', *lines, END + after])
    write_text(page, text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('results', nargs='+', help='JSON files of the benchmarks')
    parser.add_argument('--page', required=True, help='Markdown file to change')
    args = parser.parse_args()
    # Runs of one benchmark form one table.
    results: dict[str, dict] = {}
    for path in args.results:
        result = json.loads(Path(path).read_text())
        known = results.setdefault(result['title'], dict(result, rows=[]))
        known['rows'] += result['rows']
        machine = result['machine']
    lines = [', '.join(f'{key}: {value}' for key, value in machine.items()) + '.', '']
    for result in results.values():
        lines += table(result)
    put(args.page, lines)


if __name__ == '__main__':
    main()
