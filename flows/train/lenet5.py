#!/usr/bin/python3
"""Trains LeNet-5 on Fashion-MNIST for memristor crossbars and exports it as ONNX.

The network is LeNet-5 (LeCun et al., 1998) as it is usually built today: two 5x5 convolutions with
ReLU and 2x2 pooling, then three fully connected layers.

Three choices serve the mapping to conductances:

* Pixels stay in [0, 1], without subtraction of a mean, and every hidden activation is a ReLU, so
  that no word line ever needs a negative voltage.
* After each step the weights of a layer are clipped at a multiple of their standard deviation
  (--clip). The largest weight sets the scale of a layer's conductances; without clipping a few
  outliers would press all others into the lowest levels of the window.
* Weight decay and a one-cycle learning rate keep the weights small.

--bitstream BITS trains on the products of bitstream multipliers instead, --fixed BITS on those of
fixed-point ones (few_bits.py), best --from a network trained in float and at a lower rate.

Needs Debian's python3-torch, python3-onnx and dataset-fashion-mnist. Only the convolutional and
fully connected layers carry weights, so these are the layers that become crossbars.
"""

import argparse
import gzip
import pathlib
import struct
import time

import numpy
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import checkpoint
import few_bits
from augmenting import augment
from exporting import export

DATA_FOLDER = "/usr/share/datasets/fashion-mnist"
FOLDER = pathlib.Path(__file__).resolve().parent.parent
CALIBRATION = 200  # images that scales start from, as calibration_limit of the flows
PERCENTILE = 0.999


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Train LeNet-5 on Fashion-MNIST and export it as ONNX.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(DATA_FOLDER),
                        help="folder with the four gzipped IDX files")
    parser.add_argument("--out", type=pathlib.Path, help="ONNX file to write",
                        default=FOLDER / "networks" / "lenet5_fashion.onnx")
    parser.add_argument("--from", dest="source", type=pathlib.Path,
                        help="ONNX file of this script to go on from instead of random weights")
    bits = parser.add_mutually_exclusive_group()
    bits.add_argument("--bitstream", type=int, metavar="BITS",
                      help="train on products of bitstream multipliers of so many bits, 2 to 8")
    bits.add_argument("--fixed", type=int, metavar="BITS",
                      help="train on products of fixed-point multipliers of so many bits, 2 to 8")
    parser.add_argument("--epochs", type=int, default=30, help="passes over the 60,000 images")
    parser.add_argument("--batch", type=int, default=128, help="images per step")
    parser.add_argument("--rate", type=float, default=4e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=5e-3, help="weight decay (AdamW)")
    parser.add_argument("--clip", type=float, default=2.5,
                        help="largest weight in standard deviations of its layer; 0: no clipping")
    parser.add_argument("--pool", choices=("max", "average"), default="max", help="kind of pooling")
    parser.add_argument("--no-augment", action="store_true",
                        help="train on the images as they are, neither mirrored nor shifted")
    parser.add_argument("--checkpoint", type=pathlib.Path,
                        help="written after each epoch (default: results/train/NAME.pt)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--threads", type=int, default=2, help="threads to train on")
    options = parser.parse_args()
    options.bits = options.bitstream or options.fixed
    if options.bits is not None and not 2 <= options.bits <= 8:
        parser.error(f"{options.bits} bits: must be 2 to 8")
    options.checkpoint = (options.checkpoint
                          or FOLDER.parent / "results" / "train" / f"{options.out.stem}.pt")
    return options


def read_idx(path, dimensions):
    """The array in a gzipped IDX file of unsigned bytes with that many dimensions."""
    with gzip.open(path, "rb") as file:
        magic, = struct.unpack(">I", file.read(4))
        if magic != 0x0800 + dimensions:
            raise SystemExit(f"{path}: magic {magic:#x}: expected {0x0800 + dimensions:#x}")
        shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
        return numpy.frombuffer(file.read(), dtype=numpy.uint8).reshape(shape)


def load_images(folder, prefix):
    """Images (count x 1 x 28 x 28, in [0, 1]) and their labels."""
    try:
        images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz", 3)
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", 1)
    except FileNotFoundError as error:
        raise SystemExit(f"{error.filename}: no such file; install dataset-fashion-mnist "
                         "or name the folder with --data")
    return (torch.tensor(images, dtype=torch.float32).unsqueeze(1) / 255,
            torch.tensor(labels, dtype=torch.long))


class LeNet5(nn.Module):
    """1x28x28 images to the scores of 10 classes; each layer's name is its name in the ONNX file.

    `layers` makes convolutions, fully connected layers and rectifiers: torch.nn, or few_bits.Layers.
    """

    def __init__(self, pooling, layers=nn):
        super().__init__()
        self.conv1 = layers.Conv2d(1, 6, 5, padding=2)
        self.relu1 = layers.ReLU()
        self.pool1 = pooling(2)
        self.conv2 = layers.Conv2d(6, 16, 5)
        self.relu2 = layers.ReLU()
        self.pool2 = pooling(2)
        self.flatten = nn.Flatten()
        self.fc1 = layers.Linear(400, 120)
        self.relu3 = layers.ReLU()
        self.fc2 = layers.Linear(120, 84)
        self.relu4 = layers.ReLU()
        self.fc3 = layers.Linear(84, 10)

    def forward(self, image):
        x = self.pool1(self.relu1(self.conv1(image)))
        x = self.flatten(self.pool2(self.relu2(self.conv2(x))))
        return self.fc3(self.relu4(self.fc2(self.relu3(self.fc1(x)))))


@torch.no_grad()
def clip_weights(network, multiple):
    """Bounds each layer's weights to +-multiple standard deviations around zero."""
    for layer in network.children():
        if multiple > 0 and hasattr(layer, "weight"):
            bound = multiple * layer.weight.std()
            layer.weight.clamp_(-bound, bound)


def train(network, images, labels, options):
    steps_per_epoch = -(-len(images) // options.batch)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate,
                                  weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.rate, epochs=options.epochs, steps_per_epoch=steps_per_epoch)
    parts = {"network": network, "optimizer": optimizer, "schedule": schedule}
    done = checkpoint.load(options.checkpoint, parts, "cpu") if options.resume else 0
    for epoch in range(done, options.epochs):
        start, total_loss = time.monotonic(), 0.0
        for batch in torch.randperm(len(images)).split(options.batch):
            inputs = images[batch] if options.no_augment else augment(images[batch])
            loss = nn.functional.cross_entropy(network(inputs), labels[batch])
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
def count_correct(network, images, labels):
    return sum((network(inputs).argmax(1) == expected).sum().item()
               for inputs, expected in zip(images.split(1000), labels.split(1000)))


@torch.no_grad()
def take_weights(network, path):
    """Weights and biases of an ONNX file that this script wrote."""
    tensors = {tensor.name: torch.tensor(numpy_helper.to_array(tensor))
               for tensor in onnx.load(str(path)).graph.initializer}
    for name, parameter in network.named_parameters():
        if name.endswith(("weight", "bias")):
            if name not in tensors or tensors[name].shape != parameter.shape:
                raise SystemExit(f"{path}: no {name} of shape {tuple(parameter.shape)}: expected a "
                                 "file that this script wrote")
            parameter.copy_(tensors[name])


def make_network(options, images):
    pooling = nn.MaxPool2d if options.pool == "max" else nn.AvgPool2d
    if options.bits is None:
        network = LeNet5(pooling)
    else:
        brightest = images[:CALIBRATION].flatten().kthvalue(
            int(PERCENTILE * images[:CALIBRATION].numel())).values.item()
        network = LeNet5(pooling, few_bits.Layers(options.bits, options.bitstream is not None,
                                                  brightest))
    if options.source is not None:
        take_weights(network, options.source)
    if options.bits is not None:
        few_bits.start_bounds(network, images[:CALIBRATION], PERCENTILE)
    return network


def print_weight_ranges(network):
    """The largest weight over the root mean square: what a layer's conductance window must span."""
    for name, layer in network.named_children():
        if hasattr(layer, "weight"):
            weight = layer.weight.detach()
            largest, rms = weight.abs().max().item(), weight.square().mean().sqrt().item()
            print(f"{name}: largest weight {largest:.3f}, {largest / rms:.1f} times the rms")


def main():
    options = parse_arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    images, labels = load_images(options.data, "train")
    test_images, test_labels = load_images(options.data, "t10k")
    network = make_network(options, images)
    train(network, images, labels, options)
    network.eval()
    correct = count_correct(network, test_images, test_labels)
    export(few_bits.plain(network), (1, 28, 28), options.out)
    print_weight_ranges(network)
    print(f"accuracy on {len(test_images)} test images: {100 * correct / len(test_images):.2f} %")
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
