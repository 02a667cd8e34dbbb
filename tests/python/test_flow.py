"""memspice.Flow from Python: the same numbers as the command line, faults, Ctrl-C, two at once."""

import concurrent.futures
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy as np

import memspice

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLOW = ROOT / "flows" / "lenet5_fashion.toml"
FEW = {"data.limit": 50, "data.calibration_limit": 20, "fidelity.default": "mesh"}


class FlowTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def flow(self, name="out", **more):
        return memspice.Flow(FLOW, {**FEW, **more}, out=pathlib.Path(self.folder.name) / name)

    def test_a_run_is_the_command_lines(self):
        result = self.flow(**{"output.predictions": True, "output.format": "npz"}).run()
        words = [f"--set={key}={value}" for key, value in FEW.items()]
        told = subprocess.run([sys.executable, "-m", "memspice", "run", str(FLOW), *words, "--json",
                               "--quiet", "--out", self.folder.name + "/again"],
                              check=True, capture_output=True, text=True)
        other = json.loads(told.stdout)
        self.assertEqual(result.accuracy["mesh"], other["accuracy"]["mesh"]["value"])
        self.assertEqual(json.loads(result.to_json())["layers"], other["layers"])
        self.assertEqual([layer["name"] for layer in result.layers][0], "conv1")
        counts = result.confusion["mesh"]
        self.assertEqual(counts.sum(), 50)
        self.assertEqual(np.trace(counts) / 50, result.accuracy["mesh"])
        arrays = result.predictions
        right = np.mean(arrays["label"] == arrays["prediction_mesh"])
        self.assertAlmostEqual(right, result.accuracy["mesh"])
        self.assertIn("<section>", result._repr_html_())
        self.assertGreater(result.energy, 0.0)

    def test_check_and_map_need_no_run(self):
        self.assertTrue(any("lenet5" in line for line in self.flow().check()))
        self.assertEqual(self.flow().map()["crossbars"], 40)

    def test_a_tile_cell_by_cell(self):
        tile = self.flow().tile("conv1:0:0", image=3)
        self.assertEqual(tile.name, "conv1_b0_r0_c0")
        across = tile.word_line_voltage - tile.bit_line_voltage
        alpha = 2.5  # of the flow's card, checked against it here
        card = (ROOT / "device_models/static_read/hfox_1t1r.toml").read_text()
        self.assertIn('value = "2.5 1/V"', card)
        np.testing.assert_allclose(tile.current, tile.conductance * np.sinh(alpha * across) / alpha,
                                   rtol=1e-9, atol=1e-18)

    def test_faults_have_their_parts(self):
        with self.assertRaises(memspice.InputError) as caught:
            self.flow(**{"array.wire": "5 Volt"}).check()
        self.assertIn("array.wire", caught.exception.place)
        self.assertTrue(caught.exception.remedy)
        with self.assertRaises(memspice.InputError):
            memspice.Flow("no_such_flow").check()

    def test_two_flows_at_once_are_two_flows(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            both = [pool.submit(self.flow(f"o{k}", **{"array.wire": f"{k} Ohm"}).run)
                    for k in (1, 20)]
        alone = self.flow("alone", **{"array.wire": "20 Ohm"}).run()
        self.assertEqual(both[1].result().accuracy, alone.accuracy)

    def test_an_interrupt_ends_it_and_python_goes_on(self):
        script = ("import memspice, sys\n"
                  f"flow = memspice.Flow({str(FLOW)!r}, {{'data.limit': 0}}, out={self.folder.name!r})\n"
                  "print('begun', flush=True)\n"
                  "try:\n    flow.run()\nexcept KeyboardInterrupt:\n    print('stopped', flush=True)\n")
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
                                 stderr=subprocess.DEVNULL)
        self.assertEqual(child.stdout.readline(), "begun\n")
        time.sleep(1.5)
        begun = time.monotonic()
        os.kill(child.pid, signal.SIGINT)
        self.assertEqual(child.stdout.readline(), "stopped\n")
        self.assertLess(time.monotonic() - begun, 6.0)  # 2 s, where nothing else takes the cores
        self.assertEqual(child.wait(timeout=30), 0)


if __name__ == "__main__":
    unittest.main()
