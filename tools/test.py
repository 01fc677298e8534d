"""Test a model by MMAction2's script with this plugin, without mim.

In addition to MMAction2's arguments, `--dump FILE.csv` writes one row per clip:
video_id, label, prediction and scores; `--embeddings FILE.npz` writes the input of the
classifier.
"""

import sys

from dfew_mmaction.apis import run_test
from dfew_mmaction.utils import exit_status

if __name__ == '__main__':
    sys.exit(exit_status(run_test))
