#!/usr/bin/python3
"""Images per second of LeNet-5 in PyTorch float32, batches of 100, for comparison with memspice.

Prints Google Benchmark's JSON, so that both go into one table.
"""

import json
import time

import torch
from torch import nn

IMAGES, BATCH, REPEATS = 10_000, 100, 5


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)).eval()


def images_per_second(network, images, threads):
    torch.set_num_threads(threads)
    network(images[:BATCH])
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        for first in range(0, IMAGES, BATCH):
            network(images[first:first + BATCH])
        best = min(best, time.perf_counter() - start)
    return IMAGES / best


def main():
    torch.manual_seed(1)
    network, images = lenet5(), torch.rand(IMAGES, 1, 28, 28)
    rows = []
    with torch.no_grad():
        for threads in (1, 2):
            rows.append({"name": f"torch/{threads}",
                         "items_per_second": images_per_second(network, images, threads)})
    print(json.dumps({"benchmarks": rows}))


if __name__ == "__main__":
    main()
