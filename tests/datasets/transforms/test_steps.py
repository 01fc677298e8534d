import pytest
from mmaction.datasets.transforms import Resize
from mmaction.registry import TRANSFORMS

from dfew_mmaction.datasets.transforms import steps


@pytest.mark.parametrize(
    'name, step',
    [
        ('OpenFaceVideo', steps.READ),
        ('DecordInit', steps.READ),
        ('DecodeFaceFrames', steps.DECODE),
        ('SampleFaceFrames', steps.SAMPLE),
        ('InterpolateFrames', steps.SAMPLE),
        ('SampleFrames', steps.SAMPLE_OTHERWISE),
        ('Resize', steps.CHANGE),
        ('Flip', None),
        ('os.system', None),
        (print, None),
    ],
)
def test_step_of(name, step):
    assert steps.step_of(name) == step


def test_a_subclass_is_not_known_by_its_parent():
    class Foreign(Resize):
        pass

    TRANSFORMS.register_module(module=Foreign)
    try:
        assert steps.step_of('Foreign') is None
    finally:
        del TRANSFORMS.module_dict['Foreign']
