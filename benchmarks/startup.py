"""Start-up: importing the plugin, listing DFEW's 16-frame tree.

The tree has the release's size, 11,697 folders of 16 frames, and is made of empty
files. It is walked by bare `os.scandir` in the same run. Building `DFEWDataset` reads
the lists of a fold, lists the frames of its training part and keeps them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import Row, compare, main, take_turns

from dfew_mmaction import compat
from dfew_mmaction.datasets import DFEWDataset, DFEWLayout, list_frames

# MMAction2 cannot be imported on today's torch without the workarounds, which are
# applied from their files: importing the package would import the plugin.
MMACTION = f"""
import sys
sys.path.insert(0, {str(Path(compat.__file__).parents[1])!r})
import compat
compat.apply()
from mmaction.utils import register_all_modules
register_all_modules()
"""


def python(code: str) -> Callable[[], None]:
    def run() -> None:
        subprocess.run([sys.executable, '-c', code], check=True)

    return run


def make_tree(root: Path, clips: int) -> None:
    """Lists and empty frames, with gaps in the numbers as in the release."""
    numbers = [number for number in range(1, 2 * clips) if number % 29][:clips]
    for split, part in (('train', numbers[: clips * 4 // 5]), ('test', numbers)):
        part = part if split == 'train' else numbers[clips * 4 // 5 :]
        path = root / 'EmoLabel_DataSplit' / f'{split}(single-labeled)' / 'set_1.csv'
        path.parent.mkdir(parents=True)
        rows = ''.join(f'{number},{number % 7 + 1}\n' for number in part)
        path.write_text(f'video_name,label\n{rows}')
    for number in numbers:
        folder = root / 'Clip' / 'clip_224x224_16f' / f'{number:05d}'
        folder.mkdir(parents=True)
        for frame in range(1, 17):
            (folder / f'{frame}.jpg').touch()


def walk(folder: Path) -> int:
    """A plain directory walk, the minimum for any listing."""
    count = 0
    with os.scandir(folder) as clips:
        for clip in clips:
            with os.scandir(clip.path) as frames:
                count += sum(1 for _ in frames)
    return count


def listing(root: Path) -> int:
    layout = DFEWLayout(root)
    return sum(len(list_frames(path)) for path in layout.clips('16f').values())


def rows(args: argparse.Namespace) -> Iterator[Row]:
    imports = take_turns(
        {'MMAction2': python(MMACTION), 'plugin': python('import dfew_mmaction')},
        args.runs,
    )
    both = {
        'MMAction2 alone': imports['MMAction2'],
        'with the plugin': imports['plugin'],
    }
    yield compare('importing', both, 'with the plugin', 'MMAction2 alone', unit='ms')
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_tree(root, args.clips)
        home = root / 'Clip' / 'clip_224x224_16f'
        count = walk(home)
        if listing(root) != count:
            raise SystemExit('the listing lacks frames')
        seconds = take_turns(
            {
                'bare walk': lambda: walk(home),
                'listing': lambda: listing(root),
                'building DFEWDataset': lambda: DFEWDataset(root),
            },
            args.runs,
        )
        what = f'{args.clips} folders, {count} frames'
        yield compare(what, seconds, 'listing', 'bare walk')
        yield compare(what, seconds, 'building DFEWDataset', 'bare walk')


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--clips', type=int, default=11697)


if __name__ == '__main__':
    main(__doc__, rows, options=options)
