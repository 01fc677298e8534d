"""Measurement of alternatives in turn, and the table of the results.

A benchmark is a script here that calls :func:`main` with a function that yields rows.
Alternatives are measured in turn in one run, so that other load affects all of them;
the result is the median and range of the ratios of consecutive measurements.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from dfew_mmaction.utils import write_json


@dataclass
class Row:
    """One comparison, or one measurement if ``against`` is empty.

    Args:
        what (str): Description of the work.
        ours (str): This project's method.
        against (str): The alternative.
        ratio (float): Median of ``against / ours``, above 1 if ours is faster.
        low (float): Smallest of the ratios.
        high (float): Largest of the ratios.
        ours_value (float): Median of ours, in ``unit``.
        against_value (float): Median of the other, in ``unit``.
        unit (str): Unit, such as ``'ms a clip'``.
        runs (int): Number of measurements of each.
        note (str): A remark, such as the difference between the results.
    """

    what: str
    ours: str
    against: str = ''
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    ours_value: float | None = None
    against_value: float | None = None
    unit: str = ''
    runs: int = 1
    note: str = ''


def take_turns(
    contenders: dict[str, Callable[[], object]], runs: int, warm_up: int = 1
) -> dict[str, list[float]]:
    """Measure the seconds of each alternative in each turn.

    Args:
        contenders (dict): Name to function without arguments.
        runs (int): Number of measurements of each.
        warm_up (int): Number of runs without measurement before. Defaults to 1.

    Returns:
        dict[str, list[float]]: ``runs`` times of each; those at one index are
        consecutive.
    """
    for function in contenders.values():
        for _ in range(warm_up):
            function()
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(runs):
        for name, function in contenders.items():
            began = time.perf_counter()
            function()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def compare(
    what: str,
    seconds: dict[str, list[float]],
    ours: str,
    against: str,
    per: float = 1.0,
    unit: str = 'ms',
    note: str = '',
) -> Row:
    """Make the row of two alternatives.

    Args:
        what (str): The work.
        seconds (dict): From :func:`take_turns`.
        ours (str): Name of the one.
        against (str): Name of the other.
        per (float): Units of work per call; values are milliseconds per unit. Defaults
            to 1.
        unit (str): Of the values. Defaults to ``'ms'``.
        note (str): For the table.
    """
    pairs = list(zip(seconds[against], seconds[ours]))
    ratios = [slow / fast for slow, fast in pairs]
    other, mine = (statistics.median(column) for column in zip(*pairs))
    return Row(
        what,
        ours,
        against,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        1000 * mine / per,
        1000 * other / per,
        unit,
        len(ratios),
        note,
    )


def machine() -> dict[str, str]:
    """Describe the machine of the measurement."""
    import cv2
    import mmaction
    import mmengine
    import torch

    model = platform.processor() or platform.machine()
    info = Path('/proc/cpuinfo')
    if info.is_file():
        names = [n for n in info.read_text().splitlines() if n.startswith('model name')]
        model = names[0].split(':')[1].strip() if names else model
    return {
        'processor': f'{model}, {len(os.sched_getaffinity(0))} cores used',
        'vector units': torch.backends.cpu.get_cpu_capability(),
        'GPU': torch.cuda.get_device_name() if torch.cuda.is_available() else 'none',
        'software': f'Python {platform.python_version()}, torch {torch.__version__}, '
        f'mmengine {mmengine.__version__}, mmaction2 {mmaction.__version__}, '
        f'OpenCV {cv2.__version__}',
    }


def main(
    doc: str,
    rows: Callable[[argparse.Namespace], Iterable[Row]],
    runs: int = 7,
    options: Callable[[argparse.ArgumentParser], None] = lambda parser: None,
) -> None:
    """Run a benchmark as a command: print its rows and write them as JSON.

    Args:
        doc (str): Docstring of the script; its first line is the title.
        rows (Callable): Yields rows, given the arguments.
        runs (int): Default of ``--runs``.
        options (Callable): Adds arguments.
    """
    title = doc.strip().splitlines()[0].rstrip('.')
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument(
        '--runs', type=int, default=runs, help='measurements of each alternative'
    )
    parser.add_argument('--out', help='JSON file to write')
    options(parser)
    args = parser.parse_args()
    print(title)
    done = []
    for row in rows(args):
        done.append(row)
        print(text(row), flush=True)
    if args.out:
        content = dict(title=title, machine=machine(), rows=[asdict(r) for r in done])
        write_json(args.out, content)


def text(row: Row) -> str:
    """Format a row as one line for the terminal."""
    line = f'  {row.what}: {row.ours}'
    if row.ours_value is not None:
        line += f' {number(row.ours_value)} {row.unit}'
    if row.against:
        line += f', {row.against}'
        if row.against_value is not None:
            line += f' {number(row.against_value)} {row.unit}'
        line += f': {number(row.ratio)} x ({number(row.low)} to {number(row.high)})'
    return line + (f'; {row.note}' if row.note else '')


def number(value: float | None) -> str:
    """Format with three digits, without exponent."""
    if value is None:
        return ''
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f'{value:.{digits}f}'


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Set the number of threads of torch and OpenCV."""
    import cv2
    import torch

    before = torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(count)
    cv2.setNumThreads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        cv2.setNumThreads(before[1])
