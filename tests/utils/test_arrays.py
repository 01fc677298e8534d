"""Untrusted NumPy files."""

import io
import zipfile

import numpy as np
import pytest

from dfew_mmaction.utils.arrays import load_array, load_arrays


def header(shape, dtype='<f4'):
    text = io.BytesIO()
    described = dict(descr=dtype, fortran_order=False, shape=shape)
    np.lib.format.write_array_header_1_0(text, described)
    return text.getvalue()


@pytest.mark.parametrize('shape', [(0,), (), (3, 4)])
def test_arrays_come_back(tmp_path, shape):
    values = np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape)
    np.save(tmp_path / 'a.npy', values)
    for mmap in (False, True):
        assert (load_array(tmp_path / 'a.npy', mmap=mmap) == values).all()
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / 'a.npz', a=values, b=np.array(['x', 'yz']))
        found = load_arrays(tmp_path / 'a.npz', ['a', 'b'])
        assert (found['a'] == values).all() and found['b'].tolist() == ['x', 'yz']


def test_a_small_file_that_unpacks_to_a_large_one(tmp_path):
    path = tmp_path / 'bomb.npz'
    np.savez_compressed(path, a=np.zeros(2**25, np.float32))
    assert path.stat().st_size < 10**6
    with pytest.raises(ValueError, match='would unpack to more than 105 MB'):
        load_arrays(path, ['a'])


@pytest.mark.parametrize('shape', [(10**12,), (2**40, 2**40), (5,)])
def test_a_header_that_declares_more(tmp_path, shape):
    content = header(shape) + bytes(16)
    (tmp_path / 'a.npy').write_bytes(content)
    with pytest.raises(ValueError, match='where its header declares'):
        load_array(tmp_path / 'a.npy')
    with zipfile.ZipFile(tmp_path / 'a.npz', 'w') as file:
        file.writestr('a.npy', content)
    with pytest.raises(ValueError, match='where its header declares'):
        load_arrays(tmp_path / 'a.npz', ['a'])


def test_objects_are_not_unpickled(tmp_path):
    np.save(tmp_path / 'a.npy', np.array([{}]), allow_pickle=True)
    np.savez(tmp_path / 'a.npz', a=np.array([{}]))
    with pytest.raises(ValueError, match='holds Python objects'):
        load_array(tmp_path / 'a.npy')
    with pytest.raises(ValueError, match='holds Python objects'):
        load_arrays(tmp_path / 'a.npz', ['a'])


@pytest.mark.parametrize('content', [b'', b'PK', b'no array at all' * 9])
def test_other_files(tmp_path, content):
    (tmp_path / 'a').write_bytes(content)
    with pytest.raises(ValueError, match='is no .npy file'):
        load_array(tmp_path / 'a')
    with pytest.raises(ValueError, match='is no .npz file'):
        load_arrays(tmp_path / 'a', ['a'])


def test_a_missing_array_and_damaged_bytes(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, a=np.ones(99))
    with pytest.raises(ValueError, match="has no array 'b'"):
        load_arrays(path, ['b'])
    content = bytearray(path.read_bytes())
    content[400] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match='is damaged'):
        load_arrays(path, ['a'])
