"""Runs one analysis at a time in a thread that does not delay the exit."""

import queue
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from .storage import Refused

#: Receives the events of a job: dictionaries for the browser, None after the last one.
Tell = Callable[[dict[str, Any] | None], None]
FAILED = 'The analysis of this video failed. The server logged the reason.'


class Cancelled(Exception):
    """The visitor has left or the program ends."""


class Job:
    """A waiting or running analysis.

    Args:
        work (Callable): Receives the job, calls :meth:`check` frequently and returns
            the last event.
        tell (Callable): Receives the events.
    """

    def __init__(self, work: Callable[['Job'], dict[str, Any]], tell: Tell) -> None:
        self.tell = tell
        self._work = work
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Let the next :meth:`check` raise."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise :class:`Cancelled` after :meth:`cancel`."""
        if self._cancelled.is_set():
            raise Cancelled

    def run(self) -> None:
        """Do the work and send its last event; never raises."""
        try:
            self.check()
            self.tell(self._work(self))
        except Cancelled:
            pass
        except Refused as error:
            self.tell(dict(error=str(error)))
        except Exception:  # the visitor must not see the message
            traceback.print_exc(file=sys.stderr)
            self.tell(dict(error=FAILED))
        self.tell(None)


class Worker:
    """Runs jobs one after the other in a daemon thread."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._running: Job | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> int:
        """Queue a job; return the number of jobs before it."""
        before = self._jobs.qsize() + (self._running is not None)
        self._jobs.put(job)
        return before

    def stop(self, timeout: float) -> None:
        """Cancel the running job and wait for its end, up to a timeout."""
        self._jobs.put(None)
        if (running := self._running) is not None:
            running.cancel()
        self._thread.join(timeout)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._running = job
            job.run()
            self._running = None
