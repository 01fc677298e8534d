"""What training and preprocessing cost, and what saturates first.

The inputs are measured here, on one core, or computed from the configs; what they are
multiplied with (clips, epochs, machines) are arguments. A cost is a product of these
and nothing else.
"""

import argparse
import pickle
import tempfile
import time
from pathlib import Path

import cv2
import torch
from loading import ours
from measure import number, take_turns
from startup import indexed, listing, make_tree
from table import put

from dfew_mmaction.apis import describe_config
from dfew_mmaction.datasets import DFEWDataset, pack_dfew
from dfew_mmaction.synthetic import make_demo

CONFIGS = Path(__file__).resolve().parents[1] / 'configs' / 'dfew'
NETWORKS = 'c3d p3d i3d r3d18 resnet3d18 vgg11_lstm resnet18_lstm'.split()


def measure(runs: int) -> dict[str, float]:
    """Milliseconds and bytes of a clip, one core."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, 'demo')
        make_demo(root, num_clips=70, num_identities=10, sources=('16f',))
        pack_dfew(root)
        read = DFEWDataset(root, ours())
        packed = DFEWDataset(root, ours(), source='packed')
        paths = [read.get_data_info(i)['frame_paths'] for i in range(len(read))]
        sizes = [Path(path).stat().st_size for clip in paths for path in clip]
        seconds = take_turns(
            {
                'decode': lambda: [read[i] for i in range(len(read))],
                'packed': lambda: [packed[i] for i in range(len(packed))],
            },
            runs,
        )
        tree = Path(folder, 'tree')
        make_tree(tree, 2000)
        time.sleep(3)
        indexed(tree)
        listed = take_turns(
            {'listing': lambda: listing(tree), 'index': lambda: indexed(tree)}, runs
        )
        sample = read.get_data_info(0)
        sample.pop('frame_paths')
        names = [f'{i}.jpg' for i in range(1, 17)]
        kept = len(pickle.dumps(dict(sample, frame_names=names)))
        return dict(
            decode_ms=1000 * min(seconds['decode']) / len(read),
            packed_ms=1000 * min(seconds['packed']) / len(packed),
            read_kb=16 * sum(sizes) / len(sizes) / 1000,
            packed_kb=16 * 112 * 112 * 3 / 1000,
            listing_us=1e6 * min(listed['listing']) / 2000,
            index_us=1e6 * min(listed['index']) / 2000,
            kept_bytes=kept,
        )


def model(args: argparse.Namespace, m: dict[str, float]) -> list[str]:
    networks = [describe_config(CONFIGS / f'{name}.py') for name in NETWORKS]
    lines = [
        '| network | GFLOPs a clip | parameters, M | clips a second that a GPU trains '
        '| cores that feed it by decoding | by a pack | GB a second of gradients |',
        '|---|---|---|---|---|---|---|',
    ]
    for row in networks:
        # Two operations a multiply-add; forward, and twice that backward.
        speed = args.tflops * 1e3 / (6 * row['gflops'])
        # A ring sends and receives each gradient about twice a step.
        traffic = 2 * 4 * row['params'] * 1e6 * speed / args.batch / 1e9
        cores = [speed * m[key] / 1000 for key in ('decode_ms', 'packed_ms')]
        cells = (row['gflops'], row['params'], speed, *cores, traffic)
        lines.append(f'| {row["config"]} | ' + ' | '.join(map(number, cells)) + ' |')
    macs = args.losses * sum(row['gflops'] for row in networks)
    lines += ['', *_costs(args, m, macs)]
    return lines


def _costs(args: argparse.Namespace, m: dict[str, float], macs: float) -> list[str]:
    header = ['what it costs']
    table: dict[str, list[str]] = {}
    for name, clips, epochs, folds in (
        ('DFEW, as asked', 11697, 100, 5),
        ('10 million clips, one pass over each', 10_000_000, 1, 1),
    ):
        header.append(f'{name}: {clips:,} clips × {epochs} × {folds} × 21 configs')
        passes = clips * epochs * folds * args.losses * len(NETWORKS)
        # Four fifths are trained on (three times a forward pass), a fifth is tested.
        operations = 2e9 * macs * clips * epochs * folds * (0.8 * 3 + 0.2)
        gpu = operations / (args.tflops * 1e12) / 3600
        for key, value in {
            'clips loaded': f'{passes:,}',
            'GPU hours': number(gpu),
            f'days on {args.gpus} GPUs': number(gpu / args.gpus / 24),
            'core hours to decode': number(passes * m['decode_ms'] / 3.6e6),
            'core hours by a pack': number(passes * m['packed_ms'] / 3.6e6),
            'TB read': number(passes * m['read_kb'] / 1e9),
            'TB on disk: 16-frame JPEGs': number(clips * m['read_kb'] / 1e9),
            'TB on disk: pack at 112 × 112': number(clips * m['packed_kb'] / 1e9),
            f'hours to read them once at {args.disk} MB/s': number(
                clips * m['read_kb'] / 1e3 / args.disk / 3600
            ),
            'core hours from video to 16 frames': number(clips / args.extract / 60),
            'seconds to list the frames': number(clips * m['listing_us'] / 1e6),
            'seconds by the index': number(clips * m['index_us'] / 1e6),
            'GB of memory for the list, once a node': number(
                clips * m['kept_bytes'] / 1e9
            ),
        }.items():
            table.setdefault(key, []).append(value)
    lines = ['| ' + ' | '.join(header) + ' |', '|---' * len(header) + '|']
    return lines + [f'| {k} | ' + ' | '.join(v) + ' |' for k, v in table.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('--tflops', type=float, default=20, help='of a GPU, sustained')
    parser.add_argument('--gpus', type=int, default=8)
    parser.add_argument('--batch', type=int, default=24, help='clips a GPU and step')
    parser.add_argument('--losses', type=int, default=3, help='configs a network')
    parser.add_argument('--disk', type=float, default=500, help='MB a second')
    parser.add_argument(
        '--extract', type=float, default=28,
        help='clips a minute and core from video to 16 frames (docs/preprocessing.md)',
    )  # fmt: skip
    parser.add_argument('--page', help='Markdown file to change')
    args = parser.parse_args()
    measured = measure(args.runs)
    lines = ['| measured on one core | |', '|---|---|']
    names = dict(
        decode_ms='ms a clip, decoded', packed_ms='ms a clip, packed',
        read_kb='kB a clip, 16 JPEGs of the demo set',
        packed_kb='kB a clip, packed at 112 × 112',
        listing_us='µs a clip, listed', index_us='µs a clip, by the index',
        kept_bytes='bytes a clip in the list',
    )  # fmt: skip
    lines += [f'| {names[key]} | {number(value)} |' for key, value in measured.items()]
    lines += ['', *model(args, measured), '']
    print('\n'.join(lines))
    if args.page:
        put(args.page, lines)


if __name__ == '__main__':
    main()
