"""ELAN: an annotation document with one tier per face."""

import mimetypes
from pathlib import Path

from ..results import VideoResult
from .formats import file_format
from .labels import plain_text


@file_format('eaf', 'segments.eaf', module='pympi')
def write_eaf(path: Path, result: VideoResult) -> None:
    """Times are whole milliseconds, as ELAN requires; the video is linked."""
    import pympi

    document = pympi.Elan.Eaf(author='dfew_mmaction')
    video = Path(result.video)
    if video.is_file():
        kind = mimetypes.guess_type(video.name)[0] or 'video/mp4'
        absolute = video.resolve()
        document.add_linked_file(absolute.as_uri(), mimetype=kind)
    for face in result.faces:
        tier = f'face {face.id}'
        document.add_tier(tier)
        for segment in face.segments:
            begin, end = round(1000 * segment.onset), round(1000 * segment.offset)
            if end > begin:
                name = plain_text(result.classes[segment.emotion])
                document.add_annotation(tier, begin, end, name)
    if result.faces:
        document.remove_tier('default')
    document.to_file(str(path))
