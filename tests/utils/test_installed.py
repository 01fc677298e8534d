import pytest

from dfew_mmaction.utils import check_installed


def test_what_is_missing_is_named_with_its_extra():
    check_installed('Nothing', 'none', 'json')
    with pytest.raises(
        ImportError, match=r"Writing needs no_such: `pip install '\.\[extra\]'`"
    ):
        check_installed('Writing', 'extra', 'json', 'no_such')
