"""Subtitles: one caption per segment, for any video player."""

from pathlib import Path

from ..results import VideoResult
from .formats import file_format
from .labels import caption_text


@file_format('vtt', 'segments.vtt', module='pysubs2')
def write_vtt(path: Path, result: VideoResult) -> None:
    """WebVTT."""
    _captions(result).save(str(path), format_='vtt')


@file_format('srt', 'segments.srt', module='pysubs2')
def write_srt(path: Path, result: VideoResult) -> None:
    """SubRip."""
    _captions(result).save(str(path), format_='srt')


def _captions(result: VideoResult):
    import pysubs2

    captions = pysubs2.SSAFile()
    for face in result.faces:
        for segment in face.segments:
            name = caption_text(result.classes[segment.emotion])
            text = f'face {face.id}: {name} {segment.probability:.0%}'
            start, end = round(1000 * segment.onset), round(1000 * segment.offset)
            captions.append(pysubs2.SSAEvent(start=start, end=end, text=text))
    captions.sort()
    return captions
