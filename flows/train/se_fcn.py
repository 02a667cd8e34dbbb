#!/usr/bin/python3
"""Trains a small fully convolutional network with squeeze-and-excitation to find cell membranes.

An encoder of three steps of pooling, a decoder of three transposed convolutions, encoder outputs added
on the way back, and a squeeze-and-excitation block (Hu et al., 2018) after each pair of convolutions,
in the manner of Chen et al. (2022). Data: the 30 labelled 512x512 slices of the ISBI 2012 challenge,
0-23 to train and 24-29 to test.

After training, weights of least magnitude are set to zero in every convolution but the first and the
last, the same share in each, and the others fine-tuned, at one rate after the other (--rates). Executed
by kernel weight, a zero costs nothing. Written are the unpruned network and one per rate.

The output is the probability of membrane (labels: 0 membrane, 255 cell interior). Figures: pixel
accuracy and Dice of the membrane class over all test pixels at a probability of 0.5, and the same for
the grey threshold that does best on the training slices.

Needs Debian's python3-torch, python3-onnx and python3-pil, and a folder with image/N.png and
label/N.png. All six networks take 60 epochs; with --bfloat16, on a processor that has such
instructions (AVX512-BF16), one epoch takes 12 s on one CPU core. Takes CUDA where there is one.
"""

import argparse
import dataclasses
import os
import pathlib
import time

import numpy
import torch
from PIL import Image
from torch import nn

import checkpoint
from exporting import export

FOLDER = pathlib.Path(__file__).resolve().parent.parent
TRAINING, TEST = range(24), range(24, 30)
SIDE = 512  # pixels of a slice


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Train and prune a squeeze-and-excitation FCN on membrane slices; export ONNX.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("MEMSPICE_DATA"),
                        help="folder with image/N.png and label/N.png, N from 0 to 29")
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER / "networks",
                        help="folder to write se_fcn_membranes.onnx and ..._pRATE.onnx to")
    parser.add_argument("--epochs", type=int, default=30, help="passes over the training slices")
    parser.add_argument("--rates", type=float, nargs="*", default=[0.25, 0.5, 0.6, 0.7, 0.8],
                        help="shares of the weights to prune, growing")
    parser.add_argument("--tune-epochs", type=int, default=6, help="passes after each pruning")
    parser.add_argument("--crop", type=int, default=256, help="side of a training patch, pixels")
    parser.add_argument("--batch", type=int, default=4, help="patches per step")
    parser.add_argument("--rate", type=float, default=1e-2, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=1e-3, help="weight decay (AdamW)")
    parser.add_argument("--clip", type=float, default=3.5,
                        help="largest weight in standard deviations of its layer; 0: no clipping")
    parser.add_argument("--bfloat16", action="store_true",
                        help="multiply in bfloat16; weights and the exported networks are float32")
    parser.add_argument("--checkpoints", type=pathlib.Path,
                        default=FOLDER.parent / "results" / "train",
                        help="folder; one for each network is written after each epoch")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints there are")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--threads", type=int, default=2, help="threads to train on")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder with image/ and label/ by --data or MEMSPICE_DATA")
    if not all(0 < a < b < 1 for a, b in zip(options.rates, options.rates[1:] + [0.999])):
        parser.error(f"--rates {options.rates}: expected growing shares between 0 and 1")
    options.data = pathlib.Path(options.data)
    return options


def load_slices(folder, indices):
    """Grey images in [0, 1] and membrane masks in {0, 1}, both count x 1 x 512 x 512."""
    def read(kind, k):
        path = folder / kind / f"{k}.png"
        try:
            return numpy.array(Image.open(path).convert("L"))
        except FileNotFoundError:
            raise SystemExit(f"{path}: no such file; get the labelled slices of the ISBI 2012 "
                             "electron-microscopy challenge and name their folder with --data")
    images = numpy.stack([read("image", k) for k in indices])
    labels = numpy.stack([read("label", k) for k in indices])
    return (torch.tensor(images, dtype=torch.float32).unsqueeze(1) / 255,
            torch.tensor(labels == 0, dtype=torch.float32).unsqueeze(1))


class Sum(nn.Module):
    """An addition with a name of its own in the ONNX file."""

    def forward(self, left, right):
        return left + right


class Product(nn.Module):
    """Likewise: one factor per channel."""

    def forward(self, x, factor):
        return x * factor


class Excitation(nn.Module):
    """z_c = mean of u_c; s = sigmoid(W2 relu(W1 z)); out = s_c u_c. W1: C/4 x C, W2: C x C/4."""

    def __init__(self, channels):
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.reduce = nn.Conv2d(channels, channels // 4, 1)
        self.relu = nn.ReLU()
        self.expand = nn.Conv2d(channels // 4, channels, 1)
        self.sigmoid = nn.Sigmoid()
        self.scale = Product()

    def forward(self, x):
        return self.scale(x, self.sigmoid(self.expand(self.relu(self.reduce(self.squeeze(x))))))


class Stage(nn.Sequential):
    """Convolutions 3x3 from each number of channels to the next, each normalized and rectified,
    then squeeze and excitation."""

    def __init__(self, *channels):
        super().__init__()
        for k, (inputs, outputs) in enumerate(zip(channels, channels[1:]), 1):
            self.add_module(f"conv{k}", nn.Conv2d(inputs, outputs, 3, padding=1, bias=False))
            self.add_module(f"norm{k}", nn.BatchNorm2d(outputs))
            self.add_module(f"relu{k}", nn.ReLU())
        self.add_module("se", Excitation(channels[-1]))


class Rise(nn.Module):
    """A transposed convolution that doubles the size, the encoder's output added, rectified."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.deconv = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.add = Sum()
        self.relu = nn.ReLU()

    def forward(self, x, skipped):
        return self.relu(self.add(self.deconv(x), skipped))


class SEFCN(nn.Module):
    """Grey images of any size that 8 divides, to the probability of membrane per pixel."""

    def __init__(self):
        super().__init__()
        self.down1, self.pool1 = Stage(1, 12, 12), nn.MaxPool2d(2)
        self.down2, self.pool2 = Stage(12, 24, 24), nn.MaxPool2d(2)
        self.down3, self.pool3 = Stage(24, 48), nn.MaxPool2d(2)
        self.bottom = Stage(48, 48)
        self.rise3, self.up3 = Rise(48, 48), Stage(48, 48)
        self.rise2, self.up2 = Rise(48, 24), Stage(24, 24)
        self.rise1, self.up1 = Rise(24, 12), Stage(12, 12)
        self.head = nn.Conv2d(12, 1, 1)
        self.sigmoid = nn.Sigmoid()

    def logits(self, image):
        x1 = self.down1(image)
        x2 = self.down2(self.pool1(x1))
        x3 = self.down3(self.pool2(x2))
        x = self.bottom(self.pool3(x3))
        x = self.up3(self.rise3(x, x3))
        x = self.up2(self.rise2(x, x2))
        return self.head(self.up1(self.rise1(x, x1)))

    def forward(self, image):
        return self.sigmoid(self.logits(image))


def weighted_layers(network):
    """(name, layer) of every convolution and transposed convolution."""
    return [(name, layer) for name, layer in network.named_modules()
            if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d))]


def computations(network):
    """Multiplications per slice, executed by kernel weight: non-zero weights times plane size.

    The plane of a convolution is its output, of a transposed convolution its input."""
    counts = {}

    def count(layer, inputs, output):
        plane = (inputs[0] if isinstance(layer, nn.ConvTranspose2d) else output).shape[2:]
        counts[layer] = layer.weight.count_nonzero().item() * plane.numel()

    hooks = [layer.register_forward_hook(count) for _, layer in weighted_layers(network)]
    device = next(network.parameters()).device
    with torch.no_grad():
        network.eval()(torch.zeros(1, 1, SIDE, SIDE, device=device))
    for hook in hooks:
        hook.remove()
    return sum(counts.values())


@torch.no_grad()
def choose_masks(network, share):
    """Ones where weights stay: all but that share of least magnitude in each layer between the
    first and the last. Zeros of an earlier pruning have the least magnitude, so they stay zeros."""
    masks = {}
    for _, layer in weighted_layers(network)[1:-1]:
        magnitude = layer.weight.abs().flatten()
        kept = magnitude.topk(len(magnitude) - round(share * len(magnitude))).indices
        mask = torch.zeros_like(magnitude).index_fill_(0, kept, 1.0)
        masks[layer] = mask.view_as(layer.weight)
    return masks


@torch.no_grad()
def constrain_weights(network, masks, multiple):
    """Applies the masks; bounds weights to +-multiple standard deviations of the non-zero ones."""
    for _, layer in weighted_layers(network):
        if layer in masks:
            layer.weight.mul_(masks[layer])
        if multiple > 0 and layer.weight.numel() > 16:
            rms = (layer.weight.square().sum() / layer.weight.count_nonzero().clamp(min=1)).sqrt()
            layer.weight.clamp_(-(multiple * rms).item(), (multiple * rms).item())


def augment(images, masks, side):
    """A random patch of each slice, one of its eight symmetric forms, and other brightness."""
    pairs = []
    for image, mask in zip(images, masks):
        pair = torch.cat((image, mask))
        row, column = torch.randint(0, SIDE - side + 1, (2,)).tolist()
        pair = pair[:, row:row + side, column:column + side]
        pair = pair.rot90(int(torch.randint(0, 4, ())), (1, 2))
        pairs.append(pair.flip(2) if torch.rand(()) < 0.5 else pair)
    pairs = torch.stack(pairs)
    contrast = 0.8 + 0.4 * torch.rand(len(pairs), 1, 1, 1)
    brightness = 0.2 * torch.rand(len(pairs), 1, 1, 1) - 0.1
    mean = pairs[:, :1].mean()
    return ((pairs[:, :1] - mean) * contrast + mean + brightness).clamp(0, 1), pairs[:, 1:]


def membrane_loss(logits, masks):
    """Cross entropy and one minus a soft Dice of the membrane class."""
    probability = logits.sigmoid()
    overlap = 2 * (probability * masks).sum() / (probability.sum() + masks.sum())
    return nn.functional.binary_cross_entropy_with_logits(logits, masks) + 0.5 * (1 - overlap)


@dataclasses.dataclass
class Phase:
    """One training: of the unpruned network, or after one pruning."""

    name: str    # of the network that comes of it
    epochs: int  # each of as many patches as cover the training slices once
    rate: float  # highest learning rate
    masks: dict  # by layer; ones where weights are free


def step(network, data, parts, options, masks):
    """One batch; returns the loss."""
    images, labels = data
    device = next(network.parameters()).device
    chosen = torch.randint(0, len(images), (options.batch,))
    inputs, expected = augment(images[chosen], labels[chosen], options.crop)
    inputs = inputs.to(device, memory_format=torch.channels_last)
    with torch.autocast(device.type, torch.bfloat16, enabled=options.bfloat16):
        logits = network.logits(inputs)
    loss = membrane_loss(logits.float(), expected.to(device))
    parts["optimizer"].zero_grad()
    loss.backward()
    parts["optimizer"].step()
    parts["schedule"].step()
    constrain_weights(network, masks, options.clip)
    return loss.item()


def train(network, data, options, phase):
    steps = -(-len(data[0]) * (SIDE // options.crop) ** 2 // options.batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=phase.rate, weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, phase.rate, epochs=phase.epochs,
                                                   steps_per_epoch=steps)
    parts = {"network": network, "optimizer": optimizer, "schedule": schedule}
    path = options.checkpoints / f"{phase.name}.pt"
    done = 0
    if options.resume and path.exists():
        done = checkpoint.load(path, parts, next(network.parameters()).device)
    network.train()
    for epoch in range(done, phase.epochs):
        start = time.monotonic()
        loss = sum(step(network, data, parts, options, phase.masks) for _ in range(steps)) / steps
        checkpoint.save(path, epoch + 1, parts)
        print(f"{phase.name}: epoch {epoch + 1:2d} of {phase.epochs}: loss {loss:.4f}, "
              f"{time.monotonic() - start:.0f} s", flush=True)


def scores(predicted, expected):
    """Pixel accuracy and Dice of the membrane class, in percent."""
    right = (predicted == expected).float().mean().item()
    dice = 2 * (predicted * expected).sum() / (predicted.sum() + expected.sum())
    return 100 * right, 100 * dice.item()


@torch.no_grad()
def evaluate(network, data):
    device = next(network.parameters()).device
    network.eval()
    predicted = torch.cat([(network(image[None].to(device)) > 0.5).float().cpu() for image in data[0]])
    return scores(predicted, data[1])


def threshold_scores(training, test):
    """Membranes are dark: the grey threshold of the best Dice on the training slices."""
    best = max(range(40, 200, 2), key=lambda grey: scores(
        (training[0] < grey / 255).float(), training[1])[1])
    return best, *scores((test[0] < best / 255).float(), test[1])


def main():
    options = parse_arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    training, test = load_slices(options.data, TRAINING), load_slices(options.data, TEST)
    grey, accuracy, dice = threshold_scores(training, test)
    print(f"grey threshold {grey}: pixel accuracy {accuracy:.2f} %, Dice {dice:.2f} %", flush=True)
    network = SEFCN().to(device, memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in network.parameters()):,} parameters")
    full = computations(network)
    for share in [0.0] + options.rates:
        phase = start_phase(network, share, options)
        train(network, training, options, phase)
        accuracy, dice = evaluate(network, test)
        save(network, options.out / f"{phase.name}.onnx", device)
        print(f"pruned {100 * share:.0f} %: computations {100 * computations(network) / full:.1f} %, "
              f"pixel accuracy {accuracy:.2f} %, Dice {dice:.2f} %; wrote {phase.name}.onnx",
              flush=True)


def start_phase(network, share, options):
    """Prunes, unless the share is 0, and says what training follows."""
    if share == 0:
        return Phase("se_fcn_membranes", options.epochs, options.rate, {})
    masks = choose_masks(network, share)
    constrain_weights(network, masks, options.clip)
    return Phase(f"se_fcn_membranes_p{round(100 * share):02d}", options.tune_epochs,
                 0.3 * options.rate, masks)


def save(network, path, device):
    export(network, (1, SIDE, SIDE), path, output_name="membrane")
    network.to(device, memory_format=torch.channels_last)


if __name__ == "__main__":
    main()
