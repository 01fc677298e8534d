import pytest
from mmaction.registry import HOOKS

from dfew_mmaction.engine import DataConsistencyHook, StrictCheckpointHook


@pytest.mark.parametrize(
    'old, cls',
    [
        ('DataReportHook', DataConsistencyHook),
        ('WholeCheckpointHook', StrictCheckpointHook),
    ],
)
def test_old_registered_names_build_the_renamed_hooks(old, cls):
    with pytest.warns(DeprecationWarning, match=f"'{old}' is now '{cls.__name__}'"):
        hook = HOOKS.build(dict(type=old))
    assert type(hook) is cls
