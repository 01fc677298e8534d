"""What each transform of a pipeline does to a clip.

A transform of this package has a class attribute ``step``; those of MMAction2 are
listed here. The test pipeline for arrays, the check of model files and the export of
networks use :func:`step_of`.
"""

from typing import Any

from mmaction.datasets import transforms as stock
from mmaction.registry import TRANSFORMS

from ...utils import is_registered

#: Opens or decodes a clip without resizing it.
READ = 'read'
#: Decodes a clip and resizes it.
DECODE = 'decode'
#: Chooses frames in a way that also applies to a window of a video.
SAMPLE = 'sample'
#: Chooses frames in another way.
SAMPLE_OTHERWISE = 'sample otherwise'
#: Changes the given frames and uses nothing else.
CHANGE = 'change'

_STOCK: dict[type, str] = {
    stock.DecordInit: READ,
    stock.DecordDecode: READ,
    stock.PyAVInit: READ,
    stock.PyAVDecode: READ,
    stock.OpenCVInit: READ,
    stock.OpenCVDecode: READ,
    stock.RawFrameDecode: READ,
    stock.SampleFrames: SAMPLE_OTHERWISE,
    stock.UniformSample: SAMPLE_OTHERWISE,
    stock.UniformSampleFrames: SAMPLE_OTHERWISE,
    stock.DenseSampleFrames: SAMPLE_OTHERWISE,
    stock.Resize: CHANGE,
    stock.CenterCrop: CHANGE,
    stock.ThreeCrop: CHANGE,
    stock.TenCrop: CHANGE,
    stock.FormatShape: CHANGE,
    stock.PackActionInputs: CHANGE,
}


def step_of(kind: Any) -> str | None:
    """Look up the step of a transform by its registered name.

    Args:
        kind (Any): ``type`` of a transform in a config.

    Returns:
        str, optional: One of the constants of this module; None for a transform that
        is not registered or not known.
    """
    if not is_registered(kind, TRANSFORMS):
        return None
    cls: Any = TRANSFORMS.get(kind)
    # A subclass may perform another step than its parent.
    return vars(cls).get('step') or _STOCK.get(cls)


def transforms_of(*steps: str) -> list[str]:
    """Names of the registered transforms with one of these steps."""
    return [name for name in sorted(TRANSFORMS.module_dict) if step_of(name) in steps]
