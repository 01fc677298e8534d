"""Loading clips: DFEW's 16 frames of 224 × 224 to one clip of 112 × 112.

From files on disk to the uint8 tensor that the data loader collates. The loaders:

- PIL, as the projects on dynamic expressions do: open, convert, resize, stack.
- MMAction2's own transforms: RawFrameDecode, Resize, FormatShape, PackActionInputs.
- this project's, decoding in part, exactly, and packed frames.

Pictures are the demo set's, and the same with film grain at quality 95, whose files
are as large as those of photographs.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from measure import Row, compare, main, take_turns
from mmaction.registry import TRANSFORMS
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from dfew_mmaction.datasets import DFEWDataset, pack_dfew
from dfew_mmaction.synthetic import make_demo

SIZE = (112, 112)
PACKED = [
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]


def ours(**decode: Any) -> list[dict]:
    return [
        dict(type='SampleFaceFrames', clip_len=16),
        dict(type='DecodeFaceFrames', scale=SIZE, **decode),
        *PACKED,
    ]


class ByPillow(Dataset):
    """The loader of other projects, with PIL."""

    def __init__(self, clips: list[list[str]]) -> None:
        self.clips = clips

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: int) -> torch.Tensor:
        frames = []
        for path in self.clips[index]:
            with Image.open(path) as picture:
                frames.append(np.asarray(picture.convert('RGB').resize(SIZE)))
        return torch.from_numpy(np.stack(frames)).permute(3, 0, 1, 2)


class ByMMAction2(Dataset):
    """MMAction2's transforms on links to the same files with its names."""

    def __init__(self, clips: list[list[str]], root: Path) -> None:
        self.folders = []
        for number, paths in enumerate(clips):
            folder = root / f'{number:05d}'
            folder.mkdir(parents=True)
            for place, path in enumerate(paths):
                shutil.copy(path, folder / f'img_{place + 1:05d}.jpg')
            self.folders.append(str(folder))
        steps = [
            dict(type='SampleFrames', clip_len=16),
            dict(type='RawFrameDecode'),
            dict(type='Resize', scale=SIZE, keep_ratio=False),
            *PACKED,
        ]
        self.steps = [TRANSFORMS.build(step) for step in steps]

    def __len__(self) -> int:
        return len(self.folders)

    def __getitem__(self, index: int) -> dict:
        results = dict(
            frame_dir=self.folders[index], total_frames=16, start_index=1, label=0,
            filename_tmpl='img_{:05}.jpg', modality='RGB',
        )  # fmt: skip
        for step in self.steps:
            results = step(results)
        return results


def add_grain(root: Path) -> None:
    draw = np.random.default_rng(0)
    for path in (root / 'Clip' / 'clip_224x224_16f').rglob('*.jpg'):
        picture = cv2.imread(str(path)) + draw.normal(0, 6, (224, 224, 3))
        picture = np.clip(picture, 0, 255).astype(np.uint8)
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 95])


def reader(dataset: Dataset, workers: int) -> Callable[[], None]:
    if not workers:

        def run() -> None:
            for index in range(len(dataset)):
                dataset[index]

        return run
    loader = DataLoader(
        dataset, 16, num_workers=workers, persistent_workers=True, collate_fn=list
    )

    def run() -> None:
        for _ in loader:
            pass

    return run


def difference(root: Path) -> str:
    """Of decoding in part to full decoding and area resize, in grey levels."""
    quick, exact = (
        DFEWDataset(root, ours(exact=exact), split='test') for exact in (False, True)
    )
    away = [
        (quick[i]['inputs'].int() - exact[i]['inputs'].int()).abs().float().mean()
        for i in range(len(quick))
    ]
    return f'{torch.stack(away).mean():.2f} grey levels from exact in the mean'


def rows(args: argparse.Namespace) -> Iterator[Row]:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        plain, grainy = Path(folder, 'plain'), Path(folder, 'grainy')
        make_demo(plain, num_clips=140, num_identities=20, sources=('16f',))
        shutil.copytree(plain, grainy)
        add_grain(grainy)
        for root in (plain, grainy):
            yield from of_tree(root, args.runs)


def of_tree(root: Path, runs: int) -> Iterator[Row]:
    pack_dfew(root, root / 'packed' / 'frames', scale=SIZE)
    decoded = DFEWDataset(root, ours())
    clips = [decoded.get_data_info(i)['frame_paths'] for i in range(len(decoded))]
    size = np.mean([Path(path).stat().st_size for clip in clips for path in clip])
    packed = dict(pipeline=ours(), source='packed')
    sets: dict[str, Dataset] = {
        'PIL': ByPillow(clips),
        "MMAction2's transforms": ByMMAction2(clips, root / 'mmaction2'),
        'decoded in part': decoded,
        'decoded exactly': DFEWDataset(root, ours(exact=True)),
        'frames packed': DFEWDataset(root, pack='frames', **packed),
    }
    apart = difference(root)
    for workers in (0, 2):
        seconds = take_turns(
            {name: reader(dataset, workers) for name, dataset in sets.items()}, runs
        )
        what = f'JPEGs of {size / 1000:.0f} kB, ' + (
            f'{workers} workers' if workers else 'one process'
        )
        for name in list(sets)[2:]:
            for against in list(sets)[:2]:
                yield compare(
                    what, seconds, name, against, len(clips), 'ms a clip',
                    note=apart if name == 'decoded in part' and not workers else '',
                )  # fmt: skip


if __name__ == '__main__':
    main(__doc__, rows)
