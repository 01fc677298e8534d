"""Random shift, scale and rotation of aligned faces, for training."""

import cv2
import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform

#: Frames between two values of the drift, which are connected linearly.
DRIFT_FRAMES = 4


@TRANSFORMS.register_module()
class RandomFaceJitter(BaseTransform):
    """Move the frames of a clip by a random similarity transform.

    Two detectors place the same face a few pixels apart, and one detector places it a
    little differently in each frame. A network that was trained on perfectly aligned
    faces is sensitive to both. With this transform in the training pipeline it learns
    to tolerate them. One shift, scale and rotation is drawn for the clip; with
    ``drift``, they also change gradually from frame to frame.

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
        drift (float): Largest change within the clip, relative to ``shift``, ``scale``
            and ``rotation``. Defaults to 0.0: all frames are moved alike.

    Raises:
        ValueError: If an option is out of its range.
    """

    def __init__(
        self,
        shift: float = 0.05,
        scale: float = 0.1,
        rotation: float = 5.0,
        prob: float = 1.0,
        *,
        drift: float = 0.0,
    ) -> None:
        for name, value, most in (
            ('shift', shift, 1),
            ('scale', scale, np.inf),
            ('rotation', rotation, 180),
            ('prob', prob, 1),
            ('drift', drift, 1),
        ):
            if not 0 <= value <= most:  # also false for NaN
                raise ValueError(f'{name} must be from 0 to {most}, got {value}')
        self.shift, self.scale = shift, scale
        self.rotation, self.prob, self.drift = rotation, prob, drift

    def draw(self, count: int, width: int, height: int) -> np.ndarray:
        """Draw the transforms of a clip by NumPy's global generator.

        Args:
            count (int): Number of frames.
            width (int): Width of the frames in pixels.
            height (int): Height of the frames in pixels.

        Returns:
            np.ndarray: Matrices of shape (count, 2, 3) that map points of a frame;
            scale and rotation are about the centre.
        """
        sizes = np.tile(np.random.uniform(-1, 1, 4), (count, 1))
        if self.drift:
            knots = np.arange(0, count + DRIFT_FRAMES, DRIFT_FRAMES)
            drifts = np.random.uniform(-self.drift, self.drift, (4, len(knots)))
            frames = np.arange(count)
            sizes += np.stack([np.interp(frames, knots, row) for row in drifts], axis=1)
        middle, matrices = ((width - 1) / 2, (height - 1) / 2), []
        for scale, rotation, *shift in sizes:
            angle, factor = rotation * self.rotation, (1 + self.scale) ** scale
            matrix = np.asarray(cv2.getRotationMatrix2D(middle, angle, factor), float)
            matrix[:, 2] += self.shift * np.array(shift) * (width, height)
            matrices.append(matrix)
        return np.stack(matrices)

    def transform(self, results: dict) -> dict:
        """Move the frames, see the class."""
        frames = results['imgs']
        if np.random.random() >= self.prob:
            return results
        height, width = frames[0].shape[:2]
        moved = [
            cv2.warpAffine(
                frame,
                matrix,
                (width, height),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for frame, matrix in zip(frames, self.draw(len(frames), width, height))
        ]
        results['imgs'] = np.stack(moved) if isinstance(frames, np.ndarray) else moved
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(shift={self.shift}, scale={self.scale}, '
            f'rotation={self.rotation}, prob={self.prob}, drift={self.drift})'
        )
