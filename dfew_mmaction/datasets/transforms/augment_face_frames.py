"""Strong augmentation of aligned faces."""

from collections.abc import Sequence

import cv2
import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform

# Values outside the picture.
_EDGES = (cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT, cv2.BORDER_REFLECT_101)


@TRANSFORMS.register_module()
class AugmentFaceFrames(BaseTransform):
    """Vary position, light, colour and quality of aligned faces.

    All parameters are drawn once per clip, except for the noise, so that the motion
    between frames does not change. The steps: one affine map, which also resizes to
    ``size``; a rectangle over a part; changes of light and contrast; equal local
    contrast; then loss of colour, resolution and sharpness, and noise.

    Required keys: ``imgs``, uint8 of shape (T, H, W, 3) or a list of its frames.
    Modified keys: ``imgs``, uint8 of shape (T, size, size, 3); ``img_shape``.

    Args:
        size (int): Side of the output in pixels.
        zoom (tuple[float, float]): Least and greatest magnification; its logarithm is
            drawn uniformly. Defaults to (0.85, 1.35).
        shift (float): Standard deviation of the shift, as a share of the side.
            Defaults to 0.04.
        turn (float): Standard deviation of the rotation in degrees. Defaults to 6.
        stretch (float): Standard deviation of the logarithm of width over height.
            Defaults to 0.06.
        grey (float): Probability of a grey picture. Defaults to 0.5.
        low_resolution (float): Probability of resizing to a smaller picture and back.
            Defaults to 0.5.
        smallest (int): Least side of that picture in pixels. Defaults to 24.
        blur (float): Probability of a Gaussian blur. Defaults to 0.3.
        noise (float): Probability of noise. Defaults to 0.3.
        cover (float): Probability of a rectangle over a part. Defaults to 0.2.
        light (float): Strength of the changes of light and contrast; 0 for none.
            Defaults to 1.0.
        local_contrast (float): Probability of moving the brightness around each point
            towards the same mean and deviation everywhere, which removes light and
            skin colour. Defaults to 0.0.
    """

    def __init__(
        self,
        size: int,
        *,
        zoom: tuple[float, float] = (0.85, 1.35),
        shift: float = 0.04,
        turn: float = 6.0,
        stretch: float = 0.06,
        grey: float = 0.5,
        low_resolution: float = 0.5,
        smallest: int = 24,
        blur: float = 0.3,
        noise: float = 0.3,
        cover: float = 0.2,
        light: float = 1.0,
        local_contrast: float = 0.0,
    ) -> None:
        if size < 1 or smallest < 1:
            raise ValueError(
                f'size and smallest must be at least 1, got {size} and {smallest}'
            )
        if not 0 < zoom[0] <= zoom[1]:
            raise ValueError(f'zoom must be (least, greatest) above 0, got {zoom}')
        self.size, self.smallest = size, smallest
        self.zoom, self.shift, self.turn, self.stretch = zoom, shift, turn, stretch
        self.grey, self.low_resolution, self.blur = grey, low_resolution, blur
        self.noise, self.cover, self.light = noise, cover, light
        self.local_contrast = local_contrast

    def transform(self, results: dict) -> dict:
        """Augment the clip, see the class."""
        frames = self._move(results['imgs'])
        if np.random.rand() < self.cover:
            self._hide(frames)
        frames = self._relight(frames.astype(np.float32))
        if np.random.rand() < self.local_contrast:
            frames = self._equalize(frames)
        if np.random.rand() < self.grey:
            weights = np.array([0.299, 0.587, 0.114], np.float32)
            frames[:] = (frames @ weights)[..., None]
        frames = self._degrade(frames)
        results['imgs'] = np.clip(np.rint(frames), 0, 255).astype(np.uint8)
        results['img_shape'] = (self.size, self.size)
        return results

    def _move(self, frames: Sequence[np.ndarray]) -> np.ndarray:
        height, width = frames[0].shape[:2]
        zoom = np.exp(np.random.uniform(*np.log(self.zoom))) * self.size / width
        wide = np.exp(0.5 * self.stretch * np.random.randn())
        angle = np.radians(self.turn * np.random.randn())
        cos, sin = np.cos(angle), np.sin(angle)
        turn = np.array([[cos, -sin], [sin, cos]])
        matrix = zoom * turn @ np.diag([wide, 1 / wide])
        centre = np.array([(width - 1) / 2, (height - 1) / 2])
        goal = (self.size - 1) / 2 + self.shift * self.size * np.random.randn(2)
        matrix = np.c_[matrix, goal - matrix @ centre]
        edge = _EDGES[np.random.randint(len(_EDGES))]
        full = (self.size, self.size)
        return np.stack(
            [cv2.warpAffine(frame, matrix, full, borderMode=edge) for frame in frames]
        )

    def _hide(self, frames: np.ndarray) -> None:
        tall, wide = np.random.uniform(0.1, 0.35, 2) * self.size
        y, x = np.random.uniform(0, self.size, 2)
        rows = slice(max(0, int(y - tall / 2)), int(y + tall / 2) + 1)
        columns = slice(max(0, int(x - wide / 2)), int(x + wide / 2) + 1)
        frames[:, rows, columns] = np.random.randint(0, 256, 3)

    def _relight(self, frames: np.ndarray) -> np.ndarray:
        amount = self.light
        if not amount:
            return frames
        gamma = np.exp(0.3 * amount * np.random.randn())
        frames = 255 * (frames / 255) ** gamma
        middle = frames.mean()
        contrast = np.exp(0.3 * amount * np.random.randn())
        frames = (frames - middle) * contrast + middle
        frames += 25 * amount * np.random.randn()
        if np.random.rand() < 0.5:  # light from one side
            ramp = np.linspace(-1, 1, self.size)
            across, down = 0.25 * amount * np.random.randn(2)
            side = 1 + across * ramp[None] + down * ramp[:, None]
            frames *= np.float32(side)[..., None]
        frames *= np.float32(np.exp(0.1 * amount * np.random.randn(3)))
        return np.clip(frames, 0, 255)

    def _equalize(self, frames: np.ndarray) -> np.ndarray:
        sigma = self.size * np.exp(np.random.uniform(*np.log((0.06, 0.4))))
        share, spread = np.random.uniform(0.3, 1), np.random.uniform(30, 65)
        equal = []
        for frame in frames:
            grey = frame.mean(2, keepdims=True)
            mean = cv2.GaussianBlur(grey, (0, 0), sigma)[..., None]
            power = cv2.GaussianBlur((grey - mean) ** 2, (0, 0), sigma)[..., None]
            equal.append(127.5 + spread * (frame - mean) / (np.sqrt(power) + 4))
        return np.clip((1 - share) * frames + share * np.stack(equal), 0, 255)

    def _degrade(self, frames: np.ndarray) -> np.ndarray:
        full = (self.size, self.size)
        if np.random.rand() < self.low_resolution and self.smallest < self.size:
            side = np.random.randint(self.smallest, self.size)
            down = (cv2.INTER_AREA, cv2.INTER_LINEAR)[np.random.randint(2)]
            up = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[np.random.randint(2)]
            small = [cv2.resize(f, (side, side), interpolation=down) for f in frames]
            frames = np.stack([cv2.resize(f, full, interpolation=up) for f in small])
        if np.random.rand() < self.blur:
            sigma = np.random.uniform(0.3, 1.3)
            frames = np.stack([cv2.GaussianBlur(f, (0, 0), sigma) for f in frames])
        if np.random.rand() < self.noise:
            amount = np.random.gamma(1.5, 4)
            frames = frames + np.float32(amount * np.random.randn(*frames.shape[:3], 1))
        return frames

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(size={self.size}, zoom={self.zoom}, '
            f'grey={self.grey}, low_resolution={self.low_resolution}, '
            f'light={self.light})'
        )
