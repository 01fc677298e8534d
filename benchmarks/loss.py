"""The EC-STFL loss, forward and backward.

Features of 4096, as C3D's. The plain loops are equation 9 term by term, over tensors.
The released formula is that of the authors' later code, on `torch.cdist`. Each number
of samples is measured in a separate process with its own peak memory; errors are those
of float32 against float64.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from measure import Row, compare, main, take_turns, threads
from torch import Tensor

from dfew_mmaction.models import ECSTFLLoss, SlimC3D, ec_stfl_loss

SIZE = 4096
SAMPLES = (24, 96, 384, 1024, 2048, 4096)
CLIPS = 4


def batch(n: int) -> tuple[Tensor, Tensor]:
    """Features and labels with close members of each class."""
    torch.manual_seed(0)
    labels = torch.arange(n) % 7
    features = torch.randn(7, SIZE)[labels] + 0.3 * torch.randn(n, SIZE)
    return features.requires_grad_(), labels


def by_loops(x: Tensor, y: Tensor) -> Tensor:
    size = [int((y == label).sum()) for label in y]
    within = between = torch.zeros(())
    for i in range(len(y)):
        for j in range(len(y)):
            if i == j:
                continue
            distance = (x[i] - x[j]).norm()
            if y[i] == y[j]:
                within = within + distance / size[i]
            else:
                between = between + distance / size[j]
    return within / between


def released_by_cdist(x: Tensor, y: Tensor, eps: float = 1e-6) -> Tensor:
    same = (y[:, None] == y[None, :]).float()
    distance = torch.cdist(x, x, p=1.0)
    size = same.sum(1)
    within = (distance * same).sum(1) / (size + eps)
    between = (1 / (distance + eps) * (1 - same)).sum(1)
    return (within * between / (len(y) - size + 1 + eps)).mean() / len(y)


def ratio(distance: Tensor, y: Tensor) -> Tensor:
    same = y[:, None] == y[None, :]
    parts = distance / same.sum(1)
    return (parts * same).sum() / (parts * ~same).sum()


def errors(x: Tensor, y: Tensor, value: float, grad: Tensor) -> tuple[float, float]:
    """Relative errors of the value, and of the worst of 16 samples' gradients."""
    exact = x.detach().double()
    n = len(exact)
    half = torch.zeros(n, n, dtype=exact.dtype)
    half[torch.ones(n, n, dtype=torch.bool).triu(1)] = torch.pdist(exact)
    distance = (half + half.T).requires_grad_()
    expected = ratio(distance, y)
    expected.backward()
    worst = 0.0
    for i in torch.linspace(0, n - 1, 16).long().tolist():
        weight = distance.grad[i] + distance.grad[:, i]
        weight[i] = 0
        away = (exact[i] - exact) / distance.detach()[i].clamp(min=1e-300)[:, None]
        wanted = weight @ away
        worst = max(worst, float((grad[i] - wanted).norm() / wanted.norm()))
    return abs(value - expected.item()) / expected.item(), worst


def peak() -> int:
    """Greatest memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def one(n: int, runs: int, threads: int) -> dict:
    """Time, memory and errors of n samples."""
    x, y = batch(n)
    torch.set_num_threads(threads)
    small = x[:14].detach().requires_grad_()
    ec_stfl_loss(small, y[:14]).backward()
    # Free memory is used first, so that growth can be measured.
    pages = int(Path('/proc/self/statm').read_text().split()[1])
    ballast = torch.ones(max(peak() - pages * resource.getpagesize(), 4) // 4)
    before = peak()
    seconds = []
    for _ in range(runs):
        x.grad = None
        began = time.perf_counter()
        loss = ec_stfl_loss(x, y)
        loss.backward()
        seconds.append(time.perf_counter() - began)
    grown = peak() - before
    del ballast
    result = dict(seconds=sorted(seconds), grown=grown)
    if n <= 1024:  # more would take too long in float64
        result['errors'] = errors(x, y, loss.item(), x.grad)
    return result


def rows(args: argparse.Namespace) -> Iterator[Row]:
    if args.one:
        print(json.dumps(one(args.one, args.runs, args.threads)))
        return
    x, y = batch(24)

    def both(loss: object, *more: object) -> object:
        def call() -> None:
            x.grad = None
            loss(x, y, *more).backward()

        return call

    module = ECSTFLLoss()

    def in_head() -> None:
        x.grad = None
        module(x, y).backward()
        module.statistics(x, y)

    with threads(args.threads):
        seconds = take_turns(
            {
                'equation 9': both(ec_stfl_loss),
                "variant='released'": both(ec_stfl_loss, 'released'),
                'plain loops': both(by_loops),
                'released formula on cdist': both(released_by_cdist),
                'with statistics': in_head,
            },
            args.runs,
            warm_up=2,
        )
        for ours, against in (
            ('equation 9', 'plain loops'),
            ('equation 9', 'released formula on cdist'),
            ("variant='released'", 'released formula on cdist'),
        ):
            yield compare(f'24 × {SIZE}, value and gradient', seconds, ours, against)
        if args.clips:
            yield step_share(args.clips, sorted(seconds['with statistics']))
    for n in args.samples:
        command = [sys.executable, __file__, '--one', str(n)]
        command += ['--threads', str(args.threads)]
        command += ['--runs', str(args.runs if n < 1000 else 1)]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
        got = json.loads(found.stdout.splitlines()[-1])
        times = got['seconds']
        yield Row(
            f'{n} × {SIZE}, value and gradient',
            'equation 9',
            ours_value=1000 * times[len(times) // 2],
            unit='ms',
            runs=len(times),
            note=cost(n, got['grown'], got.get('errors')),
        )


def cost(n: int, grown: int, errors: list | None) -> str:
    """Format memory and errors."""
    text = (
        f'peak {grown / 2**20:.0f} MB above the features of {4 * n * SIZE / 2**20:.1f} '
        f'MB (n × n × d would be {4 * n * n * SIZE / 2**20:.0f} MB)'
    )
    if errors:
        text += '; relative error of value and gradient {:.0e} and {:.0e}'.format(
            *errors
        )
    return text


def step_share(clips: int, loss: list) -> Row:
    """Time of the loss and its statistics relative to forward and backward."""
    network = SlimC3D(base_channels=64, fc_channels=SIZE, input_size=112)
    noise = torch.randn(clips, 3, 16, 112, 112)

    def step() -> None:
        network.zero_grad()
        network(noise).sum().backward()

    took = take_turns({'step': step}, runs=2)['step']
    whole = 24 / clips * min(took)
    share = 100 * loss[len(loss) // 2] / whole
    return Row(
        'share of a C3D step of 24 clips',
        'equation 9 with its statistics',
        ours_value=share,
        unit='%',
        runs=len(loss),
        note=f'the step {whole:.0f} s: forward and backward of {clips} clips, scaled',
    )


if __name__ == '__main__':

    def options(parser: argparse.ArgumentParser) -> None:
        parser.add_argument('--samples', type=int, nargs='*', default=SAMPLES)
        parser.add_argument('--clips', type=int, default=CLIPS, help='of the C3D step')
        parser.add_argument('--threads', type=int, default=1)
        parser.add_argument('--one', type=int, help=argparse.SUPPRESS)

    main(__doc__, rows, options=options)
