#!/usr/bin/python3
"""Trains ResNet-20 on CIFAR-10 with a chosen share of 2D+1D convolutions and exports it as ONNX.

ResNet-20 (He et al., 2016) has a 3x3 convolution and nine blocks of two more, at 16, 32 and 64
channels; shortcuts that change the shape are 1x1 convolutions. A ratio r replaces that share of the
18 convolutions in blocks by a depthwise 3x3 (2D) and a pointwise 1x1 convolution (1D), spread evenly:
at 0.5 the second of each block. The first convolution, which sees three channels, stays 3D.

What serves the mapping to conductances: pixels stay in [0, 1], every crossbar sees rectified inputs
and no word line a negative voltage, and weights are clipped at a multiple of their layer's standard
deviation (--clip), because the largest weight sets a layer's scale in conductance.

Needs Debian's python3-torch and python3-onnx, and CIFAR-10 in its binary version
(https://www.cs.toronto.edu/~kriz/cifar.html), unpacked. On two CPU cores an epoch takes 95 s at
ratio 0 and 65 s at ratio 1; with --bfloat16, on a processor that has such instructions
(AVX512-BF16), 55 and 42 s. Takes CUDA where there is one. --resume goes on after a cut-off.
--shape-only writes the untrained network without its weights, for `memspice map`.
"""

import argparse
import os
import pathlib
import time

import numpy
import torch
from torch import nn

import checkpoint
from exporting import drop_weights, export

FOLDER = pathlib.Path(__file__).resolve().parent.parent
PADDING = 4  # pixels a training image is shifted by at most


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Train ResNet-20 with 3D or 2D+1D convolutions on CIFAR-10; export it as ONNX.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("MEMSPICE_DATA"),
                        help="folder that holds cifar-10-batches-bin, or that folder")
    parser.add_argument("--ratio", type=float, default=0.0,
                        help="share of the convolutions in blocks that are 2D+1D, 0 to 1")
    parser.add_argument("--out", type=pathlib.Path,
                        help="ONNX file to write (default: flows/networks/resnet20_rRATIO.onnx)")
    parser.add_argument("--shape-only", action="store_true",
                        help="train nothing: constants in place of weights, to count crossbars")
    parser.add_argument("--epochs", type=int, default=8, help="passes over the 50,000 images")
    parser.add_argument("--batch", type=int, default=128, help="images per step")
    parser.add_argument("--rate", type=float, default=0.2, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=5e-4, help="weight decay")
    parser.add_argument("--smoothing", type=float, default=0.1, help="label smoothing")
    parser.add_argument("--clip", type=float, default=3.0,
                        help="largest weight in standard deviations of its layer; 0: no clipping")
    parser.add_argument("--bfloat16", action="store_true",
                        help="multiply in bfloat16; weights and the exported network are float32")
    parser.add_argument("--checkpoint", type=pathlib.Path,
                        help="written after each epoch (default: results/train/NAME.pt)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--threads", type=int, default=2, help="threads to train on")
    return with_paths(parser, parser.parse_args())


def with_paths(parser, options):
    """Options whose defaults follow from others, and checks."""
    if not 0 <= options.ratio <= 1:
        parser.error(f"--ratio {options.ratio}: expected a share from 0 to 1")
    if options.data is None and not options.shape_only:
        parser.error("name the folder with CIFAR-10 by --data or MEMSPICE_DATA")
    options.data = options.data and pathlib.Path(options.data)
    name = f"resnet20_r{round(100 * options.ratio):03d}" + "_shape" * options.shape_only
    options.out = options.out or FOLDER / "networks" / f"{name}.onnx"
    options.checkpoint = options.checkpoint or FOLDER.parent / "results" / "train" / f"{name}.pt"
    return options


def load_batch(folder, name):
    """Images (count x 32 x 32 x 3, bytes) and labels of one file of the binary version."""
    inside = folder / "cifar-10-batches-bin"
    path = (inside if inside.is_dir() else folder) / name
    try:
        records = numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, 1 + 3 * 32 * 32)
    except FileNotFoundError:
        raise SystemExit(f"{path}: no such file; unpack CIFAR-10's binary version "
                         "(https://www.cs.toronto.edu/~kriz/cifar.html) and name its folder with --data")
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return torch.tensor(images), torch.tensor(records[:, 0], dtype=torch.long)


def load_training(folder):
    parts = [load_batch(folder, f"data_batch_{k}.bin") for k in range(1, 6)]
    return torch.cat([images for images, _ in parts]), torch.cat([labels for _, labels in parts])


class Sum(nn.Module):
    """An addition with a name of its own in the ONNX file."""

    def forward(self, left, right):
        return left + right


class Separable(nn.Sequential):
    """2D then 1D: z[c] = relu(K2[c] * x[c]), y[o] = sum_c K1[o,c] z[c], both normalized."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.add_module("depth", nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False))
        self.add_module("norm", nn.BatchNorm2d(inputs))
        self.add_module("relu", nn.ReLU())
        self.add_module("point", nn.Conv2d(inputs, outputs, 1, bias=False))


def convolution(inputs, outputs, stride, is_separable):
    if is_separable:
        return Separable(inputs, outputs, stride)
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)


class Block(nn.Module):
    """Two convolutions and a shortcut; `separable` says which of the two are 2D+1D."""

    def __init__(self, inputs, outputs, stride, separable):
        super().__init__()
        self.conv1 = convolution(inputs, outputs, stride, separable[0])
        self.norm1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = convolution(outputs, outputs, 1, separable[1])
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = None
        if inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.norm3 = nn.BatchNorm2d(outputs)
        self.add = Sum()
        self.relu2 = nn.ReLU()

    def forward(self, x):
        y = self.norm2(self.conv2(self.relu1(self.norm1(self.conv1(x)))))
        return self.relu2(self.add(y, self.norm3(self.shortcut(x)) if self.shortcut else x))


class ResNet20(nn.Module):
    """3x32x32 images to the scores of 10 classes."""

    def __init__(self, ratio):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(16)
        self.relu1 = nn.ReLU()
        separable = [int((k + 1) * ratio + 1e-9) > int(k * ratio + 1e-9) for k in range(18)]
        self.blocks = []
        widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
        for k, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            block = Block(inputs, outputs, outputs // inputs, separable[2 * k:2 * k + 2])
            self.add_module(f"s{k // 3 + 1}b{k % 3 + 1}", block)
            self.blocks.append(block)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(64, 10)

    def forward(self, image):
        x = self.relu1(self.norm1(self.conv1(image)))
        for block in self.blocks:
            x = block(x)
        return self.fc(self.flatten(self.pool(x)))


def to_input(images, device):
    """Bytes (count x height x width x channels) as floats in [0, 1], channels first."""
    return images.to(device).float().div_(255).permute(0, 3, 1, 2)


def augment(padded, chosen):
    """Images cut at random out of their padded form, half of them mirrored."""
    count, side = len(chosen), padded.shape[1] - 2 * PADDING
    first = torch.randint(0, 2 * PADDING + 1, (2, count, 1))
    across = torch.arange(side).expand(count, side)
    mirrored = torch.rand(count, 1) < 0.5
    rows = first[0] + torch.arange(side)
    columns = first[1] + torch.where(mirrored, side - 1 - across, across)
    return padded[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]


@torch.no_grad()
def clip_weights(network, multiple):
    """Bounds each layer's weights to +-multiple standard deviations around zero."""
    for layer in network.modules():
        if multiple > 0 and isinstance(layer, (nn.Conv2d, nn.Linear)):
            bound = (multiple * layer.weight.std()).item()
            layer.weight.clamp_(-bound, bound)


class Training:
    """A network with all that one more epoch needs; its checkpoint holds the same."""

    def __init__(self, options, image_count, device):
        self.options, self.device, self.epoch = options, device, 0
        self.network = ResNet20(options.ratio).to(device, memory_format=torch.channels_last)
        decayed = [p for p in self.network.parameters() if p.dim() > 1]
        others = [p for p in self.network.parameters() if p.dim() == 1]
        self.optimizer = torch.optim.SGD(
            [{"params": decayed, "weight_decay": options.decay}, {"params": others}],
            lr=options.rate, momentum=0.9, nesterov=True)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, options.rate, epochs=options.epochs, pct_start=0.25,
            steps_per_epoch=-(-image_count // options.batch), cycle_momentum=False)
        self.parts = {"network": self.network, "optimizer": self.optimizer,
                      "schedule": self.schedule}

    def save(self):
        checkpoint.save(self.options.checkpoint, self.epoch, self.parts)

    def resume(self):
        self.epoch = checkpoint.load(self.options.checkpoint, self.parts, self.device)

    def step(self, inputs, labels):
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.bfloat16):
            scores = self.network(inputs)
        loss = nn.functional.cross_entropy(scores.float(), labels,
                                           label_smoothing=self.options.smoothing)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        clip_weights(self.network, self.options.clip)
        return loss.item()

    def run_epoch(self, padded, labels):
        self.network.train()
        start, total = time.monotonic(), 0.0
        for chosen in torch.randperm(len(labels)).split(self.options.batch):
            inputs = to_input(augment(padded, chosen), self.device)
            total += self.step(inputs, labels[chosen].to(self.device)) * len(chosen)
        self.epoch += 1
        return total / len(labels), time.monotonic() - start


@torch.no_grad()
def accuracy(network, images, labels, device):
    """In percent."""
    network.eval()
    correct = sum((network(to_input(part, device)).argmax(1).cpu() == expected).sum().item()
                  for part, expected in zip(images.split(500), labels.split(500)))
    return 100 * correct / len(labels)


def write_shape(options):
    export(ResNet20(options.ratio), (3, 32, 32), options.out)
    drop_weights(options.out)
    print(f"wrote {options.out}")


def main():
    options = parse_arguments()
    if options.shape_only:
        return write_shape(options)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    images, labels = load_training(options.data)
    test_images, test_labels = load_batch(options.data, "test_batch.bin")
    padded = nn.functional.pad(images, (0, 0, PADDING, PADDING, PADDING, PADDING))
    training = Training(options, len(labels), device)
    if options.resume:
        training.resume()
    while training.epoch < options.epochs:
        loss, seconds = training.run_epoch(padded, labels)
        training.save()
        score = accuracy(training.network, test_images, test_labels, device)
        print(f"epoch {training.epoch:2d} of {options.epochs}: loss {loss:.4f}, "
              f"test {score:.2f} %, {seconds:.0f} s", flush=True)
    parameters = sum(p.numel() for p in training.network.parameters())
    score = accuracy(training.network, test_images, test_labels, device)
    export(training.network, (3, 32, 32), options.out)
    print(f"ratio {options.ratio}: {parameters:,} parameters, "
          f"accuracy on {len(test_labels)} test images: {score:.2f} %")
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
