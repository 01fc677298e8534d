"""Name the emotions of the faces in videos, over time.

FILMS are videos, folders of frames, folders of videos, addresses that OpenCV opens, or
the number of a camera. For each, OUT/<name> gets timelines.json, .csv and .png,
faces.csv and annotated.mp4. Exit status: 0 all done, 1 some videos were not or had no
face (a sentence says so), 2 nothing could be done.

    python tools/predict.py video.mp4                         # the packaged network
    python tools/predict.py video.mp4 --config CONFIG --checkpoint CHECKPOINT
    python tools/predict.py video.mp4 --checkpoint MODEL      # by tools/publish.py
    python tools/predict.py Clip/clip_224x224_16f/* --clips --checkpoint MODEL
"""

import argparse
import sys

from dfew_mmaction.faces.detectors import DETECTORS
from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.inference.predict_videos import predict_clips, predict_videos
from dfew_mmaction.utils import (
    exit_status,
    named_option,
    non_negative_number,
    positive_number,
)


def seconds(text: str) -> float | None:
    return None if text == 'all' else positive_number(text)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('videos', nargs='+')
    parser.add_argument('--config', help='not for a model file that describes itself')
    parser.add_argument(
        '--checkpoint',
        help='.pth, .safetensors, .onnx (default: the packaged network, which was '
             'trained on rendered faces only)',
    )  # fmt: skip
    parser.add_argument('--out', default='work_dirs/predict')
    parser.add_argument(
        '--detector', default='mtcnn', choices=sorted(DETECTORS.module_dict)
    )
    parser.add_argument(
        '--detector-options', nargs='*', default=[], metavar='NAME=VALUE',
        help='such as min_face=40, or folder=… for landmarks_file',
    )  # fmt: skip
    parser.add_argument(
        '--window', type=seconds, default=2.0,
        help='seconds of a clip; all: the whole video as one (default: 2)',
    )  # fmt: skip
    parser.add_argument('--stride', type=positive_number, default=0.5, help='seconds')
    parser.add_argument(
        '--smooth',
        type=non_negative_number,
        default=0.0,
        help='seconds of the Gaussian',
    )
    parser.add_argument(
        '--margin', type=non_negative_number, default=0.0, help='around the face'
    )
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument('--device', help='such as cuda:0')
    parser.add_argument(
        '--fps', type=positive_number, default=25.0, help='of folders of frames'
    )
    parser.add_argument('--limit', type=positive_number, help='seconds, for cameras')
    parser.add_argument('--no-video', action='store_true', help='draw no video')
    parser.add_argument('--speed', action='store_true', help='say where the time goes')
    parser.add_argument(
        '--clips', action='store_true',
        help='FILMS are clips of aligned faces: one answer each, as in testing',
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    model = (args.config, args.checkpoint) if args.config else (args.checkpoint,)
    detector = dict(map(named_option, args.detector_options), type=args.detector)
    inferencer = ExpressionInferencer(
        *model,
        detector='none' if args.clips else detector,
        device=args.device,
        window=args.window,
        stride=args.stride,
        smooth=args.smooth,
        batch_size=args.batch_size,
        margin=args.margin,
    )
    if args.clips:
        return predict_clips(inferencer, args.videos, args.out)
    return predict_videos(
        inferencer,
        args.videos,
        args.out,
        video=not args.no_video,
        fps=args.fps,
        limit=args.limit,
        speed=args.speed,
    )


if __name__ == '__main__':
    sys.exit(exit_status(main))
