#!/usr/bin/python3
"""Trains a network that computes in the spectrum and exports it for memspice.

The image is transformed once; layers multiply their maps bin by bin with complex kernels, pooling
keeps the central bins, and a real classifier reads what is left (src/spectral/network.hpp has the
equations). The file is read by spectral::load_spectral.

    flows/train/spectral.py --sizes 14,7 --depths 6,16 --classifier 120,84,10 --out lenet5.onnx

Only the bins that pooling keeps are trained and stored: the others reach no output. Each bin of the
image is divided by its deviation over the training images, and the factor is folded into the first
kernels at the end; a bin's own scale would otherwise decide how fast it learns.

On one core of 2.6 GHz an epoch of the example takes about 20 s; CUDA is used where there is one.
Needs Debian's python3-torch and python3-onnx.
"""

import argparse
import gzip
import pathlib
import struct
import time

import numpy
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

DATA_FOLDER = "/usr/share/datasets/fashion-mnist"
DOMAIN = "memspice.spectral"
IMAGE = 28


def numbers(text):
    return [int(part) for part in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Train a spectral network and export it for memspice.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(DATA_FOLDER),
                        help="folder with the four gzipped IDX files (Fashion-MNIST or MNIST)")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="ONNX file to write")
    parser.add_argument("--sizes", type=numbers, default=[14, 7],
                        help="bins a side that each layer keeps")
    parser.add_argument("--depths", type=numbers, default=[6, 16], help="maps of each layer")
    parser.add_argument("--classifier", type=numbers, default=[120, 84, 10],
                        help="outputs of each fully connected layer")
    parser.add_argument("--activation", choices=("none", "crelu", "zrelu", "modrelu", "clrelu"),
                        default="clrelu", help="of the spectral layers")
    parser.add_argument("--alpha", type=float, default=0.1, help="CLReLU's slope; modReLU's offset")
    parser.add_argument("--epochs", type=int, default=15, help="passes over the training images")
    parser.add_argument("--batch", type=int, default=256, help="images per step")
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=3e-2, help="weight decay (AdamW)")
    parser.add_argument("--dropout", type=float, default=0.2, help="share of features left out")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--threads", type=int, default=2, help="threads to train on")
    return parser.parse_args()


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
    """size x IMAGE: the frequencies -size//2 .. along one axis."""
    k = torch.arange(size, dtype=torch.float64) - size // 2
    p = torch.arange(IMAGE, dtype=torch.float64)
    angle = -2 * numpy.pi * torch.outer(k, p) / IMAGE
    return torch.complex(torch.cos(angle), torch.sin(angle)).to(torch.complex64).to(device)


def spectra(images, matrix):
    """N x 28 x 28 bytes -> bins x N x 1, the central bins row by row."""
    pixels = (images.float() / 255).to(torch.complex64)
    bins = matrix @ pixels @ matrix.T
    return bins.flatten(1).T.unsqueeze(2)


def central(bins, large, small):
    """Of the bins of a large x large spectrum those of a small one."""
    first = large // 2 - small // 2
    grid = bins.unflatten(0, (large, large))
    return grid[first:first + small, first:first + small].flatten(0, 1)


class SpectralLayer(nn.Module):
    """Complex product a bin, mean bias, activation: bins x N x C -> bins x N x D."""

    def __init__(self, size, maps_in, maps_out, kind, alpha):
        super().__init__()
        self.size, self.kind, self.alpha = size, kind, alpha
        self.kernel = nn.Parameter(torch.randn(size * size, maps_in, maps_out, 2)
                                   * (0.7 / maps_in) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(maps_out))

    def forward(self, x):
        y = torch.bmm(x, torch.view_as_complex(self.kernel))
        mean = (self.size // 2) * self.size + self.size // 2
        offset = torch.zeros(y.shape[0], 1, y.shape[2], device=y.device)
        offset[mean, 0] = 1
        return self.activate(y + offset * self.bias)

    def activate(self, z):
        if self.kind == "none":
            return z
        if self.kind == "crelu":
            return torch.complex(torch.relu(z.real), torch.relu(z.imag))
        if self.kind == "zrelu":
            return z * ((z.real > 0) & (z.imag > 0))
        if self.kind == "modrelu":
            size = z.abs() + 1e-12
            return z * (torch.relu(size + self.alpha) / size)
        return z * torch.where((z.real > 0) | (z.imag > 0), 1.0, self.alpha)


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
        # bins x N x maps -> N x (bins, maps, Re and Im): the order of the classifier's inputs.
        x = self.dropout(torch.view_as_real(x.transpose(0, 1)).flatten(1))
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


def train(network, arguments, device, mirror):
    images, labels = load(arguments.data, "train", device)
    test, test_labels = load(arguments.data, "t10k", device)
    matrix = transform_matrix(arguments.sizes[0], device)
    sample = spectra(images[:5000], matrix)
    deviation = sample.abs().pow(2).mean(1, keepdim=True).sqrt()
    generator = torch.Generator().manual_seed(arguments.seed)
    steps = arguments.epochs * (len(images) // arguments.batch)
    optimizer = torch.optim.AdamW(network.parameters(), arguments.rate,
                                  weight_decay=arguments.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, arguments.rate, steps)
    loss = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(arguments.epochs):
        network.train()
        start = time.time()
        order = torch.randperm(len(images), generator=generator)
        for first in range(0, len(images) - arguments.batch + 1, arguments.batch):
            chosen = order[first:first + arguments.batch]
            batch = images[chosen]
            if mirror:
                batch = augment(batch, generator)
            optimizer.zero_grad(set_to_none=True)
            loss(network(spectra(batch, matrix) / deviation), labels[chosen]).backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1:2d}  test {accuracy(network, test, test_labels, matrix, deviation):.4f}"
              f"  {time.time() - start:.1f} s", flush=True)
    return accuracy(network, test, test_labels, matrix, deviation), deviation


def attributes_of(layer, arguments):
    return {"size": layer.size, "pooled": layer.size, "activation": arguments.activation,
            "alpha": float(arguments.alpha), "c0": 0.0, "c1": 0.0, "c2": 0.0}


def export(network, deviation, arguments, reached):
    """The file of src/spectral/onnx_file.cpp. Layers are stored with only the bins they keep, so
    the image's transform is taken at the first layer's size."""
    nodes = [helper.make_node("Transform", [], ["x0"], "transform", domain=DOMAIN, image=IMAGE,
                              channels=1, storage="full")]
    tensors = []

    def add(name, values):
        tensors.append(numpy_helper.from_array(
            numpy.ascontiguousarray(values, dtype=numpy.float32), name))
        return name

    for k, layer in enumerate(network.layers):
        kernel = torch.view_as_complex(layer.kernel.detach().cpu())
        if k == 0:
            kernel = kernel / deviation.cpu()
        # bins x C x D -> bins x D x C x (Re, Im); the file's bias is a mean, M^2 times smaller.
        values = torch.view_as_real(kernel.transpose(1, 2).contiguous()).numpy()
        bias = layer.bias.detach().cpu().numpy() / layer.size ** 2
        nodes.append(helper.make_node(
            "Convolution", [add(f"kernel{k}", values), add(f"bias{k}", bias)], [f"x{k + 1}"],
            f"spectral{k + 1}", domain=DOMAIN, **attributes_of(layer, arguments)))
    for k, layer in enumerate(network.classifier):
        nodes.append(helper.make_node(
            "Classifier",
            [add(f"weight{k}", layer.weight.detach().cpu().numpy()),
             add(f"offset{k}", layer.bias.detach().cpu().numpy())],
            [f"y{k}"], f"fc{k + 1}", domain=DOMAIN))
    graph = helper.make_graph(nodes, "spectral", [], [], tensors)
    model = helper.make_model(graph, producer_name="flows/train/spectral.py",
                              opset_imports=[helper.make_opsetid(DOMAIN, 1)])
    helper.set_model_props(model, {"accuracy": f"{reached:.4f}", "seed": str(arguments.seed),
                                   "data": arguments.data.name})
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(arguments.out))
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes, test accuracy {reached:.4f}")


def main():
    arguments = parse_arguments()
    if len(arguments.sizes) != len(arguments.depths):
        raise SystemExit("--sizes and --depths need one number for each layer")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = SpectralNetwork(arguments).to(device)
    mirror = "fashion" in str(arguments.data)  # digits have a left and a right
    reached, deviation = train(network, arguments, device, mirror)
    export(network, deviation, arguments, reached)


if __name__ == "__main__":
    main()
