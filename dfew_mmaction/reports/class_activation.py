"""Class activation maps of test clips, by MMAction2's Grad-CAM."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from mmaction.registry import DATASETS
from mmaction.utils import GradCAM
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope

from ..inference.model_files.model_file import read_model_file
from ..utils import atomic_write, renamed
from ..utils.config_file import load_config
from ..weights.check import load_weights

#: Approximate height of a frame in the picture; frames per row.
CELL, COLUMNS = 168, 8


def class_activation(
    config: str | Path,
    checkpoint: str | Path,
    out_dir: str | Path,
    *,
    target_layer: str,
    video_ids: Sequence[str] | None = None,
    of_label: bool = False,
    device: str = 'cpu',
) -> dict[Path, str]:
    """Draw the frames of test clips with the regions that favour the predicted class.

    MMAction2's script cannot read the test part of a config; this function passes its
    clips to MMAction2's Grad-CAM.

    Args:
        config (str | Path): Config with a test part that has ``video_id``.
        checkpoint (str | Path): Weights of its network.
        out_dir (str | Path): Folder of the pictures ``<video_id>.png``.
        target_layer (str): Layer with (n, c, t, h, w) or (n, c, h, w) activations,
            its name with ``/``, such as ``'backbone/conv5b'``.
        video_ids (Sequence[str], optional): Clips. Defaults to the first one.
        of_label (bool): Show the true class instead of the predicted one. Defaults to
            False.
        device (str): Defaults to ``'cpu'``.

    Returns:
        dict[Path, str]: The prediction by picture.

    Raises:
        ValueError: For an unknown clip or layer, or a checkpoint of another network or
            other classes.
    """
    from mmaction.apis import init_recognizer

    init_default_scope('mmaction')
    cfg = load_config(config, 'model', 'test_dataloader')
    dataset = DATASETS.build(cfg.test_dataloader.dataset)
    places = {dataset.get_data_info(i)['video_id']: i for i in range(len(dataset))}
    wanted = list(video_ids or [next(iter(places))])
    if unknown := [name for name in wanted if name not in places]:
        raise ValueError(
            f'{", ".join(unknown)}: not in the test part of fold {dataset.fold}, which '
            f'has {", ".join(list(places)[:5])}, …'
        )
    classes = dataset.metainfo['classes']
    theirs = read_model_file(checkpoint).classes
    if theirs and renamed(theirs) != renamed(classes):
        raise ValueError(
            f"the checkpoint '{checkpoint}' has the classes {', '.join(theirs)}, the "
            f'test part {", ".join(classes)}'
        )
    model = init_recognizer(cfg, None, device=device)
    load_weights(model, checkpoint)
    try:
        cam = GradCAM(model, target_layer)
    except KeyError as error:
        names = [n.replace('.', '/') for n, _ in model.backbone.named_children()]
        raise ValueError(
            f'there is no layer {target_layer!r}; the backbone has '
            + ', '.join(f'backbone/{name}' for name in names)
        ) from error
    pictures = {}
    for name in wanted:
        batch = pseudo_collate([dataset[places[name]]])
        frames, scores = cam(batch, use_labels=of_label)
        path = Path(out_dir) / f'{name}.png'
        with atomic_write(path) as temporary:
            cv2.imwrite(str(temporary), _sheet(frames[0].numpy()))
        probabilities = torch.softmax(scores[0].detach().float(), dim=-1)
        best = int(probabilities.argmax())
        truth = classes[int(batch['data_samples'][0].gt_label)]
        pictures[path] = (
            f'{classes[best]} ({float(probabilities[best]):.0%}), labelled {truth}'
        )
    return pictures


def _sheet(frames: np.ndarray) -> np.ndarray:
    """Arrange frames (t, h, w, 3), RGB in [0, 1], in rows, and enlarge them."""
    pictures = (frames[..., ::-1] * 255).round().clip(0, 255).astype(np.uint8)
    scale = max(1, round(CELL / pictures.shape[1]))
    cells = [
        cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        for picture in pictures
    ]
    cells += [np.full_like(cells[0], 255)] * (-len(cells) % COLUMNS)
    rows = [cells[i : i + COLUMNS] for i in range(0, len(cells), COLUMNS)]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows])
