#!/usr/bin/python3
"""Makes up the measurements beside it: what a bench would give of a device whose law is known.

    flows/examples/own_device/measure.py

No device was measured. The law: I = G sinh(2.2 V / 1 V) / 2.2 with G from 2 to 41 uS; at each cycle a cell's
G is drawn anew, log-normal with sigma 0.03; programming leaves 0.6 uS; in retention G (t / 1 s)^-nu, nu
0.04 +- 0.01 by device; instruments read with 1 % noise. `memspice device fit` has to find that again.
"""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
ALPHA, LOW, HIGH = 2.2, 2e-6, 41e-6
random = np.random.default_rng(11)


def noisy(values):
    return values * (1.0 + 0.01 * random.standard_normal(np.shape(values)))


def write(name, header, rows):
    lines = [",".join(f"{value:.6g}" for value in row) for row in rows]
    (FOLDER / name).write_text("\n".join([header, *lines]) + "\n", encoding="ascii")


def sweeps():
    for state, G in enumerate(np.linspace(LOW, HIGH, 8)):
        for cycle in range(4):
            cell = G * np.exp(0.03 * random.standard_normal())
            for v in np.linspace(-0.4, 0.4, 9):
                yield state, cycle, v, noisy(cell * np.sinh(ALPHA * v) / ALPHA) * 1e6


def programmed():
    for target in np.linspace(5e-6, 40e-6, 15):
        for _ in range(12):
            yield target * 1e6, (target + 0.6e-6 * random.standard_normal()) * 1e6


def retention():
    for device in range(30):
        nu = 0.04 + 0.01 * random.standard_normal()
        for t in (1.0, 10.0, 100.0, 1e3, 1e4):
            yield device, t, noisy(20e-6 * t**-nu) * 1e6


write("sweeps.csv", "state,cycle,voltage_V,current_uA", sweeps())
write("programmed.csv", "target_uS,conductance_uS", programmed())
write("retention.csv", "device,time_s,conductance_uS", retention())
