"""The three networks of MTCNN and their weights. Needs torch.

Source: Zhang et al., "Joint face detection and alignment using multitask cascaded
convolutional networks" (IEEE Signal Processing Letters, 2016), figure 2. The names of
the layers are those of the published weights.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

INSTALL = (
    'MTCNN reads its weights from the package facenet-pytorch, which is not installed: '
    '`pip install --no-deps facenet-pytorch==2.6.0` (without --no-deps it replaces '
    'torch). The other detectors are yunet and mmdet; landmarks_file takes points that '
    'you have, none takes videos cut to the face.'
)


class CascadeNetwork(nn.Module):
    """Convolutions with PReLU and pooling, then one output for each task.

    Args:
        convolutions (Sequence[tuple[int, int, int]]): Width, kernel and the kernel of
            the pooling of stride 2 that follows (0 for none).
        outputs (Sequence[int]): Width of each output: face or not, box, landmarks.
        dense (tuple[int, int], optional): Inputs and width of a dense layer before the
            outputs. Without it the outputs are convolutions of kernel 1, and the
            network takes images of any size.
    """

    def __init__(
        self,
        convolutions: Sequence[tuple[int, int, int]],
        outputs: Sequence[int],
        dense: tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        self.pools = [pool for _, _, pool in convolutions]
        width, step = 3, 1
        for out, kernel, _ in convolutions:
            setattr(self, f'conv{step}', nn.Conv2d(width, out, kernel))
            setattr(self, f'prelu{step}', nn.PReLU(out))
            width, step = out, step + 1
        self.dense = None
        if dense is not None:
            self.dense = f'dense{step}'
            setattr(self, self.dense, nn.Linear(*dense))
            setattr(self, f'prelu{step}', nn.PReLU(dense[1]))
            step += 1
        self.last_prelu = f'prelu{step - 1}'
        self.heads = []
        for task, out in enumerate(outputs, 1):
            if dense is None:
                name, head = f'conv{step}_{task}', nn.Conv2d(width, out, 1)
            else:
                name, head = f'dense{step}_{task}', nn.Linear(dense[1], out)
            setattr(self, name, head)
            self.heads.append(name)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Compute all outputs.

        Args:
            x (Tensor): RGB images of shape (N, 3, H, W), about -1 to 1.

        Returns:
            tuple[Tensor]: The probability of a face, of shape (N, ...), then the other
            outputs, of shape (N, width, ...); without a dense layer ``...`` are the
            rows and columns of the map.
        """
        for step, pool in enumerate(self.pools, 1):
            x = self.get_submodule(f'conv{step}')(x)
            x = self.get_submodule(f'prelu{step}')(x)
            if pool:
                x = functional.max_pool2d(x, pool, stride=2, ceil_mode=True)
        if self.dense is not None:
            # The weights were trained on transposed images with the channels last.
            x = x.permute(0, 3, 2, 1).flatten(1)
            x = self.get_submodule(self.last_prelu)(self.get_submodule(self.dense)(x))
        face, *others = (self.get_submodule(name)(x) for name in self.heads)
        return (face.softmax(dim=1)[:, 1], *others)


def make_networks() -> dict[str, CascadeNetwork]:
    """Build P-Net, R-Net and O-Net with random weights, by the names of their files."""
    return {
        'pnet': CascadeNetwork([(10, 3, 2), (16, 3, 0), (32, 3, 0)], (2, 4)),
        'rnet': CascadeNetwork(
            [(28, 3, 3), (48, 3, 3), (64, 2, 0)], (2, 4), dense=(576, 128)
        ),
        'onet': CascadeNetwork(
            [(32, 3, 3), (64, 3, 3), (64, 3, 2), (128, 2, 0)],
            (2, 4, 10),
            dense=(1152, 256),
        ),
    }


def find_weights() -> Path:
    """Find the folder of the weights in facenet-pytorch without importing it.

    Its import needs torchvision; the weights need nothing.

    Returns:
        Path: The folder with ``pnet.pt``, ``rnet.pt`` and ``onet.pt``.

    Raises:
        ImportError: If the package is not installed.
    """
    spec = importlib.util.find_spec('facenet_pytorch')
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(INSTALL)
    return Path(spec.submodule_search_locations[0], 'data')


def load_networks(
    folder: str | Path, device: str | torch.device = 'cpu'
) -> dict[str, CascadeNetwork]:
    """Build the networks and load their trained weights.

    Args:
        folder (str | Path): Folder with ``pnet.pt``, ``rnet.pt`` and ``onet.pt``.
        device (str | torch.device): Where they run.

    Returns:
        dict[str, CascadeNetwork]: The networks by the names of their files.

    Raises:
        FileNotFoundError: If a file is missing.
        RuntimeError: If a file holds other weights.
    """
    networks = make_networks()
    for name, network in networks.items():
        path = Path(folder, f'{name}.pt')
        if not path.is_file():
            raise FileNotFoundError(f'{path} is missing; {INSTALL}')
        state = torch.load(path, map_location='cpu', weights_only=True)
        network.load_state_dict(state)
        network.to(device).eval()
    return networks


@torch.inference_mode()
def run(network: CascadeNetwork, images: np.ndarray) -> tuple[np.ndarray, ...]:
    """Run a network on images of one size.

    Args:
        network (CascadeNetwork): The network.
        images (np.ndarray): Images of shape (N, H, W, 3), uint8 in BGR.

    Returns:
        tuple[np.ndarray]: Its outputs, float32, see :meth:`CascadeNetwork.forward`.
    """
    device = next(network.parameters()).device
    x = torch.from_numpy(images).to(device).permute(0, 3, 1, 2).flip(1)
    outputs = network((x.float() - 127.5) / 128)
    return tuple(output.cpu().numpy() for output in outputs)
