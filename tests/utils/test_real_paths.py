import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfew_mmaction.utils import real_paths

PIECES = st.lists(
    st.sampled_from(['.', '..', 'a', 'b', 'link', 'to_file']), min_size=1, max_size=6
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(PIECES, st.sampled_from(['', '/', '//']), st.booleans())
def test_as_the_system_resolves_it(tmp_path, pieces, end, absolute):
    (tmp_path / 'a' / 'b').mkdir(parents=True, exist_ok=True)
    (tmp_path / 'a' / 'file').touch()
    for name, target in (('link', 'a/b'), ('a/link', '..'), ('to_file', 'a/file')):
        if not os.path.lexists(tmp_path / name):
            os.symlink(target, tmp_path / name)
    path = '/'.join([str(tmp_path), *pieces]) + end
    if not absolute:
        path = os.path.relpath(tmp_path) + path[len(str(tmp_path)) :]
    assert real_paths([path]) == [os.path.realpath(path)]
