"""Timing things side by side, and the table of what came out.

A benchmark is a script here that calls :func:`main` with a function that yields rows.
Contenders take turns in one run, so that what else the machine does meets all of them;
what is compared is the ratio of neighbours, with its median and its spread.
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
    """One comparison, or one figure where ``against`` is empty.

    Args:
        what (str): The work, as precise as a reader needs it.
        ours (str): What this project does.
        against (str): What it is compared with.
        ratio (float): Median of ``against / ours``, above 1 where ours is faster.
        low (float): Smallest of the ratios.
        high (float): Largest of the ratios.
        ours_value (float): Median of ours, in ``unit``.
        against_value (float): Median of the other, in ``unit``.
        unit (str): Such as ``'ms a clip'``.
        runs (int): How often each was measured.
        note (str): Such as the difference between the results.
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
    """Seconds of each contender in each run.

    Args:
        contenders (dict): Name to function without arguments.
        runs (int): How often each is measured.
        warm_up (int): How often each runs unmeasured before. Defaults to 1.

    Returns:
        dict[str, list[float]]: ``runs`` times of each; those at one index are
        neighbours.
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
    """Row of two contenders.

    Args:
        what (str): The work.
        seconds (dict): From :func:`take_turns`.
        ours (str): Name of the one.
        against (str): Name of the other.
        per (float): Pieces of work in one call; values are milliseconds a piece.
            Defaults to 1.
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
    """What the figures were measured on."""
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
    """Run a benchmark as a command: print its rows, and keep them as JSON.

    Args:
        doc (str): Docstring of the script; its first line is the title.
        rows (Callable): Yields rows, given the arguments.
        runs (int): Default of ``--runs``.
        options (Callable): Adds arguments.
    """
    title = doc.strip().splitlines()[0].rstrip('.')
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument('--runs', type=int, default=runs, help='of each contender')
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
    """One line for the terminal."""
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
    """Three digits, without an exponent."""
    if value is None:
        return ''
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f'{value:.{digits}f}'


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Hold torch and OpenCV to a number of threads."""
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
