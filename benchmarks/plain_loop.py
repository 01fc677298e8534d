"""A training loop as in research repositories.

Written for the benchmark: PIL opens, converts and resizes each frame, the loader
returns floats, the loss iterates over pairs, Adam is PyTorch's default, loss and
accuracy are read at each step. The network is an argument, so that the loops are
compared.
"""

import csv
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from spans import Parts, Spans
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, Subset


class Clips(Dataset):
    """Clips of 16 frames as float tensors of shape (3, 16, size, size) in [0, 1]."""

    def __init__(self, root: str, fold: int, size: int) -> None:
        self.folder, self.size = Path(root) / 'Clip/clip_224x224_16f', size
        lists = Path(root) / 'EmoLabel_DataSplit/train(single-labeled)'
        with open(lists / f'set_{fold}.csv', encoding='utf-8-sig') as file:
            self.rows = [
                (int(row['video_name']), int(row['label']) - 1)
                for row in csv.DictReader(file)
            ]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        number, label = self.rows[index]
        paths = (self.folder / f'{number:05d}').glob('*.jpg')
        frames = [
            np.array(Image.open(p).convert('RGB').resize((self.size, self.size)))
            for p in sorted(paths, key=lambda path: int(path.stem))
        ]
        clip = torch.from_numpy(np.stack(frames)).permute(3, 0, 1, 2)
        return clip.float() / 255, label


def ec_stfl(features: Tensor, labels: Tensor) -> Tensor:
    """Equation 9, pair by pair."""
    within = between = 0
    sizes = [int((labels == label).sum()) for label in labels]
    for i in range(len(labels)):
        for j in range(len(labels)):
            if i == j:
                continue
            distance = torch.norm(features[i] - features[j])
            if labels[i] == labels[j]:
                within = within + distance / sizes[i]
            else:
                between = between + distance / sizes[j]
    return within / between if torch.is_tensor(between) else features.sum() * 0


def train_epoch(
    network: nn.Module, root: str, clips: int, batch_size: int, workers: int,
    loss_weight: float, lr: float, size: int = 112,
) -> Parts:  # fmt: skip
    """Train one epoch.

    Args:
        network (nn.Module): Has ``backbone`` and ``cls_head``, of which the plain
            layers ``dropout`` and ``fc_cls`` are used.
        root (str): A tree like DFEW's.
        clips (int): As many of fold 1's training part, the first.
        batch_size (int): Clips a mini-batch.
        workers (int): Of the data loader.
        loss_weight (float): λ.
        lr (float): Learning rate.
        size (int): Height and width of the frames. Defaults to 112.

    Returns:
        Parts: Seconds by name.
    """
    spans = Spans()
    data = Subset(Clips(root, 1, size), range(clips))
    loader = DataLoader(data, batch_size, shuffle=True, num_workers=workers)
    optimizer = torch.optim.Adam(network.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    network.train()
    total_loss = correct = 0.0
    spans.restart()
    for inputs, labels in spans.iterate(loader, 'waiting for data'):
        with spans.span('forward'):
            features = network.backbone(inputs)
            scores = network.cls_head.fc_cls(network.cls_head.dropout(features))
            loss = criterion(scores, labels) + loss_weight * ec_stfl(features, labels)
        with spans.span('optimiser'):
            optimizer.zero_grad()
        with spans.span('backward'):
            loss.backward()
        with spans.span('optimiser'):
            optimizer.step()
        total_loss += loss.item()
        correct += (scores.argmax(dim=1) == labels).sum().item()
    return spans.stop()
