"""Uploads and results within the limits."""

import pytest

from dfew_mmaction.web_demo import Limits
from dfew_mmaction.web_demo.storage import Refused, Storage

MEGABYTE = 2**20


def test_uploads_do_not_share_a_folder(tmp_path):
    storage = Storage(tmp_path, Limits())
    first, second = storage.begin(), storage.begin()
    assert first.folder != second.folder
    first.path.write_bytes(b'1')
    second.path.write_bytes(b'2')
    storage.end(first)
    storage.end(first)
    assert second.path.read_bytes() == b'2' and not first.folder.exists()
    assert second.folder.stat().st_mode & 0o777 == 0o700


def test_number_of_pending_uploads(tmp_path):
    storage = Storage(tmp_path, Limits(pending=2))
    uploads = [storage.begin(), storage.begin()]
    with pytest.raises(Refused, match='2 videos are waiting already') as refused:
        storage.begin()
    assert refused.value.status == 503
    storage.end(uploads[0])
    storage.begin()


def test_size_of_an_upload(tmp_path):
    storage = Storage(tmp_path, Limits(megabytes=2))
    upload = storage.begin()
    storage.grow(upload, 2 * MEGABYTE)
    with pytest.raises(Refused, match='larger than 2 MB') as refused:
        storage.grow(upload, 1)
    assert refused.value.status == 413


def test_size_of_all(tmp_path):
    storage = Storage(tmp_path, Limits(megabytes=2, stored_megabytes=3))
    folder = storage.new_folder()
    (folder / 'a.json').write_bytes(bytes(MEGABYTE))
    storage.publish(folder, {'a.json': folder / 'a.json'})
    first, second = storage.begin(), storage.begin()
    storage.grow(first, MEGABYTE)
    storage.grow(second, MEGABYTE)
    with pytest.raises(Refused, match='no space left'):
        storage.grow(second, 1)
    storage.end(first)
    storage.grow(second, 1)


def test_results(tmp_path):
    storage = Storage(tmp_path, Limits())
    folder = storage.new_folder()
    path = folder / 'timelines.json'
    path.write_text('{}')
    token = storage.publish(folder, {'timelines.json': path})
    assert len(token) >= 32 and token != folder.name
    assert storage.find(token, 'timelines.json') == path
    for name in ('faces.csv', '../timelines.json', str(path), ''):
        assert storage.find(token, name) is None
    assert storage.find(folder.name, 'timelines.json') is None


def test_results_expire(tmp_path):
    storage = Storage(tmp_path, Limits(keep_minutes=1e-9))
    folder = storage.new_folder()
    (folder / 'a.json').write_text('{}')
    token = storage.publish(folder, {'a.json': folder / 'a.json'})
    assert storage.find(token, 'a.json') is None
    assert not folder.exists() and storage.stored_bytes() == 0
