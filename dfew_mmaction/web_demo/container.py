"""Container format of a file by its first bytes."""

#: Bytes that :func:`video_container` needs.
HEAD = 12
#: First box types of MP4 and QuickTime files.
_BOXES = (b'ftyp', b'moov', b'mdat', b'wide', b'free', b'skip', b'pnot')


def video_container(head: bytes) -> str:
    """Identify the video container by the first bytes of a file.

    FFmpeg probes the content of a file with all its demuxers: it renders a text file
    as a video and follows the references in a playlist. Check a file from an untrusted
    source with this function before any decoder opens it.

    Args:
        head (bytes): At least the first :data:`HEAD` bytes of the file.

    Returns:
        str: ``'mp4'`` (also QuickTime), ``'webm'`` (also Matroska), ``'avi'``, or
        ``''`` for anything else.

    Examples:
        >>> video_container(bytes([0, 0, 0, 32]) + b'ftypisom')
        'mp4'
        >>> video_container(b'root:x:0:0:root:')
        ''
    """
    if head[4:8] in _BOXES:
        return 'mp4'
    if head[:4] == b'\x1aE\xdf\xa3':  # EBML
        return 'webm'
    if head[:4] == b'RIFF' and head[8:12] == b'AVI ':
        return 'avi'
    return ''
