"""Reading videos: only the frames that are needed, against decord and decoding all.

The video shows the demo set's faces, 300 frames of 224 × 224, as avi like the release's
aligned videos and as H.264 in mp4 (one keyframe per second).
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from measure import Row, compare, main, take_turns
from mmaction.registry import TRANSFORMS

from dfew_mmaction.datasets import DFEWDataset
from dfew_mmaction.synthetic import make_demo

FRAMES = 300


def draw(root: Path) -> list:
    make_demo(root, num_clips=35, num_identities=5, max_frames=300, sources=('frames',))
    dataset = DFEWDataset(root, source='frames')
    frames: list = []
    for index in range(len(dataset)):
        paths = dataset.get_data_info(index)['frame_paths']
        frames += [cv2.imread(path) for path in paths]
    return [frames[i % len(frames)] for i in range(FRAMES)]


def write(path: Path, frames: list, codec: str) -> None:
    if codec == 'h264':
        import av

        with av.open(str(path), 'w') as container:
            stream = container.add_stream('libx264', rate=25)
            stream.width, stream.height, stream.pix_fmt = 224, 224, 'yuv420p'
            stream.codec_context.gop_size = 25
            for frame in frames:
                picture = av.VideoFrame.from_ndarray(frame, format='bgr24')
                container.mux(stream.encode(picture))
            container.mux(stream.encode())
        return
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*codec), 25, (224, 224))
    for frame in frames:
        writer.write(frame)
    writer.release()


def by_number(path: Path, mode: str, decoder: str) -> Callable[[], np.ndarray]:
    steps = [
        TRANSFORMS.build(step)
        for step in (
            dict(type='OpenFaceVideo', decoder=decoder),
            dict(type='SampleFaceFrames', clip_len=16, mode=mode, test_mode=True),
            dict(type='DecordDecode'),
        )
    ]

    def run() -> np.ndarray:
        results = dict(filename=str(path), start_index=0)
        for step in steps:
            results = step(results)
        return np.stack(results['imgs'])

    return run


def by_opencv(path: Path, chosen: np.ndarray) -> Callable[[], np.ndarray]:
    def run() -> np.ndarray:
        video = cv2.VideoCapture(str(path))
        frames = []
        while True:
            there, frame = video.read()
            if not there:
                break
            frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
        video.release()
        return np.stack([frames[i] for i in chosen])

    return run


def rows(args: argparse.Namespace) -> Iterator[Row]:
    cv2.setNumThreads(1)
    sample = TRANSFORMS.build(dict(type='SampleFaceFrames', test_mode=True)).sample
    with tempfile.TemporaryDirectory() as folder:
        frames = draw(Path(folder, 'demo'))
        for name, codec in (('a.avi', 'XVID'), ('b.avi', 'MJPG'), ('c.mp4', 'h264')):
            path = Path(folder, name)
            write(path, frames, codec)
            for what, mode, chosen in (
                (f'16 of {FRAMES} frames', 'segments', sample(FRAMES)),
                (f'all {FRAMES} frames', 'all', np.arange(FRAMES)),
            ):
                contenders = {
                    'PyAV': by_number(path, mode, 'pyav'),
                    'decord': by_number(path, mode, 'decord'),
                    'OpenCV, all frames': by_opencv(path, chosen),
                }
                ours, *others = (run() for run in contenders.values())
                times = take_turns(contenders, args.runs)
                for name, other in zip(list(contenders)[1:], others):
                    away = np.abs(ours.astype(int) - other).mean()
                    yield compare(
                        f'{what}, {codec} in {path.suffix[1:]}',
                        times,
                        'PyAV',
                        name,
                        unit='ms a clip',
                        note=f'{away:.2f} grey levels apart in the mean',
                    )


if __name__ == '__main__':
    main(__doc__, rows)
