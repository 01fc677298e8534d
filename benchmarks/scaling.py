"""Which resource limits training: the GPU, the cores that decode, or the network.

Times and sizes of a clip are measured here, on one core; operations and parameters are
computed from the configs. The speed of the GPU and the mini-batch are arguments.
"""

import argparse
import pickle
import tempfile
from pathlib import Path

import cv2
import torch
from loading import ours
from measure import number, take_turns
from startup import listing, make_tree
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
        listed = take_turns({'listing': lambda: listing(tree)}, runs)
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
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('--tflops', type=float, default=20, help='of a GPU, sustained')
    parser.add_argument('--batch', type=int, default=24, help='clips a GPU and step')
    parser.add_argument('--page', help='Markdown file to change')
    args = parser.parse_args()
    measured = measure(args.runs)
    lines = ['| measured on one core | |', '|---|---|']
    names = dict(
        decode_ms='ms a clip, decoded', packed_ms='ms a clip, packed',
        read_kb='kB a clip, 16 JPEGs of the demo set',
        packed_kb='kB a clip, packed at 112 × 112',
        listing_us='µs a clip, listed',
        kept_bytes='bytes a clip in the list',
    )  # fmt: skip
    lines += [f'| {names[key]} | {number(value)} |' for key, value in measured.items()]
    lines += ['', *model(args, measured), '']
    print('\n'.join(lines))
    if args.page:
        put(args.page, lines)


if __name__ == '__main__':
    main()
