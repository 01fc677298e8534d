"""Costs of the guard of the feature losses and of the bound on their gradients.

The head of C3D with EC-STFL, forward and backward, in turns: plain, measured by the
guard, and with max_share. The added time is related to a complete step of C3D with as
many clips in the same run. The guard measures in one step of 20.
"""

import argparse
import statistics
from collections.abc import Callable, Iterator

import torch
from measure import Row, main, number, take_turns, threads
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.registry import init_default_scope
from torch import Tensor, nn

from dfew_mmaction.engine import FeatureLossGuardHook

STEPS = 20


def c3d_head(**loss: object) -> nn.Module:
    """The head of C3D with EC-STFL."""
    torch.manual_seed(0)
    losses = [dict(type='ECSTFLLoss', loss_weight=10.0, **loss)]
    head = MODELS.build(dict(type='C3DHead', feature_losses=losses))
    head.init_weights()
    return head.train()


def step_of_head(
    head: nn.Module, features: Tensor, samples: list, repeats: int
) -> Callable[[], None]:
    def run() -> None:
        for _ in range(repeats):
            losses = head.loss(features, samples)
            sum(v for k, v in losses.items() if 'loss' in k).backward()

    return run


def rows(args: argparse.Namespace) -> Iterator[Row]:
    init_default_scope('mmaction')
    interval = FeatureLossGuardHook().interval
    with threads(args.threads):
        heads = dict(
            plain=c3d_head(), guard=c3d_head(), max_share=c3d_head(max_share=0.5)
        )
        heads['guard'].monitored = True
        backbone = MODELS.build(
            dict(type='C3D', norm_cfg=dict(type='BN3d'), out_dim=8192)
        )
        backbone.init_weights()
        samples = [ActionDataSample().set_gt_label(i % 7) for i in range(args.batch)]
        clips = torch.randn(args.batch, 3, 16, 112, 112)
        features = backbone(clips).detach().requires_grad_()

        def complete() -> None:
            losses = heads['plain'].loss(backbone(clips), samples)
            sum(v for k, v in losses.items() if 'loss' in k).backward()

        contenders = {'step': complete} | {
            name: step_of_head(head, features, samples, STEPS)
            for name, head in heads.items()
        }
        seconds = take_turns(contenders, args.runs)
    for name, per, what in (
        ('guard', interval, f'guard, in one step of {interval}'),
        ('max_share', 1, 'max_share, in each step'),
    ):
        added = [
            (mine - plain) / STEPS / per
            for mine, plain in zip(seconds[name], seconds['plain'], strict=True)
        ]
        shares = [
            100 * extra / step
            for extra, step in zip(added, seconds['step'], strict=True)
        ]
        yield Row(
            f'forward and backward of C3D, {args.batch} clips, {args.threads} threads',
            what,
            ours_value=1000 * statistics.median(added),
            unit='ms a step more',
            runs=args.runs,
            note=f'{number(statistics.median(shares))} % of a step of '
            f'{number(1000 * statistics.median(seconds["step"]))} ms '
            f'({number(min(shares))} to {number(max(shares))} %)',
        )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--batch', type=int, default=2)
    parser.add_argument('--threads', type=int, default=1)


if __name__ == '__main__':
    main(__doc__, rows, runs=3, options=options)
