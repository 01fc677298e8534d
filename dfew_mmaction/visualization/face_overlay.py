"""Frames with faces, emotions and curves."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from .label_places import place_labels
from .timelines import class_colors

#: Number of panels with curves below a frame, one per face.
MAX_PANELS = 3
#: Smaller pictures are enlarged so that the text can be read.
MIN_SIDE = 320
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LINE = cv2.LINE_AA
_WHITE = (255, 255, 255)
#: The last character that OpenCV draws; releases before 5 have ASCII only.
_LAST = '\uffff' if cv2.__version__ >= '5' else '~'


class DrawnFace(NamedTuple):
    """A face to draw.

    Attributes:
        id (int): Its number.
        box (np.ndarray): x1, y1, x2, y2 in pixels of the frame.
        now (np.ndarray, optional): Probabilities at this frame, shape (classes,); None
            if there are none yet.
        past (np.ndarray): Previous probabilities, evenly spaced in time, (k, classes).
    """

    id: int
    box: np.ndarray
    now: np.ndarray | None
    past: np.ndarray


class FaceOverlay:
    """Draws faces on the frames of one video.

    Args:
        size (tuple[int, int]): Width and height of the frames in pixels.
        classes (Sequence[str]): Names of the classes. One that OpenCV cannot draw, such
            as an emoji, is shown by its number from 1.
        top (int): Number of emotions named next to a face. Defaults to 2.
    """

    def __init__(self, size: tuple, classes: Sequence[str], top: int = 2) -> None:
        scale = max(1, -(-MIN_SIDE // min(size)))
        # Codecs need even sizes.
        self.width, self.height = (side * scale // 2 * 2 for side in size)
        self.classes = [_drawable(name, n) for n, name in enumerate(classes, 1)]
        self.top = top
        # Lighter colours, since the background is dark.
        bgr = class_colors(len(classes))[:, ::-1] * 165 + 90
        self.colors = [tuple(map(int, color)) for color in bgr]
        self.font = max(0.45, min(self.width, self.height) / 900)
        self.step = int(34 * self.font)
        self.panel = max(60, self.height // 6) // 2 * 2
        self.legend = self.step // 2 * 2

    @property
    def size(self) -> tuple:
        """Width and height of the result."""
        return self.width, self.height + self.panel + self.legend

    def draw(self, frame: np.ndarray, faces: list[DrawnFace]) -> np.ndarray:
        """Draw a frame.

        Args:
            frame (np.ndarray): uint8 of shape (H, W, 3) in BGR; not changed.
            faces (list[DrawnFace]): The faces in it.

        Returns:
            np.ndarray: uint8, with the width and height :attr:`size`.
        """
        canvas = np.full((self.size[1], self.width, 3), 24, np.uint8)
        picture = cv2.resize(
            frame, (self.width, self.height), interpolation=cv2.INTER_LINEAR
        )
        canvas[: self.height] = picture
        # Some videos change their size on the way.
        scale = np.divide((self.width, self.height), frame.shape[1::-1])
        self._boxes(canvas[: self.height], faces, scale)
        shown = sorted(faces, key=lambda face: face.id)[:MAX_PANELS]
        edges = np.linspace(0, self.width, len(shown) + 1).astype(int)
        for face, left, right in zip(shown, edges, edges[1:]):
            rows = slice(self.height, self.height + self.panel)
            self._curves(canvas[rows, left:right], face)
        self._legend(canvas[-self.legend :])
        return canvas

    def _legend(self, strip: np.ndarray) -> None:
        total = sum(_width(name, self.font) + self.step for name in self.classes)
        # Many or long names are written in a smaller font, so that all fit.
        font = self.font * min(1.0, self.width / total)
        x = self.step // 4
        for name, color in zip(self.classes, self.colors):
            _write(strip, name, (x, int(strip.shape[0] * 0.75)), color, font)
            x += int(_width(name, font) + self.step * font / self.font)

    def _words(self, face: DrawnFace) -> list:
        if face.now is None:
            return []
        best = np.argsort(-face.now, kind='stable')[: self.top]
        return [
            (f'{self.classes[i]} {face.now[i]:.0%}', self.colors[i])
            for i in best.tolist()
        ]

    def _boxes(
        self, picture: np.ndarray, faces: list[DrawnFace], scale: np.ndarray
    ) -> None:
        boxes = np.array([face.box for face in faces]).reshape(-1, 4)
        boxes = boxes * np.tile(scale, 2)
        forms = []
        for face, box in zip(faces, boxes):
            words = self._words(face)
            x1, y1, x2, y2 = (int(value) for value in box)
            color = words[0][1] if words else _WHITE
            cv2.rectangle(picture, (x1, y1), (x2, y2), color, 2, _LINE)
            # Forms with all emotions, with the first one, with the number only.
            number = (f'#{face.id}', _WHITE)
            forms.append([[number, *words[:count]] for count in (self.top, 1, 0)])
        sizes = [[self._size(lines) for lines in each] for each in forms]
        places = place_labels(boxes, sizes, (self.width, self.height))
        for each, place in zip(forms, places):
            if place is not None:
                form, x, y = place
                for row, (text, color) in enumerate(each[form], 1):
                    where = (x + 2, y + row * self.step - self.step // 4)
                    _write(picture, text, where, color, self.font)

    def _size(self, lines: list) -> tuple[int, int]:
        width = max(_width(text, self.font) for text, _ in lines)
        return width + 4, len(lines) * self.step

    def _curves(self, panel: np.ndarray, face: DrawnFace) -> None:
        height, width = panel.shape[:2]
        cv2.line(panel, (0, 0), (width, 0), (90, 90, 90), 1)
        rows = (height - 3) * (1 - face.past) + 1
        columns = np.linspace(2, width - 3, len(face.past))
        for index, color in enumerate(self.colors):
            points = (
                np.stack([columns, rows[:, index]], axis=1).round().astype(np.int32)
            )
            cv2.polylines(panel, [points], False, color, 2, _LINE)
        words = self._words(face)
        text, color = words[0] if words else ('', _WHITE)
        _write(panel, f'#{face.id} {text}'.strip(), (6, self.step), color, self.font)


def _drawable(name: str, number: int) -> str:
    return name if max(name) <= _LAST else f'class {number}'


def _width(text: str, font: float) -> int:
    return cv2.getTextSize(text, _FONT, font, _thick(font))[0][0]


def _thick(font: float) -> int:
    return max(1, round(2 * font))


def _write(
    picture: np.ndarray, text: str, where: tuple, color: tuple, font: float
) -> None:
    """Write text on a dark background, readable on any picture."""
    (width, height), below = cv2.getTextSize(text, _FONT, font, _thick(font))
    x, y = where
    low, high = (x - 2, y - height - 2), (x + width + 2, y + below)
    cv2.rectangle(picture, low, high, (24, 24, 24), cv2.FILLED)
    cv2.putText(picture, text, where, _FONT, font, color, _thick(font), _LINE)
