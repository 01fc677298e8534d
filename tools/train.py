"""Train a model: MMAction2's script with this plugin, no mim needed."""

import sys

from dfew_mmaction.apis import run_train
from dfew_mmaction.utils import exit_status

if __name__ == '__main__':
    sys.exit(exit_status(run_train, 'Stopped; `--resume` goes on from the last epoch.'))
