#!/usr/bin/python3
"""Fine-tunes a trained network for the arrays of a flow file, and exports it as ONNX.

The flow's tiles are in the forward pass: conductances on levels, line resistance, the cells'
curvature fitted to ngspice, converters, and its [nonideality] drawn anew at each step, drift at a
random time. Networks of classes learn labels (cross entropy), those of pixels as well (binary cross
entropy); --distill learns the outputs of the network that one starts from, and needs no labels.

    flows/train/hardware_aware.py flows/variability_lenet5.toml --out lenet5_chips.onnx --epochs 10

The training images are the flow's calibration files, all of them. Needs the Python package
(PYTHONPATH=build/python), and Debian's python3-torch and python3-onnx.
"""

import argparse
import pathlib
import time

import torch
from torch import nn

import checkpoint
import exporting
import memspice
import memspice.torch
from augmenting import augment


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("flow", help="flow file, or the name of a shipped one")
    parser.add_argument("--set", action="append", default=[], metavar="TABLE.KEY=VALUE",
                        help="of the flow, as on the command line")
    parser.add_argument("--network", help="to start from; default: the flow's")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="ONNX file to write")
    parser.add_argument("--epochs", type=int, default=10, help="passes over the training images")
    parser.add_argument("--batch", type=int, default=128, help="images per step")
    parser.add_argument("--rate", type=float, default=1e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=1e-3, help="weight decay (AdamW)")
    parser.add_argument("--clip", type=float, default=2.5,
                        help="largest weight in standard deviations of its layer; 0: no clipping")
    parser.add_argument("--distill", action="store_true", help="learn the first network's outputs")
    parser.add_argument("--augment", action="store_true",
                        help="half of the images mirrored, batches shifted by a pixel")
    parser.add_argument("--learn-ranges", action="store_true", help="of the DACs, too")
    parser.add_argument("--limit", type=int, default=1_000_000_000, help="training images")
    parser.add_argument("--calibration", type=int, default=200, help="images that set converters")
    parser.add_argument("--checkpoint", type=pathlib.Path, help="written after each epoch")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--seed", type=int, default=1, help="of order, augmentation and chips")
    parser.add_argument("--threads", type=int, default=1, help="threads to train on")
    return parser.parse_args()


def overrides_of(options):
    return dict(word.split("=", 1) for word in options.set)


def load(options):
    """Training images and labels; scored images and labels."""
    flow = memspice.Flow(options.flow, {**overrides_of(options),
                                        "data.calibration_limit": options.limit})
    return [tuple(map(torch.tensor, flow.images(calibration))) for calibration in (True, False)]


def loss_of(outputs, wanted, labels):
    """wanted: of the network that one starts from, or nothing."""
    if wanted is not None:
        scale = wanted.std().clamp(min=1e-6)
        return nn.functional.mse_loss(outputs / scale, wanted / scale)
    if labels.dim() == 3:
        return nn.functional.binary_cross_entropy(outputs[:, 0].clamp(1e-6, 1 - 1e-6),
                                                  labels.float())
    return nn.functional.cross_entropy(outputs, labels.long())


@torch.no_grad()
def score(network, images, labels):
    """Share of right labels, or the Dice coefficient of pixels."""
    network.eval()
    outputs = torch.cat([network(part) for part in images.split(500)])
    if labels.dim() == 3:
        found, real = outputs[:, 0] > 0.5, labels > 0
        return (2.0 * (found & real).sum() / (found.sum() + real.sum())).item()
    return (outputs.argmax(1) == labels).float().mean().item()


@torch.no_grad()
def score_chips(analog, images, labels, chips=5):
    with analog.chips():
        shares = [score(analog, images, labels) for _ in range(chips)]
    return sum(shares) / chips, min(shares)


def train_epoch(analog, teacher, images, labels, optimizer, schedule, options):
    analog.train()
    total = 0.0
    for batch in torch.randperm(len(images)).split(options.batch):
        inputs = augment(images[batch]) if options.augment else images[batch]
        with torch.no_grad():
            wanted = teacher(inputs) if options.distill else None
        loss = loss_of(analog(inputs), wanted, labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if options.clip > 0:
            analog.clip_weights(options.clip)
        total += loss.item() * len(batch)
    return total / len(images)


def train(analog, teacher, data, options):
    (images, labels), (test, answers) = data
    optimizer = torch.optim.AdamW(analog.parameters(), options.rate, weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.rate, epochs=options.epochs, steps_per_epoch=-(-len(images) // options.batch))
    parts = {"network": analog, "optimizer": optimizer, "schedule": schedule}
    first = checkpoint.load(options.checkpoint, parts, "cpu") if options.resume else 0
    for epoch in range(first, options.epochs):
        begun = time.monotonic()
        analog.calibrate()
        loss = train_epoch(analog, teacher, images, labels, optimizer, schedule, options)
        mean, worst = score_chips(analog, test[:1000], answers[:1000], 2)
        print(f"epoch {epoch + 1} of {options.epochs}: loss {loss:.4f}, two chips {100 * mean:.1f}, "
              f"{100 * worst:.1f} %, {time.monotonic() - begun:.1f} s", flush=True)
        if options.checkpoint:
            checkpoint.save(options.checkpoint, epoch + 1, parts)


def main():
    options = parse_arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    data = load(options)
    if options.augment and data[0][1].dim() == 3:
        raise SystemExit("--augment: moves images away from the labels of their pixels: leave it out")
    network = options.network or memspice.flow.read_settings(options.flow)["network"]["file"]
    teacher = memspice.torch.from_onnx(network)
    settings = memspice.flow.overridden(options.flow, overrides_of(options))
    analog = memspice.torch.convert(teacher, data[0][0][:options.calibration], flow=settings,
                                    learn_ranges=options.learn_ranges)
    test, answers = data[1]
    print(f"before: float {100 * score(teacher, test, answers):.2f} %, on arrays "
          f"{100 * score(analog, test, answers):.2f} %, five chips "
          "{:.2f}, worst {:.2f} %".format(*(100 * s for s in score_chips(analog, test, answers))),
          flush=True)
    train(analog, teacher, data, options)
    analog.calibrate()
    print(f"after: on arrays {100 * score(analog, test, answers):.2f} %, five chips "
          "{:.2f}, worst {:.2f} %".format(*(100 * s for s in score_chips(analog, test, answers))))
    exporting.export(analog.digital(), tuple(test.shape[1:]), options.out)
    print(f"wrote {options.out}")
    for name, layer in analog.layers().items() if options.learn_ranges else ():
        print(f"converters.input_range.{name} = {layer.x_max.item():.6g}")


if __name__ == "__main__":
    main()
