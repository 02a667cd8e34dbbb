#!/usr/bin/python3
"""Trains a compact depthwise-separable network (MSCCNN), or fine-tunes a pruned one, and exports ONNX.

The network follows Wen et al. (2020): depthwise separable convolutions in place of ordinary ones, and
a global average with a 1x1 convolution in place of fully connected layers. --counterpart trains the
network that these replace: the same widths, ordinary 3x3 convolutions, all pixels into one fully
connected layer.

Four uses:
  msccnn.py --levels 0 --out full.onnx                        train from nothing, in float
  msccnn.py --counterpart --levels 0 --out plain.onnx         likewise what it is compared with
  msccnn.py --levels 0 --from small.onnx --out tuned.onnx     fine-tune what `memspice prune` left
  msccnn.py --rate 2e-3 --epochs 10 --from tuned.onnx --out levelled.onnx      on a cell's levels

Between them `memspice prune` removes whole crossbars from the ONNX file: channels of depthwise layers,
with their row pairs of the pointwise crossbars behind and column pairs of the crossbars before.

Pixels stay in [0, 1], every crossbar sees rectified inputs, and weights are clipped at a multiple of
their layer's standard deviation (--clip). The network is trained on weights as cells carry them
(--levels): rounded in the forward pass, straight through in the backward one (Jacob et al. 2018). Each
output has a scale of its own, as with mapping.weight_scale = "output"; normalization, which is folded
in later, then leaves the rounding as it is. The file holds the rounded weights.

Needs Debian's python3-torch and python3-onnx, and MNIST or Fashion-MNIST (dataset-fashion-mnist) as
four gzipped IDX files. An epoch takes 25 s on one CPU core. Takes CUDA where there is one.
"""

import argparse
import pathlib
import time

import onnx
import torch
from onnx import numpy_helper
from torch import nn

import checkpoint
from augmenting import augment
from exporting import export
from lenet5 import DATA_FOLDER, load_images

FOLDER = pathlib.Path(__file__).resolve().parent.parent
WIDTHS = (16, 32, 64, 128)  # channels behind conv1 and behind each separable convolution
STAGES = len(WIDTHS) - 1
POOLED = ("conv1", "s2")    # what a 2x2 maximum follows


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Train or fine-tune MSCCNN on MNIST or Fashion-MNIST; export it as ONNX.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(DATA_FOLDER),
                        help="folder with the four gzipped IDX files")
    parser.add_argument("--from", dest="source", type=pathlib.Path,
                        help="ONNX file to go on from instead of random weights")
    parser.add_argument("--counterpart", action="store_true",
                        help="ordinary convolutions and a fully connected layer instead")
    parser.add_argument("--out", type=pathlib.Path, help="ONNX file to write",
                        default=FOLDER / "networks" / "msccnn_fashion.onnx")
    parser.add_argument("--epochs", type=int, default=12, help="passes over the 60,000 images")
    parser.add_argument("--batch", type=int, default=128, help="images per step")
    parser.add_argument("--rate", type=float, default=6e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=5e-3, help="weight decay (AdamW)")
    parser.add_argument("--clip", type=float, default=3.0,
                        help="largest weight in standard deviations of its layer; 0: no clipping")
    parser.add_argument("--levels", type=int, default=32,
                        help="conductances of a cell, to which weights are rounded; 0: none")
    parser.add_argument("--no-mirror", action="store_true", help="for digits: never mirror images")
    parser.add_argument("--checkpoint", type=pathlib.Path,
                        help="written after each epoch (default: results/train/NAME.pt)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--threads", type=int, default=2, help="threads to train on")
    options = parser.parse_args()
    options.checkpoint = (options.checkpoint
                          or FOLDER.parent / "results" / "train" / f"{options.out.stem}.pt")
    return options


def rounded(weight, levels):
    """Weights of a layer in levels - 1 steps up to the largest of each output."""
    step = weight.abs().amax(tuple(range(1, weight.dim())), keepdim=True) / (levels - 1)
    return torch.where(step > 0, (weight / step).round() * step, weight)


class OnLevels:
    """A layer that computes with rounded weights; gradients pass the rounding."""

    levels = 0  # weights as they are

    def carried(self):
        if self.levels < 2:
            return self.weight
        return self.weight + (rounded(self.weight, self.levels) - self.weight).detach()


class Convolution(OnLevels, nn.Conv2d):
    def forward(self, x):
        return self._conv_forward(x, self.carried(), self.bias)


class FullyConnected(OnLevels, nn.Linear):
    def forward(self, x):
        return nn.functional.linear(x, self.carried(), self.bias)


class Stages(nn.Module):
    """1x28x28 images to the scores of 10 classes, layer after layer.

    Each layer's name is its name in the ONNX file.
    """

    def add_convolution(self, name, convolution, pooled=False):
        self.add_module(name, convolution)
        self.add_module(f"{name}_norm", nn.BatchNorm2d(convolution.out_channels))
        self.add_module(f"{name}_relu", nn.ReLU())
        if pooled or name in POOLED:
            self.add_module(f"{name}_pool", nn.MaxPool2d(2))

    def weighted(self):
        return [layer for layer in self.children() if isinstance(layer, OnLevels)]

    def set_levels(self, levels):
        for layer in self.weighted():
            layer.levels = levels

    @torch.no_grad()
    def fix_levels(self):
        """Rounds the weights for good: what is exported computes with them as they are."""
        for layer in self.weighted():
            if layer.levels >= 2:
                layer.weight.copy_(rounded(layer.weight, layer.levels))
            layer.levels = 0

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x


class MSCCNN(Stages):
    """widths: channels behind conv1 and behind each pointwise convolution."""

    def __init__(self, widths=WIDTHS):
        super().__init__()
        self.add_convolution("conv1", Convolution(1, widths[0], 3, padding=1, bias=False))
        for k, (inputs, outputs) in enumerate(zip(widths, widths[1:]), 1):
            depth = Convolution(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
            self.add_convolution(f"s{k}_depth", depth)
            self.add_convolution(f"s{k}_point", Convolution(inputs, outputs, 1, bias=False),
                                 pooled=f"s{k}" in POOLED)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.classes = Convolution(widths[-1], 10, 1)
        self.flatten = nn.Flatten()


class Counterpart(Stages):
    """What MSCCNN replaces: ordinary convolutions of the same widths, then all pixels at once."""

    def __init__(self):
        super().__init__()
        self.add_convolution("conv1", Convolution(1, WIDTHS[0], 3, padding=1, bias=False))
        for k, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:]), 1):
            convolution = Convolution(inputs, outputs, 3, padding=1, bias=False)
            self.add_convolution(f"s{k}", convolution)
        self.flatten = nn.Flatten()
        side = 28 // 2**len(POOLED)
        self.classes = FullyConnected(WIDTHS[-1] * side * side, 10)


def read_weights(path):
    """Weight and bias of each layer in an ONNX file, by the layer's name."""
    model = onnx.load(str(path))
    values = {tensor.name: torch.tensor(numpy_helper.to_array(tensor))
              for tensor in model.graph.initializer}
    weights = {}
    for node in model.graph.node:
        if node.op_type in ("Conv", "Gemm"):
            parameters = [values[name] for name in node.input[1:]]
            weights[node.name] = parameters + [torch.zeros(len(parameters[0]))] * (len(parameters) == 1)
    return weights


def of_widths(path, weights):
    """The network, yet to be filled, that has layers of these names."""
    for network in (MSCCNN, Counterpart):
        names = [name for name, layer in network().named_children() if isinstance(layer, OnLevels)]
        if list(weights) == names:
            break
    else:
        raise SystemExit(f"{path}: layers {', '.join(weights)}: expected those of a file that this "
                         "script wrote")
    if network is Counterpart:
        return Counterpart()
    widths = [len(weights["conv1"][0])]
    widths += [len(weights[f"s{k}_point"][0]) for k in range(1, STAGES + 1)]
    return MSCCNN(widths)


@torch.no_grad()
def from_file(path, images):
    """The network with the weights of the file; its kind and widths follow from them.

    The file has normalization folded into the weights, but training goes badly without. So each
    convolution gets one that states mean and variance on `images` and undoes itself.
    """
    weights = read_weights(path)
    network = of_widths(path, weights).eval()
    x = images
    for name, layer in network.named_children():
        if name in weights:
            layer.weight.copy_(weights[name][0])
        if name == "classes":
            layer.bias.copy_(weights[name][1])
        if isinstance(layer, nn.BatchNorm2d):
            undo_normalization(layer, x, weights[name.removesuffix("_norm")][1])
        x = layer(x)
    return network


def undo_normalization(layer, x, bias):
    """Makes a normalization of x add nothing but the bias, for now."""
    layer.running_mean.copy_(x.mean((0, 2, 3)))
    layer.running_var.copy_(x.var((0, 2, 3)))
    layer.weight.copy_((layer.running_var + layer.eps).sqrt())
    layer.bias.copy_(layer.running_mean + bias)


def memristors(network):
    """Two per weight; biases not counted: 2 k^2 C D, 2 k^2 C and 2 C D by kind of convolution."""
    return sum(2 * layer.weight.numel() for layer in network.weighted())


@torch.no_grad()
def clip_weights(network, multiple):
    """Bounds each layer's weights to +-multiple standard deviations around zero."""
    if multiple > 0:
        for layer in network.weighted():
            bound = (multiple * layer.weight.std()).item()
            layer.weight.clamp_(-bound, bound)


def train(network, images, labels, options, device):
    steps_per_epoch = -(-len(images) // options.batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate,
                                  weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.rate, epochs=options.epochs, steps_per_epoch=steps_per_epoch)
    parts = {"network": network, "optimizer": optimizer, "schedule": schedule}
    done = checkpoint.load(options.checkpoint, parts, device) if options.resume else 0
    network.train()
    for epoch in range(done, options.epochs):
        start, total_loss = time.monotonic(), 0.0
        for batch in torch.randperm(len(images)).split(options.batch):
            inputs = augment(images[batch], mirrors=not options.no_mirror, shift=2).to(device)
            inputs = inputs.to(memory_format=torch.channels_last)
            loss = nn.functional.cross_entropy(network(inputs), labels[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            clip_weights(network, options.clip)
            total_loss += loss.item() * len(batch)
        checkpoint.save(options.checkpoint, epoch + 1, parts)
        print(f"epoch {epoch + 1:2d} of {options.epochs}: loss {total_loss / len(images):.4f}, "
              f"{time.monotonic() - start:.1f} s", flush=True)


@torch.no_grad()
def accuracy(network, images, labels, device):
    """In percent."""
    network.eval()
    correct = sum((network(inputs.to(device)).argmax(1).cpu() == expected).sum().item()
                  for inputs, expected in zip(images.split(1000), labels.split(1000)))
    return 100 * correct / len(labels)


def start_network(options, images):
    if options.source is None:
        return Counterpart() if options.counterpart else MSCCNN()
    return from_file(options.source, images[:1000])


def main():
    options = parse_arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    images, labels = load_images(options.data, "train")
    test_images, test_labels = load_images(options.data, "t10k")
    network = start_network(options, images).to(device, memory_format=torch.channels_last)
    if options.source is not None:
        print(f"before fine-tuning: {accuracy(network, test_images, test_labels, device):.2f} %")
    network.set_levels(options.levels)
    train(network, images, labels, options, device)
    network.fix_levels()
    score = accuracy(network, test_images, test_labels, device)
    export(network, (1, 28, 28), options.out)
    print(f"{memristors(network):,} memristors, "
          f"accuracy on {len(test_labels)} test images: {score:.2f} %")
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
