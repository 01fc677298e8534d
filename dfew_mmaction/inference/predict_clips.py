"""Prediction of clips of aligned faces."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..utils import DecodeError, list_frames, write_rows
from .expression_inferencer import ExpressionInferencer
from .outputs.labels import plain_text


def predict_clips(
    inferencer: ExpressionInferencer, clips: Sequence[str], out: str | Path
) -> int:
    """Classify clips of aligned faces and write ``<out>/clips.csv``.

    Returns:
        int: Exit status: 0, or 1 if a clip could not be read.
    """
    if inferencer.warning:
        print(f'note: {inferencer.warning}')
    ready, troubles = [], 0
    for clip in clips:
        if Path(clip).is_dir() and not list_frames(clip):
            print(f"error: '{clip}' has no frame", file=sys.stderr)
            troubles += 1
        elif not Path(clip).exists():
            print(f"error: there is no clip '{clip}'", file=sys.stderr)
            troubles += 1
        else:
            ready.append(clip)
    rows: list[tuple[str, np.ndarray]] = []
    size = inferencer.batch_size
    for start in range(0, len(ready), size):
        batch = ready[start : start + size]
        try:
            rows += zip(batch, inferencer.predict_clips(batch))
        except (DecodeError, ValueError):
            for clip in batch:  # repeat one by one to find the clip
                try:
                    rows += zip([clip], inferencer.predict_clips([clip]))
                except (DecodeError, ValueError) as error:
                    print(f'error: {clip}: {error}', file=sys.stderr)
                    troubles += 1
    path = Path(out) / 'clips.csv'
    header = ['clip', 'prediction', *(f'score_{name}' for name in inferencer.classes)]
    write_rows(
        path,
        header,
        (
            [
                plain_text(str(clip)),
                inferencer.classes[int(row.argmax())],
                *map(float, row),
            ]
            for clip, row in rows
        ),
    )
    print(f'{len(rows)} of {len(clips)} clips: {path}')
    return 1 if troubles else 0
