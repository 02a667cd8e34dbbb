#!/usr/bin/python3
"""Makes the small networks beside this script, each with an input and PyTorch's output for it.

Run with PyTorch 1.13 (Debian: python3-torch, python3-onnx):  /usr/bin/python3 make_networks.py
The weights are random from seed 1; <name>.onnx is the network, <name>_input.pb and <name>_output.pb
are ONNX tensors.
"""

import pathlib

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional

FOLDER = pathlib.Path(__file__).parent


class LeNet5(nn.Module):
    """LeNet-5 with narrow fully connected layers; the reshape asks for the batch at run time."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 20)
        self.fc2 = nn.Linear(20, 12)
        self.fc3 = nn.Linear(12, 10)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.avg_pool2d(torch.tanh(self.conv2(x)), 2)  # exported with a Pad of zero width
        x = x.view(x.size(0), -1)
        x = functional.relu(self.fc1(x))
        x = torch.sigmoid(self.fc2(x))
        return functional.softmax(self.fc3(x), dim=1)


class SqueezeExcite(nn.Module):
    """x times hard-sigmoid of its channel means; `spelled` writes the hard-sigmoid out."""

    def __init__(self, channels, spelled):
        super().__init__()
        self.reduce = nn.Conv2d(channels, channels // 4, 1)
        self.expand = nn.Conv2d(channels // 4, channels, 1)
        self.spelled = spelled

    def forward(self, x):
        z = functional.adaptive_avg_pool2d(x, 1)
        z = self.expand(functional.relu(self.reduce(z)))
        if self.spelled:
            return x * (torch.clamp(z + 3.0, 0.0, 6.0) / 6.0)
        return x * functional.hardsigmoid(z)


class Compact(nn.Module):
    """Depthwise separable blocks with batch normalisation, hard-swish and squeeze-and-excitation."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.stem_bn = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 5, stride=2, padding=2, groups=8, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(8)
        self.se = SqueezeExcite(8, True)
        self.pointwise = nn.Conv2d(8, 16, 1, bias=False)
        self.pointwise_bn = nn.BatchNorm2d(16)
        self.grouped = nn.Conv2d(16, 16, 3, padding=2, dilation=2, groups=4)
        self.grouped_bn = nn.BatchNorm2d(16)
        self.se2 = SqueezeExcite(16, False)
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.stem_bn(self.stem(x))
        x = x * torch.clamp(x + 3.0, 0.0, 6.0) / 6.0
        x = functional.relu6(self.depthwise_bn(self.depthwise(x)))
        x = self.se(x)
        x = functional.hardswish(self.pointwise_bn(self.pointwise(x)))
        x = self.se2(self.grouped_bn(functional.leaky_relu(self.grouped(x), 0.1)) + x)
        return self.head(x.mean(dim=(2, 3)))


class Segmenter(nn.Module):
    """Encoder and decoder with transposed convolutions, resize and a skip connection."""

    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 6, 3, padding=1)
        self.down2 = nn.Conv2d(6, 8, 3, padding=1)
        self.up1 = nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1, bias=False)
        self.up1_bn = nn.BatchNorm2d(6)
        self.up2 = nn.ConvTranspose2d(12, 4, 2, stride=2, groups=2)
        self.up2_bn = nn.BatchNorm2d(4)
        self.last = nn.Conv2d(4, 1, 1)

    def forward(self, x):
        a = functional.relu(self.down1(functional.max_pool2d(x, 2, ceil_mode=True)))
        b = functional.max_pool2d(a, 3, stride=2, padding=1)
        b = b + functional.avg_pool2d(a, 3, stride=2, padding=1)  # exported as Pad, AveragePool
        b = functional.relu(self.down2(b))
        b = functional.relu(self.up1_bn(self.up1(b)))
        c = functional.relu(self.up2_bn(self.up2(torch.cat((a, b), dim=1))))
        d = functional.interpolate(c, scale_factor=2.0, mode="nearest")
        return torch.sigmoid(self.last(d))


class Tokens(nn.Module):
    """Fully connected layers on three axes: MatMul, then Add with the bias, the bias on the left."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 8)
        self.second = nn.Linear(8, 4, bias=False)

    def forward(self, x):
        return 1.0 - self.second(functional.relu(self.first(x))) / 2.0


class Normalised(nn.Module):
    """Normalisations by groups, instances and layers, smooth activations, log-probabilities."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.group = nn.GroupNorm(2, 8)
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.layer = nn.LayerNorm(8)
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = self.instance(functional.gelu(self.group(self.conv(x))))
        x = self.layer(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return functional.log_softmax(self.head(functional.silu(x).amax((2, 3))), -1)


class Parts(nn.Module):
    """Parts of tensors, arithmetic on two of them, pixels from channels, interpolation, reflection."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.slopes = nn.PReLU(4)
        self.pixels = nn.PixelShuffle(2)

    def forward(self, x):
        a, b = self.conv(x).chunk(2, 1)
        a = self.slopes(a)
        b = functional.elu(b) + functional.softplus(a)
        y = self.pixels(torch.cat([a * b, torch.max(a, b)], 1))
        y = functional.interpolate(y, scale_factor=0.5, mode="bilinear", align_corners=False)
        y = functional.adaptive_avg_pool2d(functional.pad(y, (1, 1, 1, 1), mode="reflect"), 1)
        z = x[:, :, ::2, 1:][:, 1:3].mean(3)
        return torch.cat([y.flatten(1), z.flatten(1)], 1)


class Sequence(nn.Module):
    """Layers along N x C x L."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 8, 5, stride=2, padding=2)
        self.conv_bn = nn.BatchNorm1d(8)
        self.depthwise = nn.Conv1d(8, 8, 3, groups=8, dilation=2)
        self.up = nn.ConvTranspose1d(8, 4, 4, stride=2, padding=1)
        self.head = nn.Linear(4, 5)

    def forward(self, x):
        x = self.up(self.depthwise(torch.tanh(self.conv_bn(self.conv(x)))))
        x = functional.avg_pool1d(functional.max_pool1d(x, 3, 2, 1), 2)
        return self.head(x.mean(-1))


class ChannelsLast(nn.Module):
    """As Keras exports: all but convolutions and pooling on N x H x W x C."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, padding=1)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1)
        self.shift = nn.Parameter(torch.zeros(6))
        self.head = nn.Linear(6 * 6 * 5, 4)

    def forward(self, x):
        y = functional.relu(self.conv1(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1) + self.shift)
        z = self.conv2(y.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        y = functional.max_pool2d(functional.hardswish(y + z).permute(0, 3, 1, 2), 2)
        return self.head(y.permute(0, 2, 3, 1).flatten(1))


def randomise_statistics(network):
    """Batch normalisation with means, variances and scales that are not the identity."""
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, -1.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)


def save_tensor(path, tensor):
    path.write_bytes(numpy_helper.from_array(tensor.detach().numpy()).SerializeToString())


def make(name, network, shape, opset, free_batch):
    torch.manual_seed(1)
    for parameter in network.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_uniform_(parameter, a=1.0)
        else:
            nn.init.uniform_(parameter, -0.3, 0.3)
    randomise_statistics(network)
    network.eval()
    x = torch.randn(shape)
    path = FOLDER / f"{name}.onnx"
    torch.onnx.export(
        network, x, str(path), opset_version=opset, input_names=["image"], output_names=["result"],
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=free_batch,
        dynamic_axes={"image": {0: "batch"}, "result": {0: "batch"}} if free_batch else None)
    save_tensor(FOLDER / f"{name}_input.pb", x)
    save_tensor(FOLDER / f"{name}_output.pb", network(x))
    operators = sorted({node.op_type for node in onnx.load(str(path)).graph.node})
    print(name, path.stat().st_size, "bytes:", ", ".join(operators))


if __name__ == "__main__":
    make("lenet5", LeNet5(), (3, 1, 28, 28), 13, True)
    make("lenet5_fixed_batch", LeNet5(), (3, 1, 28, 28), 11, False)
    make("compact", Compact(), (2, 3, 32, 32), 13, True)
    make("compact_14", Compact(), (2, 3, 33, 31), 14, False)
    make("segmenter", Segmenter(), (2, 1, 23, 23), 13, True)
    make("segmenter_11", Segmenter(), (2, 1, 16, 20), 11, False)
    make("tokens", Tokens(), (2, 5, 6), 13, True)
    make("normalised", Normalised(), (2, 3, 12, 10), 13, True)
    make("parts", Parts(), (2, 3, 12, 10), 13, True)
    make("parts_11", Parts(), (2, 3, 12, 10), 11, False)
    make("sequence", Sequence(), (3, 3, 40), 13, True)
    make("channels_last", ChannelsLast(), (2, 12, 10, 3), 13, True)
