"""Model cards."""

import hashlib
from pathlib import Path

from tabulate import tabulate

from .facts import ModelFacts

DRAWN = 'synthetic faces of the demo set: scores say nothing about real faces'
RENDERED = 'rendered faces of `tools/data/make_synthetic.py`; no real face'
SAMPLING = {
    'interpolate': 'temporal interpolation of all frames',
    'segments': 'the middle frame of equal segments',
    'even': 'evenly spaced frames',
    'random': 'evenly spaced frames',
}


def model_card(path: Path, facts: ModelFacts, note: str = '') -> str:
    """Describe a model file in Markdown.

    Args:
        path (Path): The file; its hash is in the card.
        facts (ModelFacts): Its description.
        note (str): A paragraph by the publisher.

    Returns:
        str: The text, made from the content of the file.
    """
    head = facts.network.get('cls_head') or {}
    losses = [loss.get('type') for loss in head.get('feature_losses') or []]
    height, width = facts.input_size
    about = facts.dataset
    rows = [
        ('network', (facts.network.get('backbone') or {}).get('type', 'unknown')),
        ('head, losses', ', '.join([head.get('type', 'unknown'), *losses])),
        ('classes', ', '.join(facts.classes)),
        ('input', f'{facts.num_frames} frames of {height} × {width}, RGB, faces '
                  'aligned at 224 × 224 as by `align_face`'),
        ('eyes, nose, mouth at', _points(facts.template)),
        ('frames', SAMPLING.get(facts.sampling, facts.sampling)),
        ('pixels', f'(x − {_list(facts.mean)}) / {_list(facts.std)}'),
        ('trained on', ', '.join(
            [_trained_on(about)]
            + [f'{key} {about[key]}' for key in ('fold', 'source') if key in about])),
        ('SHA-256', f'`{hashlib.sha256(path.read_bytes()).hexdigest()}`'),
    ]  # fmt: skip
    parts = [f'# {path.stem}', note] if note else [f'# {path.stem}']
    parts.append(tabulate(rows, headers=('', ''), tablefmt='github'))
    parts.append('## Scores')
    if facts.scores:
        scores = [
            (name.removeprefix('recall_'), f'{100 * value:.2f}')
            for name, value in facts.scores.items()
            if name != 'clips'
        ]
        parts.append(f'On {facts.scores["clips"]} clips, in percent; below UAR and WAR '
                     'the recall of each class.')  # fmt: skip
        table = tabulate(scores, headers=('', '%'), tablefmt='github',
                         disable_numparse=True)  # fmt: skip
        parts.append(table)
    else:
        parts.append('None were given.')
    parts += [
        '## Use',
        f'```shell\npython tools/predict.py video.mp4 --checkpoint {path.name}\n```',
        'It predicts which of the words above an annotator would likely choose for a '
        'face in a video. This does not measure what a person feels, and must not be '
        'used for decisions about people.',
    ]
    return '\n\n'.join(parts) + '\n'


def _trained_on(about: dict) -> str:
    if about.get('rendered'):
        return RENDERED
    return DRAWN if about.get('drawn') else str(about.get('dataset', 'unknown'))


def _points(template: list) -> str:
    if not template:
        return 'those of the release'
    return ', '.join(f'({x:.2f}, {y:.2f})' for x, y in template) + ' of the side'


def _list(values: tuple) -> str:
    same = {f'{value:g}' for value in values}
    return same.pop() if len(same) == 1 else f'({", ".join(f"{v:g}" for v in values)})'
