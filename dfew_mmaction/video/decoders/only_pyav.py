"""What decord and OpenCV do not show as a player does."""

from ...utils.text import is_utf8
from ..container import Container, open_container
from .pyav import decode, orientation


def file_problem(container: Container) -> str:
    """Why only PyAV can read a file, as far as the container tells; else empty."""
    if container.num_streams > 1:
        return f'it has {container.num_streams} video streams'
    # OpenCV 5.0 would end the process.
    return '' if is_utf8(container.path) else 'its name is not UTF-8'


def frame_problem(container: Container) -> str:
    """As :func:`file_problem`, and what the first frame tells."""
    if problem := file_problem(container):
        return problem
    with open_container(container.path) as opened:
        first = next(decode(opened), None)
    if first is None:
        return ''
    if first.interlaced_frame:
        return 'it is interlaced'
    return 'it is stored mirrored' if orientation(first)[1] else ''
