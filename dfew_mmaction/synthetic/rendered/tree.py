"""Writes a set of rendered faces in the folder layout of the DFEW release."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ...utils.checks import MARGINS
from ..plan import PlannedClip
from ..store import SOURCES, write_sources
from ..tree import checked_arguments, make_set
from .clip import Settings, render_clip
from .face_model import load_face_model
from .looks import STYLES, Looks

#: Increases when the same arguments give other faces.
RENDERING_VERSION = 1
_FPS = 25


def make_rendered(
    root: str | os.PathLike,
    face_model: str | os.PathLike,
    num_clips: int = 1400,
    num_identities: int = 200,
    *,
    seed: int = 0,
    folds: int = 5,
    imbalance: str = 'none',
    min_frames: int = 11,
    max_frames: int = 300,
    frame_step: int = 1,
    margin: float = 0.0,
    apex_only: bool = False,
    sources: Sequence[str] = SOURCES,
    unlabelled: float = 0.08,
    workers: int | None = None,
    style: str = 'default',
) -> dict:
    """Render a set of moving faces in the folder layout of the DFEW release.

    Args:
        root (str | os.PathLike): Folder to write to, as in :func:`.make_demo`, also
            for the arguments that are not described here.
        face_model (str | os.PathLike): See :func:`.load_face_model`.
        min_frames, max_frames (int): Least and greatest length of a performance in
            frames at 25 per second.
        frame_step (int): Render every ``frame_step``-th of these frames. Defaults to 1.
        margin (float): Margin of the aligned faces, see :func:`.align_face`. Defaults
            to 0.0, as in the release.
        apex_only (bool): Render only frames near the apex of the expression, for
            training on single frames. Defaults to False.
        style (str): 'default'; 'other': another distribution of light, heads, skins
            and cameras; 'resting': faces that look less neutral at rest;
            'varied': wider ranges of folds, brows, eyes, lips, light and contrast.

    Returns:
        dict: Counts as of :func:`.make_demo`.

    Raises:
        ValueError: If an argument is out of range, or the face model is another one.
        FileNotFoundError: If there is no such face model.
        FileExistsError: If the folder contains other files.
    """
    if frame_step < 1:
        raise ValueError(f'frame_step must be at least 1, got {frame_step}')
    arguments = checked_arguments(
        num_clips=num_clips, num_identities=num_identities, seed=seed, folds=folds,
        imbalance=imbalance, min_frames=min_frames, max_frames=max_frames,
        sources=sources, unlabelled=unlabelled, style=style, styles=STYLES,
    )  # fmt: skip
    if not MARGINS[0] <= margin <= MARGINS[1]:
        raise ValueError(f'margin must be a number in {[*MARGINS]}, got {margin}')
    arguments.update(
        rendering=RENDERING_VERSION, frame_step=frame_step, margin=margin,
        apex_only=apex_only,
    )  # fmt: skip
    load_face_model(str(face_model))  # loaded once, before the processes are forked
    return make_set(root, arguments, partial(_write_clip, str(face_model)), workers)


def _write_clip(
    face_model: str,
    root: Path,
    clip: PlannedClip,
    sources: Sequence[str],
    arguments: dict,
) -> None:
    seed, step = arguments['seed'], arguments['frame_step']
    settings = Settings(
        arguments['style'], step, margin=arguments['margin'],
        apex_only=arguments['apex_only'],
    )  # fmt: skip
    looks = np.random.default_rng([seed, 2, clip.identity])
    drawn = render_clip(
        load_face_model(str(face_model)),
        [seed, 3, clip.number],
        Looks.sample(looks, arguments['style']),
        clip.expressions,
        clip.num_frames,
        peak=1.1 * clip.peak,
        hidden=not clip.has_faces,
        settings=settings,
    )
    write_sources(root, clip.number, sources, drawn, _FPS / step)
