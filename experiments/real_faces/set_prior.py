"""Write a checkpoint whose classifier expects another share of neutral faces.

    python experiments/real_faces/set_prior.py CONFIG IN.pth OUT.pth --neutral 0.4

The training data has about as many faces of each class, a video of a person mostly
neutral ones. The classifier's biases change by log(new share / share in training), as
for probabilities of a model that is used where classes have other frequencies (Saerens,
Latinne and Decaestecker, Neural Computation 14, 2002).
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from mmaction.registry import DATASETS
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import save_checkpoint

from dfew_mmaction.inference.model_files.model_file import read_model_file
from dfew_mmaction.utils import CLASSES, atomic_write

NEUTRAL = CLASSES.index('neutral')


def new_shares(labels: np.ndarray, neutral: float) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the classes in the training data, and with a share of neutral faces."""
    trained = np.bincount(labels, minlength=len(CLASSES)) / len(labels)
    wanted = trained * (1 - neutral) / (1 - trained[NEUTRAL])
    wanted[NEUTRAL] = neutral
    return trained, wanted


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config')
    parser.add_argument('checkpoint')
    parser.add_argument('out', type=Path)
    parser.add_argument('--neutral', type=float, default=0.4)
    args = parser.parse_args()
    init_default_scope('mmaction')
    data = DATASETS.build(Config.fromfile(args.config).train_dataloader.dataset)
    labels = np.array([data.get_data_info(i)['label'] for i in range(len(data))])
    trained, wanted = new_shares(labels, args.neutral)
    file = read_model_file(args.checkpoint)
    weights = dict(file.state_dict)
    (name,) = [key for key in weights if key.endswith('fc_cls.bias')]
    change = torch.from_numpy(np.log(wanted / trained))
    weights[name] = (weights[name].double() + change).to(weights[name].dtype)
    with atomic_write(args.out) as part:
        save_checkpoint({'meta': file.meta, 'state_dict': weights}, str(part))
    share = trained[NEUTRAL]
    print(f'{args.out}: neutral {share:.1%} in training, now {args.neutral:.0%}')


if __name__ == '__main__':
    main()
