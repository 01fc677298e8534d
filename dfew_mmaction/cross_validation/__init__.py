"""Cross-validation: plans, runs, Slurm jobs and progress."""

from .execute import RunError, execute_run, read_run
from .local import run_locally
from .plan import SELECTIONS, Run, plan_runs
from .slurm import array_states, submit_runs

__all__ = [
    'SELECTIONS',
    'Run',
    'RunError',
    'array_states',
    'execute_run',
    'plan_runs',
    'read_run',
    'run_locally',
    'submit_runs',
]
