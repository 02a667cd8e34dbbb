#!/usr/bin/python3
"""What Python adds to a solve: processor time of a call beside that of the solver within it.

    PYTHONPATH=build/python tests/bench/python_solve.py
"""

import time

import numpy as np

import memspice

WIRES = dict(wire=2.0, driver=100.0, sense=100.0)


def measure(size, vectors, alpha, repeats):
    random = np.random.default_rng(1)
    G = random.uniform(2e-6, 20e-6, (size, size))
    V = random.uniform(0.0, 0.2, (vectors, size))
    memspice.solve(G, V, alpha=alpha, **WIRES)  # first touch of memory
    ratios = []
    for _ in range(repeats):
        begun = time.perf_counter()
        solution = memspice.solve(G, V, alpha=alpha, **WIRES)
        call = time.perf_counter() - begun
        ratios.append(call / solution.facts["seconds"])
    return np.median(ratios), solution.facts["seconds"]


for size in (32, 64, 128, 256):
    for vectors, alpha in ((1, 0.0), (100, 0.0), (10, 2.5)):
        ratio, seconds = measure(size, vectors, alpha, 9)
        print(f"{size:4} x {size}, {vectors:3} vectors, {'ohmic' if alpha == 0 else 'sinh '}: "
              f"{1e3 * seconds:8.2f} ms in the solver, the call {100 * (ratio - 1):5.1f} % longer")
