"""Executes the run of one job of a Slurm array, see :func:`submit_runs`."""

import sys

from .execute import RunError
from .slurm import execute_task

if __name__ == '__main__':
    try:
        execute_task(sys.argv[1])
    except RunError as error:
        sys.exit(f'error: {error}')
