"""Random shift, scale and rotation of aligned faces, for training."""

import cv2
import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform


@TRANSFORMS.register_module()
class RandomFaceJitter(BaseTransform):
    """Move the frames of a clip by one random similarity transform.

    Two detectors place the same face a few pixels apart, and a network that was trained
    on perfectly aligned faces is sensitive to this. With this transform in the training
    pipeline it learns to tolerate it. The transform is drawn once per clip, so that the
    motion between frames does not change.

    Required key: ``imgs``, uint8 of shape (T, H, W, C) or a list of (H, W, C). Changed
    key: ``imgs``, of the same type and shape; pixels outside the picture repeat its
    edge.

    Args:
        shift (float): Largest shift to each side, as a share of width and height.
            Defaults to 0.05.
        scale (float): Largest change of scale: a factor from ``1 / (1 + scale)`` to
            ``1 + scale``, uniform in its logarithm. Defaults to 0.1.
        rotation (float): Largest rotation in degrees, either way. Defaults to 5.0.
        prob (float): Probability that a clip is moved at all. Defaults to 1.0.

    Raises:
        ValueError: If an option is out of its range.
    """

    def __init__(
        self,
        shift: float = 0.05,
        scale: float = 0.1,
        rotation: float = 5.0,
        prob: float = 1.0,
    ) -> None:
        for name, value, most in (
            ('shift', shift, 1),
            ('scale', scale, np.inf),
            ('rotation', rotation, 180),
            ('prob', prob, 1),
        ):
            if not 0 <= value <= most:  # also false for NaN
                raise ValueError(f'{name} must be from 0 to {most}, got {value}')
        self.shift, self.scale = shift, scale
        self.rotation, self.prob = rotation, prob

    def draw(self, width: int, height: int) -> np.ndarray:
        """Draw a transform by NumPy's global generator.

        Args:
            width (int): Width of the frames in pixels.
            height (int): Height of the frames in pixels.

        Returns:
            np.ndarray: Matrix of shape (2, 3) that maps points of a frame; scale and
            rotation are about the centre.
        """
        factor = (1 + self.scale) ** np.random.uniform(-1, 1)
        angle = np.random.uniform(-self.rotation, self.rotation)
        middle = ((width - 1) / 2, (height - 1) / 2)
        matrix = np.asarray(cv2.getRotationMatrix2D(middle, angle, factor), float)
        matrix[:, 2] += np.random.uniform(-self.shift, self.shift, 2) * (width, height)
        return matrix

    def transform(self, results: dict) -> dict:
        """Move the frames, see the class."""
        frames = results['imgs']
        if np.random.random() >= self.prob:
            return results
        height, width = frames[0].shape[:2]
        matrix = self.draw(width, height)
        moved = [
            cv2.warpAffine(
                frame,
                matrix,
                (width, height),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for frame in frames
        ]
        results['imgs'] = np.stack(moved) if isinstance(frames, np.ndarray) else moved
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(shift={self.shift}, scale={self.scale}, '
            f'rotation={self.rotation}, prob={self.prob})'
        )
