"""The interface of classifiers: from clips to probabilities."""

from typing import Protocol, runtime_checkable

import numpy as np

#: Side of the aligned faces for a classifier in pixels, as in the release.
FACE_SIZE = 224


@runtime_checkable
class ClipClassifier(Protocol):
    """A network that classifies the emotion of clips, in any framework.

    Attributes:
        classes (tuple[str, ...]): Names of the classes, in the order of the scores.
        num_frames (int): Number of frames of a clip.
        sampling (str): How windows are brought to ``num_frames``, as in training:
            ``'interpolate'``, or a mode of :func:`dfew_mmaction.clips.choose_frames`.
            See :func:`dfew_mmaction.clips.bring_to_length`.
    """

    classes: tuple[str, ...]
    num_frames: int
    sampling: str

    def __call__(self, clips: np.ndarray) -> np.ndarray:
        """Classify clips.

        Args:
            clips (np.ndarray): Aligned faces, uint8 of shape (n, num_frames, 224, 224,
                3) in RGB; n may be 0. The classifier scales and normalises them.

        Returns:
            np.ndarray: Probabilities, float32 of shape (n, classes), each row sums to
            one.
        """
        ...
