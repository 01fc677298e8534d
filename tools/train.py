"""Train a model by MMAction2's script with this plugin, without mim."""

import sys

from dfew_mmaction.apis import run_train
from dfew_mmaction.utils import exit_status

if __name__ == '__main__':
    sys.exit(
        exit_status(run_train, 'Stopped; `--resume` continues from the last epoch.')
    )
