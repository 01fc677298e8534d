import numpy as np
import pytest

from dfew_mmaction.faces.detectors import Face, LandmarksFile
from dfew_mmaction.faces.detectors.face_files import write_faces

HEADER = 'frame,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5'
FACE = '20,10,40,12,30,20,22,31,38,30'
SWAPPED = '140,12,120,10,130,20,122,31,138,30'


@pytest.fixture
def write(tmp_path):
    def _write(*rows, name='a.csv', header=HEADER):
        (tmp_path / name).write_text('\n'.join([header, *rows]) + '\n')
        return LandmarksFile(tmp_path)

    return _write


def frames(count):
    return [np.zeros((60, 200, 3), np.uint8)] * count


def test_faces_of_each_frame(write):
    detector = write(f'0,{FACE}', f'2,{FACE}', '', f'2,{SWAPPED}')
    detector.open('videos/a.mp4')
    found = detector.detect(frames(4))
    assert [len(faces) for faces in found] == [1, 0, 2, 0]
    face, other = found[2]
    assert face.landmarks.tolist() == [[20, 10], [40, 12], [30, 20], [22, 31], [38, 30]]
    assert other.landmarks[:2].tolist() == [[120, 10], [140, 12]]
    assert face.score == 1
    assert face.box.dtype == np.float32
    # The points span 20 x 21 pixels: 21 is the side whose shares are added.
    np.testing.assert_allclose(face.box, [9.5, -11, 50.5, 43.6], atol=1e-4)


def test_frames_are_counted_from_open_on(write):
    detector = write(f'3,{FACE}')
    for _ in range(2):
        detector.open('a.mp4')
        assert detector.detect(frames(3)) == [[], [], []]
        assert detector.detect([]) == []
        assert [len(faces) for faces in detector.detect(frames(2))] == [1, 0]


def test_each_video_has_its_file(write):
    write(f'0,{FACE}', name='b.csv')
    detector = write(name='a.csv')
    detector.open('a.mp4')
    assert detector.detect(frames(1)) == [[]]
    detector.open('b.avi')
    assert len(detector.detect(frames(1))[0]) == 1
    with pytest.raises(FileNotFoundError, match='no landmarks of c.mp4: .*c.csv does'):
        detector.open('c.mp4')
    with pytest.raises(RuntimeError, match=r'open\(video\) comes before'):
        detector.detect(frames(1))


def test_a_byte_order_mark_and_spaces(write, tmp_path):
    (tmp_path / 'a.csv').write_text(f'\ufeff{HEADER}\n 0, {FACE}\n', encoding='utf-8')
    detector = LandmarksFile(tmp_path)
    detector.open('a.mp4')
    assert len(detector.detect(frames(1))[0]) == 1


@pytest.mark.parametrize(
    'rows, message',
    [
        ([f'0,{FACE}', '1,2,3'], 'a.csv, row 3: expected 11 cells, found 3'),
        ([f'-1,{FACE}'], "row 2: expected a frame from 0, found '-1'"),
        ([f'1.5,{FACE}'], "row 2: expected a frame from 0, found '1.5'"),
        ([f'0,{FACE[:-2]}left'], "row 2, y5: expected a number, found 'left"),
        ([f'0,nan{FACE[2:]}'], "row 2, x1: expected a number, found 'nan'"),
        ([f'0,inf{FACE[2:]}'], "row 2, x1: .* found 'inf'"),
    ],
)
def test_errors_name_file_and_row(write, rows, message):
    with pytest.raises(ValueError, match=message):
        write(*rows).open('a.mp4')


def test_a_foreign_header(write, tmp_path):
    with pytest.raises(
        ValueError, match="row 1: expected the header 'frame,x1,.*found"
    ):
        write(header='frame,x,y').open('a.mp4')
    (tmp_path / 'empty.csv').write_text('')
    with pytest.raises(ValueError, match="empty.csv' is empty"):
        LandmarksFile(tmp_path).open('empty.mp4')


def test_a_missing_folder(tmp_path):
    with pytest.raises(
        FileNotFoundError, match='folder of landmarks .*no does not exist'
    ):
        LandmarksFile(tmp_path / 'no')


def test_files_of_a_tree(tmp_path):
    """As extract_faces writes them: by number, one file for each shot of a video."""
    folder = tmp_path / 'extraction' / 'faces'
    face = Face(
        np.float32([1, 2, 30, 40]), 0.5, np.float32(np.arange(10).reshape(5, 2))
    )
    bare = Face(np.float32([1, 2, 30, 40]), 0.25)
    write_faces(folder / '1000012.csv', [face, None])
    write_faces(folder / '2000012.csv', [None, bare], start=2)
    write_faces(folder / '00013.csv', [None, face])
    listed = f'clip,video\n12,{tmp_path}/a.mp4\n13,{tmp_path}/b.mp4\n'
    (folder.parent / 'videos.csv').write_text(listed)
    detector = LandmarksFile(folder)
    detector.open(tmp_path / 'a.mp4')
    found = detector.detect(frames(4))
    assert [len(faces) for faces in found] == [1, 0, 0, 1]
    np.testing.assert_array_equal(found[0][0].landmarks, face.landmarks)
    np.testing.assert_array_equal(found[0][0].box, face.box)
    assert found[0][0].score == 0.5
    assert found[3][0].landmarks is None and found[3][0].score == 0.25
    detector.open(tmp_path / 'b.mp4')
    assert [len(faces) for faces in detector.detect(frames(2))] == [0, 1]
    with pytest.raises(FileNotFoundError, match='no landmarks of .*c.mp4'):
        detector.open(tmp_path / 'c.mp4')
