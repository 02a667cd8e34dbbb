#!/usr/bin/python3
"""What line resistance takes from a crossbar, and what ngspice says of the same array.

    PYTHONPATH=build/python flows/python/one_crossbar.py
"""

import numpy as np

import memspice

random = np.random.default_rng(1)
G = random.uniform(2e-6, 20e-6, (64, 64))  # word lines x bit lines [S]
V = random.uniform(0.0, 0.2, (100, 64))    # vectors x word lines [V]

wires = dict(wire=2.0, driver=100.0, sense=100.0, alpha=2.5)
solved = memspice.solve(G, V, **wires)
lost = 1.0 - solved.currents / (V @ G)
print(f"wires and terminals take {100 * lost.mean():.1f} % of the currents, at most "
      f"{100 * lost.max():.1f} %")

word, bit = solved.node_voltages()
driven = V[0].argmax()
print(f"of {1e3 * V[0, driven]:.0f} mV the cells of a line see at least "
      f"{1e3 * (word[0] - bit[0])[driven].min():.1f} mV")

spice = memspice.solve(G, V[:4], engine="ngspice", certificate=True, **wires)
error = np.abs(spice.currents - solved.currents[:4]).max()
print(f"{spice.facts['engine']}: the same to {error:.1e} A, "
      f"its own residual bounds its error by {spice.facts['bound']:.1e} A")
