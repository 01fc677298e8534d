"""Test a model: MMAction2's script with this plugin, no mim needed.

Besides MMAction2's arguments, `--dump FILE.csv` writes one row a clip: video_id, label,
prediction and scores, and `--embeddings FILE.npz` what the classifier takes in.
"""

from dfew_mmaction.apis import run_test

if __name__ == '__main__':
    run_test()
