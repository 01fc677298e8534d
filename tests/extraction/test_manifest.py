import json
import sys

import pytest

from dfew_mmaction.extraction import ExtractionSettings, extract_faces, read_manifest
from dfew_mmaction.extraction.executors import failed
from dfew_mmaction.extraction.manifest import ADDED, Journal, write_manifest


def row(clip, **changes):
    return failed((f'/videos/{clip}, a "video".mp4', clip), 'broke') | changes


def test_torn_line_is_done_again(tmp_path):
    journal = Journal(tmp_path, '1of1')
    journal.add([row(1)])
    journal.add([row(2)])
    journal.close()
    content = journal.path.read_bytes()
    journal.path.write_bytes(content[:-10])
    again = Journal(tmp_path, '1of1')
    assert again.rows().keys() == {1}
    again.add([row(2)])
    again.close()
    assert journal.path.read_bytes() == content


@pytest.mark.parametrize('line', ['{', '[]', '[1]', '3', '[{"clip": "x"}]', 'null'])
def test_a_line_of_another_program(tmp_path, line):
    (tmp_path / 'other.jsonl').write_text(line + '\n')
    journal = Journal(tmp_path, '1of1')
    with pytest.raises(ValueError, match='other.jsonl, line 1: expected the rows'):
        journal.rows()
    journal.close()


def test_shards_and_later_rows(tmp_path):
    for name, clips in (('1of2', (1, 3)), ('2of2', (2,))):
        journal = Journal(tmp_path, name)
        for clip in clips:
            journal.add([row(clip)])
        journal.close()
    journal = Journal(tmp_path, '1of2')
    journal.add([row(3, error='', kept=True)])
    rows = journal.rows()
    journal.close()
    assert rows.keys() == {1, 2, 3} and rows[3]['kept']


@pytest.mark.parametrize('ending', ['csv', 'parquet'])
def test_manifest_reads_back(tmp_path, ending):
    path = tmp_path / f'manifest.{ending}'
    rows = {2: row(2), 1: row(1, frames=70, kept=True, error='', fps=23.976)}
    written = write_manifest(path, rows)
    table = read_manifest(path)
    assert table.values.tolist() == written.values.tolist()
    assert table['clip'].tolist() == [1, 2]
    assert table['kept'].tolist() == [True, False] and table['kept'].dtype == bool
    assert table['video'][0] == '/videos/1, a "video".mp4'
    assert table['error'][0] == '' and table['fps'][0] == 23.976
    rows = {1: row(1, error='=1+1\n"two" lines\r', reason="'=a, NA")}
    write_manifest(path, rows)
    assert read_manifest(path)[['error', 'reason']].values.tolist() == [
        [rows[1]['error'], rows[1]['reason']]
    ]
    assert read_manifest(write_empty(tmp_path / f'none.{ending}')).empty


def write_empty(path):
    write_manifest(path, {})
    return path


def test_manifests_and_journals_of_version_0_1(tmp_path):
    path = tmp_path / 'manifest.csv'
    write_manifest(path, {1: row(1)})
    lines = [','.join(line.split(',')[:-5]) for line in path.read_text().splitlines()]
    path.write_text('\n'.join(lines) + '\n')
    assert read_manifest(path)[['clip', 'cuts', 'decoder']].values.tolist() == [
        [1, 0, '']
    ]
    old = {k: v for k, v in row(3).items() if k not in ADDED}
    (tmp_path / '1of1.jsonl').write_text(json.dumps(old) + '\n')
    journal = Journal(tmp_path, '1of1')
    assert journal.rows()[3] == row(3)
    journal.close()


def test_a_video_that_is_repeated_replaces_all_its_clips(tmp_path):
    journal = Journal(tmp_path, '1of1')
    journal.add([row(12)])
    journal.add([row(1000012), row(2000012)])
    assert list(journal.rows()) == [1000012, 2000012]
    journal.close()


def test_what_is_no_manifest(tmp_path):
    (tmp_path / 'other.csv').write_text('video_name,label\n1,2\n')
    with pytest.raises(ValueError, match='expected the columns clip,video'):
        read_manifest(tmp_path / 'other.csv')
    with pytest.raises(FileNotFoundError, match='extract_faces.py'):
        read_manifest(tmp_path / 'nothing.csv')


def test_cells_of_another_kind(tmp_path):
    path = tmp_path / 'manifest.csv'
    write_manifest(path, {7: row(7, kept=False)})
    text = path.read_text()
    path.write_text(text.replace(',False,', ',FALSE,'))  # by a spreadsheet
    assert read_manifest(path)['kept'].tolist() == [False]
    for old, new, says in (
        ('7,', 'seven,', "row 2: expected clip as int64, found 'seven'"),
        (',False,', ',maybe,', "row 2: expected kept as bool, found 'maybe'"),
        ('\n7,', '\n7,7,', 'row 2: expected 14 cells, found 15'),
    ):
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(ValueError, match=says):
            read_manifest(path)


def test_parquet_without_its_package(tmp_path, monkeypatch):
    """Reported before hours of work."""
    write_manifest(tmp_path / 'there.parquet', {1: row(1)})
    monkeypatch.setitem(sys.modules, 'pyarrow', None)  # import and find_spec fail
    with pytest.raises(ImportError, match='`pip install pyarrow`'):
        read_manifest(tmp_path / 'there.parquet')
    (tmp_path / 'video.mp4').write_bytes(b'no video')
    how = ExtractionSettings(detector=dict(type='none'))
    with pytest.raises(ImportError, match='or name the manifest .csv'):
        extract_faces([tmp_path], tmp_path / 'out', how, manifest='m.parquet')
    assert not (tmp_path / 'out').exists()
