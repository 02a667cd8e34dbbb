#!/usr/bin/python3
"""Trains a network that computes in the spectrum and exports it for memspice.

The image is transformed once; layers multiply their maps bin by bin with complex kernels, pooling
keeps the central bins, and a real classifier reads what is left (src/spectral/network.hpp has the
equations). The file is read by spectral::load_spectral.

    flows/train/spectral.py --network lenet5 --out lenet5.onnx
    flows/train/spectral.py --network alexnet28 --epochs 10 --out alexnet28.onnx
    flows/train/spectral.py --from lenet5.onnx --sizes 5,5 --depths 6,12 --classifier 84,40,10 \\
        --epochs 5 --rate 1e-3 --out small.onnx

The last one starts from the trained larger network: of its kernels the kept bins, of its maps and
hidden units those of largest norm. `memspice spectral optimize` prints such commands.

alexnet28 is AlexNet's five convolutions for images of 28 x 28. Its third pooling is left out: it
would keep 3 x 3 bins, nine real numbers of an image, since no layer mixes bins.

Only the bins that pooling keeps are trained and stored: the others reach no output. Each bin of the
image is divided by its deviation over the training images, and the factor is folded into the first
kernels at the end; a bin's own scale would otherwise decide how fast it learns.

On one core of 2.6 GHz an epoch of lenet5 takes about 20 s; CUDA is used where there is one.
Needs Debian's python3-torch and python3-onnx.
"""

import argparse
import gzip
import pathlib
import struct
import time

import numpy
import torch
from torch import nn

import spectral_file

DATA_FOLDER = "/usr/share/datasets/fashion-mnist"
IMAGE = 28
# Sizes are what each layer's pooling keeps of the bins before it.
NETWORKS = {"lenet5": ([14, 7], [6, 16], [120, 84, 10]),
            "alexnet28": ([14, 7, 7, 7, 7], [12, 24, 32, 24, 16], [128, 64, 10])}


def numbers(text):
    return [int(part) for part in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Train a spectral network and export it for memspice.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(DATA_FOLDER),
                        help="folder with the four gzipped IDX files (Fashion-MNIST or MNIST)")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="ONNX file to write")
    parser.add_argument("--network", choices=sorted(NETWORKS), default="lenet5",
                        help="what --sizes, --depths and --classifier are unless given")
    parser.add_argument("--sizes", type=numbers, help="bins a side that each layer keeps")
    parser.add_argument("--depths", type=numbers, help="maps of each layer")
    parser.add_argument("--classifier", type=numbers,
                        help="outputs of each fully connected layer")
    parser.add_argument("--from", type=pathlib.Path, dest="source", metavar="FILE",
                        help="start from this trained spectral network, cut to the given shape")
    parser.add_argument("--activation", choices=("none", "crelu", "zrelu", "modrelu", "clrelu"),
                        default="clrelu", help="of the spectral layers")
    parser.add_argument("--alpha", type=float, default=0.1, help="CLReLU's slope; modReLU's offset")
    parser.add_argument("--epochs", type=int, default=15, help="passes over the training images")
    parser.add_argument("--images", type=int, default=0,
                        help="train on the first images only; 0: all")
    parser.add_argument("--batch", type=int, default=256, help="images per step")
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=3e-2, help="weight decay (AdamW)")
    parser.add_argument("--dropout", type=float, default=0.2, help="share of features left out")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--threads", type=int, default=2, help="threads to train on")
    return complete(parser.parse_args())


def complete(arguments):
    """The shape from the network's name, the activation from the file that is started from."""
    sizes, depths, classifier = NETWORKS[arguments.network]
    arguments.sizes = arguments.sizes or sizes
    arguments.depths = arguments.depths or depths
    arguments.classifier = arguments.classifier or classifier
    if len(arguments.sizes) != len(arguments.depths):
        raise SystemExit("--sizes and --depths need one number for each layer")
    sides = [IMAGE] + arguments.sizes
    if any(after > before or after < 1 for before, after in zip(sides, sides[1:])):
        raise SystemExit(f"--sizes: from {IMAGE} on they only fall, to 1 at least")
    if arguments.source:
        source = spectral_file.read(arguments.source)
        arguments.activation, arguments.alpha = source.activation, source.alpha
        arguments.source = spectral_file.crop(source, arguments.sizes, arguments.depths,
                                              arguments.classifier)
    return arguments


def read_idx(path, dimensions):
    """The array in a gzipped IDX file of unsigned bytes with that many dimensions."""
    with gzip.open(path, "rb") as file:
        magic, = struct.unpack(">I", file.read(4))
        assert magic == 0x0800 + dimensions, f"{path}: no IDX file of {dimensions} dimensions"
        shape = struct.unpack(">" + "I" * dimensions, file.read(4 * dimensions))
        return numpy.frombuffer(file.read(), dtype=numpy.uint8).reshape(shape)


def load(folder, part, device):
    images = torch.from_numpy(read_idx(folder / f"{part}-images-idx3-ubyte.gz", 3).copy())
    labels = torch.from_numpy(read_idx(folder / f"{part}-labels-idx1-ubyte.gz", 1).copy())
    return images.to(device), labels.long().to(device)


def transform_matrix(size, device):
    """size x IMAGE, Re and Im: the frequencies -size//2 .. along one axis."""
    k = torch.arange(size, dtype=torch.float64) - size // 2
    p = torch.arange(IMAGE, dtype=torch.float64)
    angle = -2 * numpy.pi * torch.outer(k, p) / IMAGE
    return torch.cos(angle).float().to(device), torch.sin(angle).float().to(device)


def spectra(images, matrix):
    """N x 28 x 28 bytes -> bins x N x 2, the central bins row by row."""
    pixels = images.float() / 255
    cosines, sines = matrix
    real, imaginary = cosines @ pixels, sines @ pixels
    bins = torch.stack([real @ cosines.T - imaginary @ sines.T,
                        real @ sines.T + imaginary @ cosines.T], -1)
    return bins.flatten(1, 2).transpose(0, 1)


def central(bins, large, small):
    """Of the bins of a large x large spectrum those of a small one."""
    if large == small:
        return bins
    first = large // 2 - small // 2
    grid = bins.unflatten(0, (large, large))
    return grid[first:first + small, first:first + small].flatten(0, 1)


class SpectralLayer(nn.Module):
    """Complex product a bin, mean bias, activation: bins x N x 2 C -> bins x N x 2 D, all Re before
    all Im. One real matrix of 2 C x 2 D a bin: PyTorch's complex products are slow on a processor."""

    def __init__(self, size, maps_in, maps_out, kind, alpha):
        super().__init__()
        self.size, self.kind, self.alpha = size, kind, alpha
        self.kernel = nn.Parameter(torch.randn(size * size, maps_in, maps_out, 2)
                                   * (0.7 / maps_in) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(maps_out))

    def forward(self, x):
        real, imaginary = self.kernel.unbind(-1)
        block = torch.cat([torch.cat([real, imaginary], 2), torch.cat([-imaginary, real], 2)], 1)
        y = torch.bmm(x, block)
        mean = (self.size // 2) * self.size + self.size // 2
        offset = torch.zeros(y.shape[0], 1, y.shape[2], device=y.device)
        offset[mean, 0, :len(self.bias)] = 1
        return self.activate(y + offset * self.bias.repeat(2))

    def activate(self, z):
        if self.kind == "none":
            return z
        if self.kind == "crelu":
            return torch.relu(z)
        real, imaginary = z.chunk(2, -1)
        if self.kind == "zrelu":
            factor = ((real > 0) & (imaginary > 0)).to(z.dtype)
        elif self.kind == "modrelu":
            size = torch.sqrt(real ** 2 + imaginary ** 2 + 1e-24)
            factor = torch.relu(size + self.alpha) / size
        else:
            factor = torch.where((real > 0) | (imaginary > 0), 1.0, self.alpha)
        return z * factor.repeat(1, 1, 2)


class SpectralNetwork(nn.Module):
    def __init__(self, arguments):
        super().__init__()
        depths = [1] + arguments.depths
        self.layers = nn.ModuleList(
            SpectralLayer(size, depths[k], depths[k + 1], arguments.activation, arguments.alpha)
            for k, size in enumerate(arguments.sizes))
        widths = [2 * arguments.sizes[-1] ** 2 * depths[-1]] + arguments.classifier
        self.classifier = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.dropout = nn.Dropout(arguments.dropout)

    def forward(self, x):
        size = self.layers[0].size
        for layer in self.layers:
            x = layer(central(x, size, layer.size))
            size = layer.size
        # bins x N x (Re and Im, maps) -> N x (bins, maps, Re and Im): the classifier's inputs.
        x = x.transpose(0, 1).unflatten(2, (2, -1)).transpose(2, 3).flatten(1)
        x = self.dropout(x)
        for k, layer in enumerate(self.classifier):
            x = layer(x if k == 0 else torch.relu(x))
        return x


def augment(images, generator):
    """Shifts by up to one pixel and mirrors half of the batch; on the spectrum both are exact only
    for the image, so they come before the transform."""
    shift = torch.randint(-1, 2, (2,), generator=generator).tolist()
    images = torch.roll(images, shift, (1, 2))
    mirrored = torch.rand(len(images), generator=generator) < 0.5
    images = images.clone()
    images[mirrored] = images[mirrored].flip(2)
    return images


def accuracy(network, images, labels, matrix, deviation):
    network.eval()
    right = 0
    with torch.no_grad():
        for first in range(0, len(images), 1000):
            scores = network(spectra(images[first:first + 1000], matrix) / deviation)
            right += (scores.argmax(1) == labels[first:first + 1000]).sum().item()
    return right / len(images)


def deviation_of(images, matrix):
    """bins x 1 x 1: of each bin of the image, over a sample."""
    return spectra(images[:5000], matrix).pow(2).sum(2, keepdim=True).mean(1, keepdim=True).sqrt()


def start_from(network, source, deviation):
    """The weights of a file in the place of random ones; the first kernels act on scaled bins."""
    with torch.no_grad():
        for layer, given in zip(network.layers, source.layers):
            # bins x D x C -> bins x C x D x (Re, Im)
            kernel = torch.from_numpy(given.kernel.astype(numpy.complex64)).transpose(1, 2)
            kernel = kernel.to(deviation.device) * (deviation if given is source.layers[0] else 1)
            layer.kernel.copy_(torch.view_as_real(kernel.contiguous()))
            layer.bias.copy_(torch.tensor(given.mean))
        for layer, (weight, offset) in zip(network.classifier, source.classifier):
            layer.weight.copy_(torch.tensor(weight))
            layer.bias.copy_(torch.tensor(offset))


def train_epoch(network, images, labels, step):
    """step(batch, labels) on batches in a random order."""
    network.train()
    arguments, generator = step.arguments, step.generator
    order = torch.randperm(len(images), generator=generator)
    for first in range(0, len(images) - arguments.batch + 1, arguments.batch):
        chosen = order[first:first + arguments.batch]
        batch = images[chosen]
        step(augment(batch, generator) if step.mirror else batch, labels[chosen])


class Step:
    """One step of AdamW on a cycle of the learning rate."""

    def __init__(self, network, arguments, matrix, deviation, images):
        self.network, self.arguments, self.matrix, self.deviation = network, arguments, matrix, deviation
        self.mirror = "fashion" in str(arguments.data)  # digits have a left and a right
        self.generator = torch.Generator().manual_seed(arguments.seed)
        self.optimizer = torch.optim.AdamW(network.parameters(), arguments.rate,
                                           weight_decay=arguments.decay)
        steps = max(1, arguments.epochs * (images // arguments.batch))
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, arguments.rate, steps)
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.05)

    def __call__(self, batch, labels):
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.network(spectra(batch, self.matrix) / self.deviation), labels).backward()
        self.optimizer.step()
        self.schedule.step()


def train(network, arguments, device):
    images, labels = load(arguments.data, "train", device)
    test, test_labels = load(arguments.data, "t10k", device)
    if arguments.images:
        images, labels = images[:arguments.images], labels[:arguments.images]
    matrix = transform_matrix(arguments.sizes[0], device)
    deviation = deviation_of(images, matrix)

    def score():
        return accuracy(network, test, test_labels, matrix, deviation)

    if arguments.source:
        start_from(network, arguments.source, deviation)
        print(f"as cut     test {score():.4f}", flush=True)
    step = Step(network, arguments, matrix, deviation, len(images))
    for epoch in range(arguments.epochs):
        start = time.time()
        train_epoch(network, images, labels, step)
        print(f"epoch {epoch + 1:2d}   test {score():.4f}  {time.time() - start:.1f} s", flush=True)
    return score(), deviation


def trained(network, deviation, arguments):
    """As the file holds it: the first kernels act on bins as they are."""
    layers = []
    for k, layer in enumerate(network.layers):
        kernel = torch.view_as_complex(layer.kernel.detach())
        kernel = (kernel / deviation if k == 0 else kernel).transpose(1, 2)
        layers.append(spectral_file.Layer(layer.size, kernel.cpu().numpy(),
                                          layer.bias.detach().cpu().numpy()))
    classifier = [(layer.weight.detach().cpu().numpy(), layer.bias.detach().cpu().numpy())
                  for layer in network.classifier]
    return spectral_file.Network(IMAGE, arguments.activation, arguments.alpha, layers, classifier)


def main():
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = SpectralNetwork(arguments).to(device)
    reached, deviation = train(network, arguments, device)
    spectral_file.write(trained(network, deviation, arguments), arguments.out,
                        {"accuracy": f"{reached:.4f}", "seed": str(arguments.seed),
                         "data": arguments.data.name})
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes, test accuracy {reached:.4f}")


if __name__ == "__main__":
    main()
