"""Display of the progress of runs."""

import time
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from ..evaluation.training_log import read_training_log
from .execute import read_run
from .plan import Run


class Progress:
    """Shows runs, epochs, best UAR so far and remaining time.

    On a terminal the table is updated in place; elsewhere, such as in the log of a
    batch system, a line is printed when a run starts or ends.

    Args:
        runs (Sequence[Run]): All runs.
        jobs (int): Number of concurrent runs.
        console (rich.console.Console, optional): Defaults to standard output.
    """

    def __init__(
        self, runs: Sequence[Run], jobs: int, console: Console | None = None
    ) -> None:
        self._runs, self._jobs = list(runs), jobs
        self._console = console or Console()
        self._going: dict[str, float] = {}
        self._state = {run.name: read_run(run.folder) for run in runs}
        self._failed: dict[str, str] = {}
        self._seconds: list[float] = []
        self._drawn = 0.0
        self._live = Live(
            console=self._console, auto_refresh=False, transient=True
        )  # fmt: skip

    def __enter__(self) -> 'Progress':
        if self._console.is_terminal:
            self._live.start()
        self._say(f'{len(self._finished())} of {len(self._runs)} runs are done')
        return self

    def __exit__(self, *error: Any) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def started(self, run: Run) -> None:
        """Record that a run begins, or is already finished."""
        if run.name not in self._finished():
            self._going[run.name] = time.time()
            self._say(f'{run.name}: begins')

    def ended(self, run: Run, error: str | None = None) -> None:
        """Record that a run ended, with or without an error."""
        self._state[run.name] = read_run(run.folder)
        began = self._going.pop(run.name, None)
        if error is not None:
            self._failed[run.name] = error
            self._say(f'{run.name}: FAILED\n{error}')
        elif began is not None:
            self._seconds.append(time.time() - began)
            score = self._state[run.name]['score']
            self._say(
                f'{run.name}: UAR {score["UAR"]:.2%}, WAR {score["WAR"]:.2%}, '
                f'{_duration(self._seconds[-1])}; {len(self._finished())} of '
                f'{len(self._runs)} done, {self.left()} left'
            )

    def left(self) -> str:
        """Estimate the remaining time from the finished runs."""
        todo = len(self._runs) - len(self._finished()) - len(self._failed)
        if not self._seconds:
            return 'unknown time'
        mean = sum(self._seconds) / len(self._seconds)
        spent = sum(time.time() - began for began in list(self._going.values()))
        return _duration(max(todo * mean - spent, 0) / min(self._jobs, max(todo, 1)))

    def refresh(self) -> None:
        """Update the table, at most every two seconds."""
        if self._console.is_terminal and time.time() - self._drawn > 2:
            self._drawn = time.time()
            self._live.update(self.table(), refresh=True)

    def table(self) -> Table:
        """Table of the current runs and a summary."""
        table = Table(
            title=f'{len(self._finished())} of {len(self._runs)} runs done, '
            f'{len(self._failed)} failed, {self.left()} left',
            title_justify='left',
        )
        for column in ('run', 'epoch', 'loss', 'best UAR so far', 'time'):
            table.add_column(column)
        for run in self._runs:
            if run.name not in self._going:
                continue
            epochs = f'{run.config.train_cfg.get("max_epochs", "?")}'
            cells = [f'0/{epochs}', '', '']
            try:
                log = read_training_log(run.folder / 'train')
            except FileNotFoundError:
                log = {}
            if log:
                last = max(log)
                scored = [e['acc/UAR'] for e in log.values() if 'acc/UAR' in e]
                cells = [
                    f'{last}/{epochs}',
                    f'{log[last].get("loss", float("nan")):.3f}',
                    f'{max(scored):.2%}' if scored else '',
                ]
            spent = _duration(time.time() - self._going[run.name])
            table.add_row(run.name, *cells, spent)
        return table

    def _finished(self) -> list[str]:
        return [name for name, state in self._state.items() if state.get('finished')]

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f'{hours} h {minutes} min'
    return f'{minutes} min {seconds} s' if minutes else f'{seconds} s'
