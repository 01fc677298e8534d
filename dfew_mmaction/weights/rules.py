"""Names of the weights of each network in other projects and in MMAction2.

A network is recognised by one of its weights and the size of its kernel. Its rules are
tried in turn; the first whose pattern matches a complete name (without its last part,
such as ``weight``) gives the new name.
"""

import re
from typing import NamedTuple

HEAD = 'cls_head.fc_cls'


class Network(NamedTuple):
    """Names of one network in one published version.

    Attributes:
        title (str): Name for messages.
        known_by (str): A weight that identifies it; empty for any.
        kernel (tuple[int, ...]): Kernel size of that weight, which distinguishes
            networks with the same names.
        rules (list[tuple[str, str]]): Patterns and replacements.
    """

    title: str
    known_by: str
    kernel: tuple[int, ...]
    rules: list[tuple[str, str]]


_C3D = [
    ('conv([12])', r'backbone.conv\1a.conv'),
    ('conv([345][ab])', r'backbone.conv\1.conv'),
    ('bn([12])', r'backbone.conv\1a.bn'),
    ('bn([345][ab])', r'backbone.conv\1.bn'),
    ('fc([67])', r'backbone.fc\1'),
    ('fc8', HEAD),
]
_BLOCK = r'(layer\d\.\d+)'
_P3D = [
    ('conv1_custom', 'backbone.stem.conv'),
    ('bn1', 'backbone.stem.bn'),
    *(
        (rf'{_BLOCK}\.{kind}{theirs}', rf'backbone.\1.{ours}.{kind}')
        for theirs, ours in [
            ('1', 'reduce'), ('2', 'spatial'), ('3', 'temporal'), ('4', 'expand'),
            ('_normal', 'spatial'),
        ]
        for kind in ('conv', 'bn')
    ),
    (rf'{_BLOCK}\.downsample\.0', r'backbone.\1.shortcut.conv'),
    (rf'{_BLOCK}\.downsample\.1', r'backbone.\1.shortcut.bn'),
    ('fc', HEAD),
]  # fmt: skip
_I3D = [
    (r'(Conv3d_\w+)\.conv3d', r'backbone.\1.conv'),
    (r'(Conv3d_\w+)\.bn', r'backbone.\1.bn'),
    *(
        (rf'(Mixed_\w+)\.{theirs}\.{kind}(?:3d)?', rf'backbone.\1.{ours}.{kind}')
        for theirs, ours in [
            ('b0', 'point'), ('b1a', 'reduce1'), ('b1b', 'conv1'),
            ('b2a', 'reduce2'), ('b2b', 'conv2'), ('b3b', 'behind_pool'),
        ]
        for kind in ('conv', 'bn')
    ),
    (r'logits\.conv3d', HEAD),
]  # fmt: skip
_DOWNSAMPLE = [
    (rf'{_BLOCK}\.downsample\.0', r'backbone.\1.downsample.conv'),
    (rf'{_BLOCK}\.downsample\.1', r'backbone.\1.downsample.bn'),
    ('fc', HEAD),
]
_R3D18 = [
    (r'stem\.0', 'backbone.conv1.conv'),
    (r'stem\.1', 'backbone.conv1.bn'),
    (rf'{_BLOCK}\.conv(\d)\.0', r'backbone.\1.conv\2.conv'),
    (rf'{_BLOCK}\.conv(\d)\.1', r'backbone.\1.conv\2.bn'),
    *_DOWNSAMPLE,
]
_HARA = [
    ('conv1', 'backbone.conv1.conv'),
    ('bn1', 'backbone.conv1.bn'),
    (rf'{_BLOCK}\.conv(\d)', r'backbone.\1.conv\2.conv'),
    (rf'{_BLOCK}\.bn(\d)', r'backbone.\1.conv\2.bn'),
    *_DOWNSAMPLE,
]
_MMACTION = [
    (r'(?:backbone\.)?((?:conv\d\w|fc\d|layer\d|conv1)\b.*)', r'backbone.\1'),
    (r'(cls_head\..*)', r'\1'),
]

NETWORKS: dict[str, Network] = {
    'c3d': Network("C3D of DFEW's authors", 'bn5b.weight', (), _C3D),
    'p3d': Network('P3D', 'conv1_custom.weight', (1, 7, 7), _P3D),
    'i3d': Network('I3D', 'Conv3d_1a_7x7.conv3d.weight', (7, 7, 7), _I3D),
    'r3d18': Network('R3D18', 'layer2.0.conv1.0.weight', (3, 3, 3), _R3D18),
    'mc3_18': Network('MC3-18', 'layer2.0.conv1.0.weight', (1, 3, 3), _R3D18),
    'hara': Network("Hara's 3D ResNet", 'conv1.weight', (7, 7, 7), _HARA),
    'mmaction': Network('a network of MMAction2', '', (), _MMACTION),
}

#: Networks of each source.
SOURCES: dict[str, tuple[str, ...]] = {
    'dfew-official': ('c3d', 'p3d', 'i3d', 'r3d18', 'mc3_18'),
    'torchvision': ('r3d18', 'mc3_18'),
    'hara': ('hara',),
    'piergiaj-i3d': ('i3d',),
    'p3d-pytorch': ('p3d',),
    'mmaction': ('mmaction',),
}


def new_name(network: Network, name: str) -> str:
    """Translate the name of a weight; empty if no rule matches.

    Args:
        network (Network): The network.
        name (str): Published name, such as ``'bn1.running_mean'``.

    Returns:
        str: Such as ``'backbone.stem.bn.running_mean'``.
    """
    module, _, weight = name.rpartition('.')
    for pattern, replacement in network.rules:
        if match := re.fullmatch(pattern, module):
            return f'{match.expand(replacement)}.{weight}'
    return ''
