"""Test a model: MMAction2's script with this plugin, no mim needed.

Besides MMAction2's arguments, `--dump FILE.csv` writes one row a clip: video_id, label,
prediction and scores, and `--embeddings FILE.npz` what the classifier takes in.
"""

import sys

from dfew_mmaction.apis import run_test
from dfew_mmaction.utils import exit_status

if __name__ == '__main__':
    sys.exit(exit_status(run_test))
