"""A sample picture of the rendered set."""

import os

import cv2
import numpy as np

from dfew_mmaction.utils import CLASSES

from ..sheet import label_cell
from .clip import Settings, render_clip
from .face_model import load_face_model
from .looks import Looks


def rendered_sheet(
    face_model: str | os.PathLike,
    seed: int = 0,
    style: str = 'default',
    *,
    num_identities: int = 8,
    size: int = 112,
) -> np.ndarray:
    """Render a sheet with one row per expression: several persons at the apex.

    Args:
        face_model (str | os.PathLike): See :func:`.load_face_model`.
        seed (int): Random seed. Defaults to 0.
        style (str): 'default' or 'other'. Defaults to 'default'.
        num_identities (int): Persons per row. Defaults to 8.
        size (int): Side of a face in pixels. Defaults to 112.

    Returns:
        np.ndarray: The sheet, shape (H, W, 3), uint8, BGR.
    """
    model = load_face_model(str(face_model))
    rows = []
    for row, expression in enumerate(CLASSES):
        cells = [label_cell(expression, size)]
        for column in range(num_identities):
            own = [seed, row, column]
            looks = Looks.sample(np.random.default_rng(own), style)
            clip = render_clip(
                model, own, looks, [expression], 40, peak=0.95,
                settings=Settings(style, 8),
            )  # fmt: skip
            apex = clip.units[..., :-1, :].sum((1, 2)).argmax()
            face = clip.faces[apex]
            cells.append(cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA))
        rows.append(np.hstack(cells))
    return np.vstack(rows)
