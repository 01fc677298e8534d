"""Sample pictures of the demo set."""

import cv2
import numpy as np

from .clip import FACE_SIZE, draw_clip
from .expressions import CLASSES
from .identity import Identity

_LABEL_WIDTH = 112


def demo_sheet(
    seed: int = 0,
    style: str = 'default',
    num_identities: int = 2,
    *,
    num_steps: int = 5,
    size: int = 112,
) -> np.ndarray:
    """Draw a sheet with one row per expression: several persons at several times.

    Args:
        seed (int): Random seed. Defaults to 0.
        style (str): 'default' or 'other'. Defaults to 'default'.
        num_identities (int): Persons per row. Defaults to 2.
        num_steps (int): Frames per person. Defaults to 5.
        size (int): Side of a face in pixels. Defaults to 112.

    Returns:
        np.ndarray: The sheet, shape (H, W, 3), uint8, BGR.

    Raises:
        ValueError: If the style is unknown.
    """
    gap = max(2, size // 16)
    rows = []
    for row, expression in enumerate(CLASSES):
        cells = [label_cell(expression, size)]
        for column in range(num_identities):
            looks = np.random.default_rng([seed, row, column])
            person = Identity.sample(looks, style)
            clip = draw_clip(
                [seed, row, column], person, [expression], 40, peak=0.95, min_faces=40
            )
            for index in np.linspace(0, len(clip.faces) - 1, num_steps).astype(int):
                face = clip.faces[index]
                if size != FACE_SIZE:
                    way = cv2.INTER_AREA if size < FACE_SIZE else cv2.INTER_LINEAR
                    face = cv2.resize(face, (size, size), interpolation=way)
                cells.append(face)
            cells.append(np.full((size, gap, 3), 255, np.uint8))
        rows.append(np.hstack(cells[:-1]))
        rows.append(np.full((gap, rows[0].shape[1], 3), 255, np.uint8))
    return np.vstack(rows[:-1])


def label_cell(text: str, height: int) -> np.ndarray:
    """A white cell with the name of a row."""
    cell = np.full((height, _LABEL_WIDTH, 3), 255, np.uint8)
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, 0.6
    (_, tall), _ = cv2.getTextSize(text, font, scale, 1)
    at = (8, (height + tall) // 2)
    cv2.putText(cell, text, at, font, scale, (40, 40, 40), 1, cv2.LINE_AA)
    return cell
