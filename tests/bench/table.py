#!/usr/bin/python3
"""Prints the tables of simulate_bench and ngspice_bench from their JSON, with ratios.

    table.py SIMULATE.json NGSPICE.json

PyTorch's images per second on the same networks are measured here, in the same run, where PyTorch is
installed (Debian's python3-torch); otherwise the table says so. Its figure is the better of the network
as it is written and as its own compiler makes it for inference (normalization folded, oneDNN).
"""

import json
import os
import sys
import time

BATCH, REPEATS = 100, 5
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(path):
    with open(path, encoding="utf-8") as file:
        return {row["name"]: row for row in json.load(file)["benchmarks"]}


def best_speed(network, images):
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        for first in range(0, len(images), BATCH):
            network(images[first:first + BATCH])
        best = min(best, time.perf_counter() - start)
    return len(images) / best


def torch_speeds():
    """{network: {threads: images/s}} in float32, batches of 100; empty without PyTorch."""
    try:
        import torch
        from torch import nn
    except ImportError:
        return {}
    sys.path.insert(0, os.path.join(ROOT, "flows", "train"))
    from resnet20 import ResNet20
    torch.manual_seed(1)
    lenet5 = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    cases = {"lenet5": (lenet5, torch.rand(10_000, 1, 28, 28)),
             "resnet20": (ResNet20(0.0), torch.rand(1_000, 3, 32, 32))}
    speeds = {}
    with torch.no_grad():
        for name, (network, images) in cases.items():
            speeds[name] = {}
            for threads in (1, 2):
                torch.set_num_threads(threads)
                network.eval()
                compiled = torch.jit.optimize_for_inference(torch.jit.trace(network, images[:BATCH]))
                speeds[name][threads] = max(best_speed(network, images), best_speed(compiled, images))
    return speeds


def print_network(title, name, rows, torch):
    print(f"{title}, batches of {BATCH}, images/s")
    print(f"  {'fidelity':12} {'1 thread':>10} {'2 threads':>10} {'to PyTorch':>18}")
    for fidelity in ("float", "ideal", "mesh", "calibrated"):
        speed = {n: rows[f"{name}/{fidelity}/{n}/real_time"]["items_per_second"] for n in (1, 2)}
        ratio = "  ".join(f"{speed[n] / torch[name][n]:.2f}" for n in (1, 2)) if torch else "-"
        print(f"  {fidelity:12} {speed[1]:10,.0f} {speed[2]:10,.0f} {ratio:>18}")
    if torch:
        print(f"  {'PyTorch':12} {torch[name][1]:10,.0f} {torch[name][2]:10,.0f}")
    else:
        print("  PyTorch is not installed (Debian package python3-torch)")


def print_simulation(rows, torch):
    print_network("LeNet-5", "lenet5", rows, torch)
    print()
    print_network("ResNet-20", "resnet20", rows, torch)


def print_ngspice(rows):
    print("\nLinear tiles, ms an operating point, one core")
    print(f"  {'size':10} {'ngspice first':>14} {'further':>10} {'mesh, 17 vectors':>18} {'ratio':>9}")
    for n in (16, 32, 64):
        first, all17 = (rows[f"ngspice/{n}/{k}/real_time"]["real_time"] for k in (1, 17))
        mesh = rows[f"mesh/{n}/17/real_time"]["real_time"] / 17
        further = (all17 - first) / 16
        print(f"  {n:3} x {n:<4} {first:14.2f} {further:10.2f} {mesh:18.4f} {further / mesh:8.0f}x")


def print_bent(rows):
    print("\nCells with a sinh, 24 vectors, one core: ngspice as one circuit, and with every node held")
    print(f"  {'size':10} {'direct s':>10} {'held s':>10} {'ratio':>8} {'ms a cell':>10} {'within':>9}")
    for n in (32, 64, 128, 256):
        held = rows[f"bent_pinned/{n}/iterations:1/real_time"]
        seconds = held["real_time"] / 1000
        direct = rows.get(f"bent_direct/{n}/iterations:1/real_time")
        whole = f"{direct['real_time'] / 1000:10.2f} {seconds:10.2f} {direct['real_time'] / held['real_time']:7.0f}x" \
            if direct else f"{'-':>10} {seconds:10.2f} {'-':>8}"
        print(f"  {n:3} x {n:<4} {whole} {1000 * seconds / n**2:10.2f} {held['bound']:9.1e}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print_simulation(read(sys.argv[1]), torch_speeds())
    print_ngspice(read(sys.argv[2]))
    print_bent(read(sys.argv[2]))


if __name__ == "__main__":
    main()
