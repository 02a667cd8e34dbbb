"""memspice.device: the command line's numbers, and a card that comes back from a fit."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import memspice

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "flows" / "examples" / "own_device"


class DeviceTest(unittest.TestCase):
    def test_models_and_cards(self):
        names = {model["model"]: model for model in memspice.device.models()}
        self.assertIn("vteam", names)
        card = memspice.device.card("vteam", names["vteam"]["cards"][0])
        self.assertEqual(card["model"], "vteam")
        self.assertTrue(all(figure["source"] for figure in card["parameters"].values()))

    def test_a_trace_is_the_command_lines(self):
        asked = dict(amplitude=0.3, frequency=1e6, points=201)
        loop = memspice.device.trace("vteam", **asked)
        words = [word for name, value in asked.items() for word in (f"--{name}", str(value))]
        told = subprocess.run([sys.executable, "-m", "memspice", "device", "trace", "vteam", *words],
                              check=True, capture_output=True, text=True).stdout
        table = np.genfromtxt(told.splitlines(), delimiter=",", skip_header=1)
        for k, column in enumerate(("time", "voltage", "current", "state", "resistance")):
            np.testing.assert_allclose(loop[column], table[:, k], rtol=1e-12)
        spice = memspice.device.trace("vteam", engine="ngspice", **asked)
        scale = np.abs(loop["current"]).max()
        self.assertLess(np.median(np.abs(spice["current"] - loop["current"])), 5e-3 * scale)

    def test_a_fit_gives_a_card(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "mine.toml"
            fit = memspice.device.fit(EXAMPLE / "sweeps.csv", out=out)
            low, high = fit["figures"]["alpha"]["interval"]
            self.assertTrue(low < 2.2 < high)  # the law of flows/examples/own_device/measure.py
            card = memspice.device.card(str(out))["parameters"]["alpha"]["value"]
            self.assertAlmostEqual(card, fit["figures"]["alpha"]["value"], delta=1e-5)  # its digits

    def test_faults_have_their_parts(self):
        with self.assertRaises(memspice.InputError) as caught:
            memspice.device.trace("vteam", drive="square")
        self.assertEqual(caught.exception.place, "--drive")
        with self.assertRaises(memspice.InputError):
            memspice.device.fit("no_such_file.csv")


if __name__ == "__main__":
    unittest.main()
