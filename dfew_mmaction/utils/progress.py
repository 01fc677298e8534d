"""Progress of long work on the terminal."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

Item = TypeVar('Item')
#: Seconds between two lines of output if standard error is not a terminal.
INTERVAL = 30.0


class ProgressBar(Progress):
    """A progress bar on standard error that names its unit and shows the time left.

    If standard error is not a terminal, it prints a line every :data:`INTERVAL` seconds
    instead.

    Args:
        what (str): The work, such as ``'packing'``.
        total (int, optional): Number of units. Defaults to unknown.
        unit (str): Name of the unit, such as ``'clips'``. Defaults to ``'items'``.
    """

    def __init__(
        self, what: str, total: int | None = None, unit: str = 'items'
    ) -> None:
        console = Console(stderr=True)
        super().__init__(
            TextColumn('{task.description}'), BarColumn(), MofNCompleteColumn(),
            TextColumn(unit), TimeRemainingColumn(), TextColumn('{task.fields[text]}'),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self.unit, self._printed = unit, time.monotonic()
        self._task = self.add_task(what, total=total, text='')

    def step(
        self, done: int | None = None, *, total: int | None = None, text: str = ''
    ) -> None:
        """Count one unit, or set the number of units that are done.

        Args:
            done (int, optional): Units that are done. Defaults to one more than before.
            total (int, optional): Number of units, if it has become known.
            text (str): A remark after the bar. Defaults to none.
        """
        task = self.tasks[0]
        done = int(task.completed) + 1 if done is None else done
        self.update(self._task, completed=done, total=total or task.total, text=text)
        now = time.monotonic()
        if not self.console.is_terminal and now - self._printed > INTERVAL:
            self._printed = now
            self.console.print(self.line(), markup=False)

    def line(self) -> str:
        """Format the state as one line of text."""
        task = self.tasks[0]
        of = '' if task.total is None else f' of {int(task.total)}'
        text = f': {task.fields["text"]}' if task.fields['text'] else ''
        return f'{task.description} {int(task.completed)}{of} {self.unit}{text}'


def track(
    items: Iterable[Item], what: str, total: int, unit: str = 'items'
) -> Iterator[Item]:
    """Iterate over items and show a :class:`ProgressBar` meanwhile.

    Args:
        items (Iterable): The items; they may become available over time.
        what (str): See :class:`ProgressBar`.
        total (int): Number of items.
        unit (str): See :class:`ProgressBar`.

    Yields:
        The items.
    """
    with ProgressBar(what, total, unit) as bar:
        for item in items:
            yield item
            bar.step()
