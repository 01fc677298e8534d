"""Draw the effect of EC-STFL on a mini-batch in the plane, for docs/ec_stfl.md.

Arrows show where EC-STFL alone would move each sample. Prints the table of the page.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.figure import Figure
from tabulate import tabulate
from torch import Tensor
from torch.nn.functional import cross_entropy

from dfew_mmaction.models import ECSTFLLoss, ec_stfl_loss, pair_distances
from dfew_mmaction.utils import exit_status, save_figure

MARKERS = 'osD^vP*'


def plot_loss_steps(
    states: Mapping[str, tuple[np.ndarray, np.ndarray]], labels: Sequence[int]
) -> Figure:
    """Draw states of a mini-batch side by side, on the same axes.

    Args:
        states (Mapping): Features and their arrows by title, both of shape (n, 2).
            Arrows of all panels have one scale: the longest is a fifth of the axes.
        labels (Sequence[int]): Class of each sample, from 0, n of them.

    Returns:
        matplotlib.figure.Figure: The figure, not registered in pyplot.

    Raises:
        ValueError: If features are not two-dimensional.
    """
    labels = np.asarray(labels)
    for title, pair in states.items():
        for values in pair:
            if np.shape(values) != (len(labels), 2):
                raise ValueError(
                    f'{title}: expected shape ({len(labels)}, 2), '
                    f'got {np.shape(values)}'
                )
    reach = 1.1 * max(np.abs(features).max() for features, _ in states.values())
    longest = max(np.linalg.norm(a, axis=1).max() for _, a in states.values()) or 1.0
    figure = Figure(figsize=(3.6 * len(states), 3.9), layout='constrained')
    panels = figure.subplots(1, len(states), sharex=True, sharey=True, squeeze=False)
    for axes, (title, (features, arrows)) in zip(panels[0], states.items()):
        ends = features + arrows / longest * reach * 0.4
        for begin, end in zip(features, ends):
            axes.annotate(
                '', end, begin, zorder=1,
                arrowprops=dict(
                    arrowstyle='->', color='0.45', lw=1, shrinkA=0, shrinkB=0
                ),
            )  # fmt: skip
        for c in np.unique(labels):
            mine = features[labels == c]
            axes.scatter(
                *mine.T, color=f'C{c}', marker=MARKERS[c % len(MARKERS)], s=34,
                edgecolor='white', linewidth=0.6, zorder=2,
                label=f'{len(mine)} samples',
            )  # fmt: skip
        axes.set(
            title=title, xlim=(-reach, reach), ylim=(-reach, reach), aspect='equal'
        )
        axes.tick_params(labelsize=8)
    panels[0][0].legend(fontsize=8, loc='lower right')
    return figure


class Descent(NamedTuple):
    """A mini-batch before and after training on it."""

    features: Tensor  # (n, 2)
    pull: Tensor  # where EC-STFL alone would move them: minus its gradient, (n, 2)
    loss_cls: float
    ec_stfl: float  # equation 9, without λ
    within: float  # mean distance of pairs of a class
    between: float


def toy_batch(
    sizes: Sequence[int] = (12, 8, 4), seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Features of three classes that overlap, in the plane.

    Args:
        sizes (Sequence[int]): Samples of each class. Defaults to a mini-batch of 24.
        seed (int): Of the random numbers. Defaults to 0.

    Returns:
        tuple[torch.Tensor, torch.Tensor]: Features (n, 2) and labels (n, ).
    """
    generator = torch.Generator().manual_seed(seed)
    labels = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    angle = 2 * torch.pi * labels / len(sizes) + torch.pi / 2
    centres = torch.stack([angle.cos(), angle.sin()], dim=1)
    noise = torch.randn(len(labels), 2, generator=generator)
    return centres + 0.7 * noise, labels


def descend(
    features: Tensor, labels: Tensor, loss_weight: float, steps: int, lr: float = 0.01
) -> Descent:
    """Gradient steps on the features themselves and a linear classifier on them.

    Args:
        features (torch.Tensor): Where to begin, of shape (n, 2). Not changed.
        labels (torch.Tensor): Class of each sample, of shape (n, ).
        loss_weight (float): λ of EC-STFL; 0 leaves the cross-entropy alone.
        steps (int): How many, 0 or more.
        lr (float): Learning rate of a mean over n samples; that of the features is n
            times as large, as for separate samples. Defaults to 0.01.

    Returns:
        Descent: After the last step.
    """
    x = features.clone().requires_grad_()
    classifier = torch.nn.Linear(features.shape[1], int(labels.max()) + 1)
    torch.nn.init.zeros_(classifier.bias)
    with torch.no_grad():  # one direction per class, to avoid randomness
        means = [features[labels == c].mean(dim=0) for c in labels.unique()]
        classifier.weight.copy_(torch.stack(means))
    groups = [
        dict(params=classifier.parameters(), lr=lr),
        dict(params=[x], lr=lr * len(x)),
    ]
    optimizer = torch.optim.SGD(groups)
    ec_stfl = ECSTFLLoss(loss_weight=loss_weight)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = cross_entropy(classifier(x), labels)
        if loss_weight:
            loss = loss + ec_stfl(x, labels)
        loss.backward()
        optimizer.step()
    x = x.detach()
    within, between = pair_distances(x, labels)
    with torch.no_grad():
        loss_cls = cross_entropy(classifier(x), labels)
    pull = x.clone().requires_grad_()
    value = ec_stfl_loss(pull, labels)
    value.backward()
    return Descent(
        x, -pull.grad, float(loss_cls), float(value.detach()),
        float(within), float(between),
    )  # fmt: skip


def toy_descents(
    loss_weight: float = 10.0, steps: int = 30, seed: int = 0
) -> dict[str, Descent]:
    """The three states that the figure shows, by their titles.

    Args:
        loss_weight (float): λ. Defaults to 10.0, as in the paper.
        steps (int): Of both trainings. Defaults to 30.
        seed (int): Of the mini-batch. Defaults to 0.
    """
    features, labels = toy_batch(seed=seed)
    return {
        'before': descend(features, labels, 0.0, 0),
        f'{steps} steps of cross-entropy': descend(features, labels, 0.0, steps),
        f'{steps} steps with EC-STFL, λ = {loss_weight:g}': descend(
            features, labels, loss_weight, steps
        ),
    }


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', help='picture to write, such as ec_stfl.png')
    parser.add_argument('--loss-weight', type=float, default=10.0, help='λ')
    parser.add_argument('--steps', type=int, default=30)
    parser.add_argument('--seed', type=int, default=0, help='of the mini-batch')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    states = toy_descents(args.loss_weight, args.steps, args.seed)
    labels = toy_batch(seed=args.seed)[1]
    drawn = {t: (s.features.numpy(), s.pull.numpy()) for t, s in states.items()}
    save_figure(args.out, plot_loss_steps(drawn, labels.tolist()), 120)
    header = ['', 'cross-entropy', 'equation 9', 'within', 'between']
    rows = [[title, *state[2:]] for title, state in states.items()]
    print(tabulate(rows, header, tablefmt='github', floatfmt='.3f'))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
