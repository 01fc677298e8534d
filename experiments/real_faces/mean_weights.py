"""Write a checkpoint whose weights are the mean of those of others.

    python experiments/real_faces/mean_weights.py OUT.pth FIRST.pth SECOND.pth …

The rest of the checkpoint is that of the last one. The checkpoints must be of one run,
or of runs that continue each other: the mean of unrelated networks is useless.
"""

import argparse
from pathlib import Path

import torch
from mmengine.runner import save_checkpoint

from dfew_mmaction.inference.model_files.model_file import read_model_file
from dfew_mmaction.utils import atomic_write


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('out', type=Path)
    parser.add_argument('checkpoints', nargs='+')
    args = parser.parse_args()
    files = [read_model_file(path) for path in args.checkpoints]
    weights = {
        name: torch.stack([f.state_dict[name].double() for f in files])
        .mean(0)
        .to(value.dtype)
        for name, value in files[-1].state_dict.items()
    }
    with atomic_write(args.out) as part:
        save_checkpoint({'meta': files[-1].meta, 'state_dict': weights}, str(part))
    print(f'{args.out}: the mean of {len(files)} checkpoints')


if __name__ == '__main__':
    main()
