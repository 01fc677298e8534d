import pytest

from dfew_mmaction.datasets import read_split_csv


def write(tmp_path, text, encoding='utf-8'):
    path = tmp_path / 'set_1.csv'
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig'])
@pytest.mark.parametrize('newline', ['\n', '\r\n'])
def test_labels_count_from_zero(tmp_path, encoding, newline):
    rows = ['video_name,label', '1,1', '00038,7', '', ' 9 , 3 ']
    path = write(tmp_path, newline.join(rows), encoding)
    assert read_split_csv(path) == {1: 0, 38: 6, 9: 2}


@pytest.mark.parametrize(
    'text, message',
    [
        ('', 'set_1.csv.* is empty'),
        ('name,label\n1,1\n', "found 'name,label'"),
        ('1,1\n2,2\n', "found '1,1'"),
        ('video_name,label\n', 'no clips below the header'),
        ('video_name,label\n1,1\n2,0\n', r'row 3: the label of clip 2 is 0'),
        (
            'video_name,label\n1,8\n',
            r'row 2: the label of clip 1 is 8, expected 1 to 7',
        ),
        ('video_name,label\n1,1\nabc,2\n', "row 3: expected a clip number.*'abc,2'"),
        ('video_name,label\n1,1\n2\n', "row 3: expected a clip number.*'2'"),
        ('video_name,label\n1,1\n\n2,-3\n', "row 4: expected .*'2,-3'"),
        ('video_name,label\n5,1\n6,1\n5,1\n', 'row 4: clip 5 is listed again.*row 2'),
    ],
)
def test_malformed_lists_are_refused_by_row(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(ValueError, match=message) as error:
        read_split_csv(path)
    assert str(path) in str(error.value)
