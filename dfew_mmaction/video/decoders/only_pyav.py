"""Properties of videos that only PyAV handles as players do."""

from ...utils.text import is_utf8
from ..container import Container, open_container
from .pyav import decode, orientation


def file_problem(container: Container) -> str:
    """Reason in the container why only PyAV can read a file; otherwise empty."""
    if container.num_streams > 1:
        return f'it has {container.num_streams} video streams'
    if container.hdr:
        return 'it is in HDR'
    # Other decoders do not limit the size of frames that they are not told in advance.
    if 0 in container.pixels.size:
        return 'the size of its frames is not known before decoding'
    # OpenCV 5.0 would abort the process.
    return '' if is_utf8(container.path) else 'its name is not UTF-8'


def frame_problem(container: Container) -> str:
    """As :func:`file_problem`, including reasons in the first frame."""
    if problem := file_problem(container):
        return problem
    with open_container(container.path) as opened:
        first = next(decode(opened), None)
    if first is None:
        return ''
    if first.interlaced_frame:
        return 'it is interlaced'
    return 'it is stored mirrored' if orientation(first)[1] else ''
