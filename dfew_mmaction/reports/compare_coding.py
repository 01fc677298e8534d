"""Comparison of a prediction with the coding of a human coder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..evaluation.functional.coding_agreement import (
    CodedInterval,
    CodingAgreement,
    coding_agreement,
)
from ..utils import save_figure, write_json, write_text
from ..utils.json_files import read_json
from ..visualization.tracks import plot_tracks
from .coding_files import read_coding

#: Shape of the parts of ``timelines.json`` that are used.
SHAPE = dict(
    classes=[str],
    faces=[
        dict(
            id=int, frames=int, first=float, last=float,
            segments=[dict(emotion=str, onset=float, offset=float)],
        )
    ],
)  # fmt: skip


def compare_coding(
    timelines: str | Path,
    coding: str | Path,
    out: str | Path,
    *,
    face: int | None = None,
    tier: str | None = None,
    names: Mapping[str, str] | None = None,
    step: float = 0.04,
    coded_only: bool = False,
) -> tuple[CodingAgreement, str]:
    """Compare the segments of a face with a human coding.

    Writes ``agreement.json``, ``agreement.md`` and ``tracks.png``. The time from the
    first to the last frame of the face is compared.

    Args:
        timelines (str | Path): ``timelines.json`` by ``tools/predict.py``.
        coding (str | Path): File, ``tier`` and ``names`` as for :func:`.read_coding`.
        out (str | Path): Folder for the results.
        face (int, optional): Number of the face. Defaults to the one that was seen in
            the most frames.
        step, coded_only: See :func:`.coding_agreement`.

    Returns:
        tuple[CodingAgreement, str]: The measures and the text of ``agreement.md``.

    Raises:
        ValueError: If a file cannot be read or the face does not exist.
    """
    data, chosen = _read_face(timelines, face)
    classes = data['classes']
    ours = [
        CodedInterval(classes.index(part['emotion']), part['onset'], part['offset'])
        for part in chosen['segments']
    ]
    theirs = read_coding(coding, classes, tier=tier, names=names)
    begin, end = chosen['first'], chosen['last']
    measures = coding_agreement(
        ours, theirs, len(classes),
        begin=begin, end=end, step=step, coded_only=coded_only,
    )  # fmt: skip
    text = _text(measures, classes)
    out = Path(out)
    write_json(out / 'agreement.json', _plain(measures, classes))
    write_text(out / 'agreement.md', text)
    tracks = {'network': ours, 'coder': theirs}
    title = f'face {chosen["id"]}, kappa {measures.kappa:.2f}'
    figure = plot_tracks(tracks, classes, begin=begin, end=end, title=title)
    save_figure(out / 'tracks.png', figure)
    return measures, text


def _read_face(path: str | Path, number: int | None) -> tuple[dict, dict]:
    data = read_json(path, 'timelines.json with segments by tools/predict.py', SHAPE)
    faces = {face['id']: face for face in data['faces']}
    if not faces:
        raise ValueError(f"'{path}' has no face")
    for face in data['faces']:
        for part in face['segments']:
            if part['emotion'] not in data['classes']:
                raise ValueError(
                    f"'{path}', face {face['id']}: {part['emotion']!r} is not a class "
                    f'of the file ({", ".join(data["classes"])})'
                )
    if number is None:
        return data, max(data['faces'], key=lambda face: face['frames'])
    if number not in faces:
        raise ValueError(
            f"'{path}' has no face {number}; there are {', '.join(map(str, faces))}"
        )
    return data, faces[number]


def _plain(measures: CodingAgreement, classes: list[str]) -> dict[str, Any]:
    return dict(
        kappa=measures.kappa,
        agreement=measures.agreement,
        seconds=measures.seconds,
        unmatched=measures.unmatched,
        classes={
            name: dict(scores, onset_errors=errors.tolist())
            for name, scores, errors in zip(
                classes, measures.per_class, measures.onset_errors
            )
        },
    )


def _text(measures: CodingAgreement, classes: list[str]) -> str:
    errors = np.concatenate([*measures.onset_errors, np.zeros(0)])
    lines = [
        f"Cohen's kappa {measures.kappa:.3f}; {measures.agreement:.1%} of "
        f'{measures.seconds:.1f} s have the same label.',
        '',
        '| emotion | precision | recall | network, s | coder, s | onsets | mean onset '
        'error, s |',
        '|---|---|---|---|---|---|---|',
    ]
    for name, scores, own in zip(classes, measures.per_class, measures.onset_errors):
        mean = f'{own.mean():+.2f}' if own.size else '–'
        lines.append(
            f'| {name} | {_percent(scores["precision"])} | '
            f'{_percent(scores["recall"])} | {scores["network"]:.1f} | '
            f'{scores["coder"]:.1f} | {own.size} | {mean} |'
        )
    lines += ['', f'Intervals of the coder without a match: {measures.unmatched}.']
    if errors.size:
        lines.append(
            f'Onset error of {errors.size} matched intervals: mean '
            f'{errors.mean():+.3f} s, median of the absolute values '
            f'{np.median(np.abs(errors)):.3f} s.'
        )
    return '\n'.join(lines) + '\n'


def _percent(value: float) -> str:
    return '–' if value != value else f'{value:.1%}'
