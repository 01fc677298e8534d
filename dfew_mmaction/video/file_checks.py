"""Checks of a video file that need no decoder."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ..utils import DecodeError

#: How playlists begin. FFmpeg would open the files and addresses that they name.
PLAYLISTS = (b'#EXTM3U', b'ffconcat', b'<?xml', b'<MPD', b'v=0', b'[playlist]')
_PICTURES = (
    b'\xff\xd8\xff', b'\x89PNG', b'BM', b'II*\0', b'MM\0*', b'\0\0\x01\0', b'8BPS',
)  # fmt: skip
_PICTURE_BRANDS = (b'heic', b'heix', b'mif1', b'avif')
_BOXES = (
    b'ftyp', b'styp', b'moov', b'moof', b'mdat', b'free', b'skip', b'wide', b'pnot',
    b'sidx', b'uuid', b'mfra', b'meta', b'prft', b'emsg', b'ssix', b'junk', b'PICT',
)  # fmt: skip
_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
#: Elements of a file, of a segment and of a cluster.
_ELEMENTS = {
    _EBML, _SEGMENT, _CLUSTER, 0xEC, 0xBF, 0x114D9B74, 0x1549A966, 0x1654AE6B,
    0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770, 0xE7, 0xA3, 0xA0, 0xA7, 0xAB,
}  # fmt: skip
_ASF_HEADER = bytes.fromhex('3026b2758e66cf11a6d900aa0062ce6c')
_ASF_PROPERTIES = bytes.fromhex('a1dcab8c47a9cf118ee400c00c205365')


def check_video_file(path: str | Path) -> None:
    """Refuse what is not a regular file with content, playlists, and cut-off files.

    Args:
        path (str | Path): The file. It is opened only if it is a regular file, so
            that a pipe or a device does not block.

    Raises:
        DecodeError: Names the file and what is wrong with it.
    """
    check_readable(path)
    if reason := truncation(path):
        raise DecodeError(f"'{path}' {reason}")


def check_readable(path: str | Path) -> None:
    """Refuse what is not a regular file with content, and playlists.

    Raises:
        DecodeError: Names the file and what is wrong with it.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            what = (
                'folder' if stat.S_ISDIR(status.st_mode) else 'pipe, device or socket'
            )
            raise DecodeError(f"'{path}' is a {what} (expected a video file)")
        with open(path, 'rb') as file:
            head = file.read(64).lstrip()
    except (OSError, ValueError) as error:
        reason = getattr(error, 'strerror', None) or error
        raise DecodeError(f"cannot read '{path}' ({reason})") from error
    if not status.st_size:
        raise DecodeError(f"'{path}' is empty (expected a video file)")
    if head.startswith(PLAYLISTS):
        raise DecodeError(
            f"'{path}' is a playlist, not a video: pass the videos that it lists"
        )


def is_picture(path: str | Path) -> bool:
    """Whether the first bytes of a file are those of a photo format."""
    with open(path, 'rb') as file:
        head = file.read(12)
    is_webp = head[:4] == b'RIFF' and head[8:] == b'WEBP'
    is_heif = head[4:8] == b'ftyp' and head[8:] in _PICTURE_BRANDS
    return head.startswith(_PICTURES) or is_webp or is_heif


def truncation(path: str | Path) -> str:
    """Determine from the structure of the container whether its end is missing.

    ==================  ==============================================================
    container           the end is missing if
    ==================  ==============================================================
    mp4, mov, 3gp       a top-level box ends past the end of the file, or there is no
                        index (``moov``)
    mkv, webm           the segment, or the last element of a recording whose segment
                        has no stated size, ends past the end of the file
    avi                 a RIFF chunk ends past the end of the file
    wmv, asf            the file is shorter than its header states
    flv                 the last tag ends past the end of the file
    ogg                 the last page is not complete or not marked as the last one
    mpeg-ts             the file ends inside a packet
    ==================  ==============================================================

    MPEG program streams and raw streams have no such structure; a recording that was
    stopped between two elements of an mkv without a stated size cannot be told from
    one that was cut there.

    Returns:
        str: The end of a sentence that begins with the file; empty if nothing is
        missing.
    """
    with open(path, 'rb') as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(512)
        for matches, check in _CHECKS:
            if matches(head):
                return check(file, size)
    return ''


def _cut(stated: int | str, size: int) -> str:
    return f'is cut off (expected {stated} bytes, found {size})'


def _boxes(file: BinaryIO, size: int) -> str:
    position = 0
    names: set[bytes] = set()
    while position + 8 <= size:
        file.seek(position)
        head = file.read(16)
        length = int.from_bytes(head[:4], 'big')
        names.add(head[4:8])
        if length == 1:
            length = int.from_bytes(head[8:16], 'big')
        if length < 8:  # 0: to the end of the file
            break
        position += length
        if position > size and head[4:8] in _BOXES:  # some cameras append other data
            return _cut(f'{position} or more', size)
    if not names & {b'moov', b'moof'}:
        return 'has no index (moov): it was cut off, or its recording did not finish'
    return ''


def _elements(file: BinaryIO, size: int) -> str:
    position = 0
    while position < size:
        file.seek(position)
        head = file.read(16)
        if len(head) < 2 or not head[0]:
            break
        id_length = 9 - head[0].bit_length()
        if id_length >= len(head) or not head[id_length]:
            break
        size_length = 9 - head[id_length].bit_length()
        name = int.from_bytes(head[:id_length], 'big')
        if name not in _ELEMENTS:  # appended data
            break
        field = head[id_length : id_length + size_length]
        value = int.from_bytes(field, 'big') & (1 << 7 * size_length) - 1
        content = position + id_length + size_length
        if value == (1 << 7 * size_length) - 1:  # not stated: a live recording
            if name not in (_SEGMENT, _CLUSTER):
                break
            position = content
            continue
        position = content + value
        if position > size:
            return _cut(position, size)
    return ''


def _riff(file: BinaryIO, size: int) -> str:
    position = 0
    while position + 12 <= size:
        file.seek(position)
        head = file.read(8)
        if head[:4] != b'RIFF':
            break
        position += 8 + int.from_bytes(head[4:], 'little')
        position += position % 2
        # Some programs count the 8 bytes of the chunk's header too.
        if position - 8 > size:
            return _cut(position, size)
    return ''


def _asf(file: BinaryIO, size: int) -> str:
    file.seek(0)
    header = file.read(4096)
    place = header.find(_ASF_PROPERTIES)
    if place < 0:
        return ''
    stated = int.from_bytes(header[place + 40 : place + 48], 'little')
    live = header[place + 88] & 1
    return _cut(stated, size) if not live and size < stated else ''


def _tags(file: BinaryIO, size: int) -> str:
    file.seek(5)
    position = int.from_bytes(file.read(4), 'big') + 4
    while position < size:
        file.seek(position)
        head = file.read(4)
        if head[0] & 31 not in (8, 9, 18):  # sound, picture, data
            break
        position += 11 + int.from_bytes(head[1:], 'big') + 4
    return _cut(position, size) if position > size else ''


def _ogg_pages(file: BinaryIO, size: int) -> str:
    file.seek(max(0, size - 0x11000))
    tail = file.read()
    place = tail.rfind(b'OggS')
    segments = tail[place + 26] if 0 <= place < len(tail) - 27 else 256
    lacing = tail[place + 27 : place + 27 + segments]
    end = place + 27 + segments + sum(lacing)
    if len(lacing) < segments or end > len(tail):
        return 'is cut off (its last page is not complete)'
    return '' if tail[place + 5] & 4 else 'is cut off (its last page is missing)'


def _transport_packets(file: BinaryIO, size: int) -> str:
    file.seek(0)
    head = file.read(5 * 192)
    for length, offset in ((188, 0), (192, 4)):
        if set(head[offset::length][:4]) == {0x47}:
            over = size % length
            return f'is cut off (inside a packet of {length} bytes)' if over else ''
    return ''


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signs)


_CHECKS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], str]], ...] = (
    (lambda head: head[4:8] in _BOXES, _boxes),
    (_begins(_EBML.to_bytes(4, 'big')), _elements),
    (_begins(b'RIFF'), _riff),
    (_begins(_ASF_HEADER), _asf),
    (_begins(b'FLV'), _tags),
    (_begins(b'OggS'), _ogg_pages),
    (lambda head: head[:1] == b'G' or head[4:5] == b'G', _transport_packets),
)
