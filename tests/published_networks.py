"""Independent definitions of networks with published weights.

Plain modules with the published names of their weights, to which converted weights and
the package's backbones are compared.
"""

import torch
import torch.nn.functional as F
from torch import nn


def randomise(model, seed=0):
    """Weights and statistics that leave no term of any layer out."""
    generator = torch.Generator().manual_seed(seed)

    def draw(like, low, high):
        u = torch.rand(like.shape, generator=generator, dtype=torch.float64)
        return low + (high - low) * u

    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.weight.data = draw(module.weight, 0.6, 1.4)
            module.bias.data = draw(module.bias, -0.3, 0.3)
            module.running_mean = draw(module.running_mean, -0.3, 0.3)
            module.running_var = draw(module.running_var, 0.5, 1.5)
        elif isinstance(module, (nn.Conv2d, nn.Conv3d, nn.Linear)):
            bound = (6 / module.weight[0].numel()) ** 0.5
            module.weight.data = draw(module.weight, -bound, bound)
            if module.bias is not None:
                module.bias.data = draw(module.bias, -0.5, 0.5)
    return model.double().eval()


class C3D(nn.Module):
    """The DFEW authors' C3D: convolutions with biases before batch normalisation."""

    widths = dict(
        zip('1 2 3a 3b 4a 4b 5a 5b'.split(), [64, 128] + [256] * 2 + [512] * 4)
    )

    def __init__(self, num_classes=7, flat=8192, norm=True):
        super().__init__()
        self.norm, channels = norm, 3
        for name, width in self.widths.items():
            setattr(self, f'conv{name}', nn.Conv3d(channels, width, 3, padding=1))
            if norm:
                setattr(self, f'bn{name}', nn.BatchNorm3d(width))
            channels = width
        self.fc6, self.fc7 = nn.Linear(flat, 4096), nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, num_classes)

    def forward(self, x):
        for name in self.widths:
            x = getattr(self, f'conv{name}')(x)
            x = F.relu(getattr(self, f'bn{name}')(x) if self.norm else x)
            if name == '1':
                x = F.max_pool3d(x, (1, 2, 2))
            elif name == '5b':
                x = F.max_pool3d(x, 2, padding=(0, 1, 1))
            elif name in ('2', '3b', '4b'):
                x = F.max_pool3d(x, 2)
        x = F.relu(self.fc7(F.relu(self.fc6(x.flatten(1)))))
        return self.fc8(x)


class P3DUnit(nn.Module):
    def __init__(self, index, first, channels, planes, flat):
        super().__init__()
        conv, norm = (
            (nn.Conv2d, nn.BatchNorm2d) if flat else (nn.Conv3d, nn.BatchNorm3d)
        )
        stride = 1 if not first or index == 0 else 2 if flat else (1, 2, 2)
        self.kind = '2D' if flat else 'ABC'[index % 3]
        self.conv1 = conv(channels, planes, 1, stride, bias=False)
        self.bn1 = norm(planes)
        if flat:
            self.conv_normal = conv(planes, planes, 3, padding=1, bias=False)
            self.bn_normal = norm(planes)
        else:
            self.conv2 = conv(planes, planes, (1, 3, 3), padding=(0, 1, 1), bias=False)
            self.bn2 = norm(planes)
            self.conv3 = conv(planes, planes, (3, 1, 1), padding=(1, 0, 0), bias=False)
            self.bn3 = norm(planes)
        self.conv4, self.bn4 = (
            conv(planes, 4 * planes, 1, bias=False),
            norm(4 * planes),
        )
        if first:
            short = conv(channels, 4 * planes, 1, stride, bias=False)
            self.downsample = nn.Sequential(short, norm(4 * planes))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        if self.kind == '2D':
            y = F.relu(self.bn_normal(self.conv_normal(y)))
        else:

            def space(z):
                return F.relu(self.bn2(self.conv2(z)))

            def time(z):
                return F.relu(self.bn3(self.conv3(z)))

            if self.kind == 'A':
                y = time(space(y))
            elif self.kind == 'B':
                y = space(y) + time(y)
            else:
                s = space(y)
                y = s + time(s)
        y = self.bn4(self.conv4(y))
        return F.relu(y + (self.downsample(x) if hasattr(self, 'downsample') else x))


class P3D(nn.Module):
    """The common PyTorch P3D, with its average pool taken over any size."""

    def __init__(self, blocks=(3, 4, 6, 3), num_classes=7):
        super().__init__()
        self.conv1_custom = nn.Conv3d(
            3, 64, (1, 7, 7), (1, 2, 2), (0, 3, 3), bias=False
        )
        self.bn1 = nn.BatchNorm3d(64)
        index, channels = 0, 64
        for stage, number in enumerate(blocks, 1):
            units = []
            for i in range(number):
                planes = 32 * 2**stage
                units.append(P3DUnit(index, i == 0, channels, planes, stage == 4))
                channels, index = 4 * planes, index + 1
            setattr(self, f'layer{stage}', nn.Sequential(*units))
        self.fc = nn.Linear(2048, num_classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1_custom(x)))
        x = F.max_pool3d(x, (2, 3, 3), 2, (0, 1, 1))
        for stage in (self.layer1, self.layer2, self.layer3):
            x = F.max_pool3d(stage(x), (2, 1, 1))
        assert x.shape[2] == 1
        return self.fc(self.layer4(x[:, :, 0]).mean(dim=(2, 3)))


def same(x, kernel, stride):
    sides = []
    for size in reversed(x.shape[2:]):
        k, s = kernel[len(kernel) - 1 - len(sides)], stride[2 - len(sides)]
        sides.append(max(k - (size % s or s), 0))
    pads = [half for side in sides for half in (side // 2, side - side // 2)]
    return F.pad(x, pads)


class Unit3D(nn.Module):
    def __init__(self, channels, width, kernel=1, stride=1, norm=True):
        super().__init__()
        self.conv3d = nn.Conv3d(channels, width, kernel, stride, bias=not norm)
        if norm:
            self.bn = nn.BatchNorm3d(width, eps=0.001)
        self.norm = norm

    def forward(self, x):
        x = self.conv3d(same(x, self.conv3d.kernel_size, self.conv3d.stride))
        return F.relu(self.bn(x)) if self.norm else x


class Mixed(nn.Module):
    def __init__(self, channels, a, b, c, d, e, f):
        super().__init__()
        self.b0 = Unit3D(channels, a)
        self.b1a, self.b1b = Unit3D(channels, b), Unit3D(b, c, 3)
        self.b2a, self.b2b = Unit3D(channels, d), Unit3D(d, e, 3)
        self.b3b = Unit3D(channels, f)

    def forward(self, x):
        pooled = F.max_pool3d(same(x, (3, 3, 3), (1, 1, 1)), 3, 1)
        rest = [self.b1b(self.b1a(x)), self.b2b(self.b2a(x)), self.b3b(pooled)]
        return torch.cat([self.b0(x), *rest], dim=1)


class InceptionI3d(nn.Module):
    """The common PyTorch I3D, averaged over all that is left."""

    def __init__(self, num_classes=7):
        super().__init__()
        self.Conv3d_1a_7x7 = Unit3D(3, 64, 7, 2)
        self.Conv3d_2b_1x1 = Unit3D(64, 64)
        self.Conv3d_2c_3x3 = Unit3D(64, 192, 3)
        self.Mixed_3b = Mixed(192, 64, 96, 128, 16, 32, 32)
        self.Mixed_3c = Mixed(256, 128, 128, 192, 32, 96, 64)
        self.Mixed_4b = Mixed(480, 192, 96, 208, 16, 48, 64)
        self.Mixed_4c = Mixed(512, 160, 112, 224, 24, 64, 64)
        self.Mixed_4d = Mixed(512, 128, 128, 256, 24, 64, 64)
        self.Mixed_4e = Mixed(512, 112, 144, 288, 32, 64, 64)
        self.Mixed_4f = Mixed(528, 256, 160, 320, 32, 128, 128)
        self.Mixed_5b = Mixed(832, 256, 160, 320, 32, 128, 128)
        self.Mixed_5c = Mixed(832, 384, 192, 384, 48, 128, 128)
        self.logits = Unit3D(1024, num_classes, norm=False)

    def forward(self, x):
        def pool(x, kernel, stride):
            return F.max_pool3d(same(x, kernel, stride), kernel, stride)

        x = pool(self.Conv3d_1a_7x7(x), (1, 3, 3), (1, 2, 2))
        x = self.Conv3d_2c_3x3(self.Conv3d_2b_1x1(x))
        x = self.Mixed_3c(self.Mixed_3b(pool(x, (1, 3, 3), (1, 2, 2))))
        x = pool(x, (3, 3, 3), (2, 2, 2))
        for letter in 'bcdef':
            x = getattr(self, f'Mixed_4{letter}')(x)
        x = self.Mixed_5c(self.Mixed_5b(pool(x, (2, 2, 2), (2, 2, 2))))
        return self.logits(x.mean(dim=(2, 3, 4), keepdim=True)).flatten(1)


class Basic(nn.Module):
    """A residual block; torchvision nests each convolution with its normalisation."""

    def __init__(self, channels, planes, stride, nested, shortcut):
        super().__init__()
        convs = [
            nn.Conv3d(channels, planes, 3, stride, 1, bias=False),
            nn.Conv3d(planes, planes, 3, 1, 1, bias=False),
        ]
        norms = [nn.BatchNorm3d(planes) for _ in convs]
        self.nested, self.planes, self.stride = nested, planes, stride
        if nested:
            self.conv1 = nn.Sequential(convs[0], norms[0], nn.ReLU())
            self.conv2 = nn.Sequential(convs[1], norms[1])
        else:
            self.conv1, self.conv2 = convs
            self.bn1, self.bn2 = norms
        self.changes = stride != 1 or channels != planes
        if self.changes and shortcut == 'B':
            short = nn.Conv3d(channels, planes, 1, stride, bias=False)
            self.downsample = nn.Sequential(short, nn.BatchNorm3d(planes))

    def short(self, x, outer):
        if not self.changes:
            return x
        if hasattr(self, 'downsample'):
            return self.downsample(x)
        x = F.avg_pool3d(x, 1, self.stride)
        zeros = x.new_zeros(len(x), outer - x.shape[1], *x.shape[2:])
        return torch.cat([x, zeros], dim=1)

    def forward(self, x):
        if self.nested:
            y = self.conv2(self.conv1(x))
        else:
            y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.short(x, self.planes))


class Bottleneck(Basic):
    def __init__(self, channels, planes, stride, nested, shortcut):
        nn.Module.__init__(self)
        self.conv1 = nn.Conv3d(channels, planes, 1, bias=False)
        self.conv2 = nn.Conv3d(planes, planes, 3, stride, 1, bias=False)
        self.conv3 = nn.Conv3d(planes, 4 * planes, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm3d(planes), nn.BatchNorm3d(planes)
        self.bn3 = nn.BatchNorm3d(4 * planes)
        self.planes, self.stride = planes, stride
        self.changes = stride != 1 or channels != 4 * planes
        if self.changes and shortcut == 'B':
            short = nn.Conv3d(channels, 4 * planes, 1, stride, bias=False)
            self.downsample = nn.Sequential(short, nn.BatchNorm3d(4 * planes))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        return F.relu(y + self.short(x, 4 * self.planes))


def _stages(net, block, blocks, nested, shortcut):
    channels, outer = 64, 4 if block is Bottleneck else 1
    for stage, number in enumerate(blocks, 1):
        units = []
        for i in range(number):
            planes, stride = 32 * 2**stage, 2 if i == 0 and stage > 1 else 1
            units.append(block(channels, planes, stride, nested, shortcut))
            channels = outer * planes
        setattr(net, f'layer{stage}', nn.Sequential(*units))
    return channels


class R3D18(nn.Module):
    """torchvision's r3d_18."""

    def __init__(self, num_classes=7):
        super().__init__()
        conv = nn.Conv3d(3, 64, (3, 7, 7), (1, 2, 2), (1, 3, 3), bias=False)
        self.stem = nn.Sequential(conv, nn.BatchNorm3d(64), nn.ReLU())
        channels = _stages(self, Basic, (2, 2, 2, 2), True, 'B')
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, x):
        x = self.layer2(self.layer1(self.stem(x)))
        return self.fc(self.layer4(self.layer3(x)).mean(dim=(2, 3, 4)))


class HaraResNet(nn.Module):
    """Hara's 3D ResNet."""

    blocks = {10: (1,) * 4, 18: (2,) * 4, 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}

    def __init__(self, depth=18, shortcut='B', num_classes=7):
        super().__init__()
        self.conv1 = nn.Conv3d(3, 64, 7, (1, 2, 2), 3, bias=False)
        self.bn1 = nn.BatchNorm3d(64)
        block = Bottleneck if depth >= 50 else Basic
        channels = _stages(self, block, self.blocks[depth], False, shortcut)
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, x):
        x = F.max_pool3d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer2(self.layer1(x))
        return self.fc(self.layer4(self.layer3(x)).mean(dim=(2, 3, 4)))


class MC3(R3D18):
    """torchvision's mc3_18: from the second stage on, no convolution over time."""

    def __init__(self, num_classes=7):
        super().__init__(num_classes)
        for stage in (self.layer2, self.layer3, self.layer4):
            for block in stage:
                for conv in (block.conv1, block.conv2):
                    conv[0] = self._of_space(conv[0], (1, 3, 3), (0, 1, 1))
                if hasattr(block, 'downsample'):
                    block.downsample[0] = self._of_space(block.downsample[0], 1, 0)

    @staticmethod
    def _of_space(conv, kernel, padding):
        stride = (1, *conv.stride[1:])
        return nn.Conv3d(
            conv.in_channels, conv.out_channels, kernel, stride, padding, bias=False
        )
