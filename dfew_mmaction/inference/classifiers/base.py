"""What stands behind the inferencer: clips in, probabilities out."""

from typing import Protocol, runtime_checkable

import numpy as np

#: Side of the aligned faces that a classifier is given, in pixels, as in the release.
FACE_SIZE = 224


@runtime_checkable
class ClipClassifier(Protocol):
    """A network that names the emotion of clips, whatever runs it.

    Attributes:
        classes (tuple[str, ...]): Names of the classes, in the order of the scores.
        num_frames (int): Frames that each clip has to have.
        sampling (str): How a window of frames is brought to ``num_frames``, as in the
            network's training: ``'interpolate'``, or a mode of
            :func:`dfew_mmaction.clips.choose_frames`. See
            :func:`dfew_mmaction.clips.bring_to_length`, which does it.
    """

    classes: tuple[str, ...]
    num_frames: int
    sampling: str

    def __call__(self, clips: np.ndarray) -> np.ndarray:
        """Classify clips.

        Args:
            clips (np.ndarray): Aligned faces, uint8 of shape (n, num_frames, 224, 224,
                3) in RGB; n may be 0. Scaling and normalising are the classifier's.

        Returns:
            np.ndarray: Probabilities, float32 of shape (n, classes), each row sums to
            one.
        """
        ...
