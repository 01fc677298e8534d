"""Functions of mmaction2 1.2.0 that fail with numpy 2."""

import functools

import numpy as np


def restore_removed_names() -> bool:
    """Provide names that numpy 2 removed and mmaction2 still uses.

    ``np.Inf`` is used by ``PoseCompact`` and other transforms of skeletons, ``np.in1d``
    by ``RetrievalRecall``, ``np.trapz`` by the average recall of proposals, ``np.NAN``
    by the scores of AVA.
    """
    applied = False
    trapezoid = getattr(np, 'trapezoid', None)  # since numpy 2.0
    for name, value in (
        ('Inf', np.inf), ('NAN', np.nan), ('in1d', np.isin), ('trapz', trapezoid),
    ):  # fmt: skip
        if name not in np.__dict__:
            setattr(np, name, value)
            applied = True
    return applied


def shift_hues_down() -> bool:
    """Let ``ColorJitter`` shift hues by negative offsets.

    It adds an integer to a uint8 array. In numpy 2 a negative one raises OverflowError,
    in half of the calls with the default settings; numpy 1 computed in int16. Hues are
    in [0, 180), OpenCV's range for uint8.
    """
    import cv2
    from mmaction.datasets.transforms.processing import ColorJitter

    original = ColorJitter.adjust_hue
    if hasattr(original, 'patched_by_dfew'):
        return True
    try:
        original(np.zeros((1, 1, 3), np.float32), -0.1)
    except OverflowError:
        pass
    else:
        return False

    @functools.wraps(original)
    def adjust_hue(img: np.ndarray, factor: float) -> np.ndarray:
        rgb = np.clip(img, 0, 255).astype(np.uint8)
        hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(np.int16) + int(factor * 255)) % 180
        return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB).astype(np.float32)

    adjust_hue.patched_by_dfew = True  # type: ignore[attr-defined]
    ColorJitter.adjust_hue = staticmethod(adjust_hue)
    return True
