"""The run of one job of an array; :func:`submit_runs` has Slurm call this."""

import sys

from .execute import RunError
from .slurm import execute_task

if __name__ == '__main__':
    try:
        execute_task(sys.argv[1])
    except RunError as error:
        sys.exit(f'error: {error}')
