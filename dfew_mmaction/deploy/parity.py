"""Comparison of an exported network with PyTorch."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch

from ..synthetic import CLASSES, Identity, draw_clip
from .network import DeployedNetwork

CLIP_KINDS = ('random', 'drawn')

#: A function from uint8 clips to scores and probabilities.
Outputs = Callable[[np.ndarray], Sequence[np.ndarray]]


def parity_clips(
    num_frames: int, size: tuple[int, int], count: int = 3
) -> dict[str, np.ndarray]:
    """Make clips to compare networks on.

    Args:
        num_frames (int): Frames of each.
        size (tuple[int, int]): Height and width.
        count (int): Clips of each kind. Defaults to 3.

    Returns:
        dict[str, np.ndarray]: ``'random'``, noise, and ``'drawn'``, faces of the demo
        set, both uint8 of shape (count, num_frames, height, width, 3) in RGB.
    """
    rng = np.random.default_rng(0)
    shape = (count, num_frames, *size, 3)
    drawn = np.empty(shape, np.uint8)
    for number, clip in enumerate(drawn):
        person = Identity.sample(rng)
        name = CLASSES[number % len(CLASSES)]
        faces = draw_clip(
            number, person, [name], num_frames, min_faces=num_frames
        ).faces
        for frame, face in zip(clip, faces, strict=True):
            cv2.resize(face, size[::-1], frame, interpolation=cv2.INTER_AREA)
    noise = rng.integers(0, 256, shape, np.uint8)
    return dict(random=noise, drawn=np.ascontiguousarray(drawn[..., ::-1]))


def compare_outputs(
    network: DeployedNetwork, run: Outputs, clips: dict[str, np.ndarray]
) -> dict[str, float]:
    """Greatest differences between a network and its exported form.

    Clips are passed one by one and in a batch, to check that any number of clips works.
    Differences of scores are relative to the greatest score if that is above one;
    probabilities close to 0 or 1 would hide them.

    Args:
        network (DeployedNetwork): The network in PyTorch.
        run (Callable): The exported form.
        clips (dict[str, np.ndarray]): By kind, see :func:`parity_clips`.

    Returns:
        dict[str, float]: By kind, the greatest difference of scores and probabilities.
    """
    found = {}
    for kind, batch in clips.items():
        with torch.inference_mode():
            scores, probabilities = (o.numpy() for o in network(torch.tensor(batch)))
        whole = run(batch)
        single = [run(batch[i : i + 1]) for i in range(len(batch))]
        differences = [0.0]
        for outputs in (whole, [np.concatenate(part) for part in zip(*single)]):
            scale = max(1.0, float(np.abs(scores).max()))
            differences.append(float(np.abs(outputs[0] - scores).max()) / scale)
            differences.append(float(np.abs(outputs[1] - probabilities).max()))
        # NaN counts as a difference.
        finite = np.isfinite(differences).all()
        found[kind] = max(differences) if finite else float('inf')
    return found
