"""The scripts that people start from run as they stand."""

import importlib.util
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "flows" / "python"


class ExamplesTest(unittest.TestCase):
    def run_script(self, name):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, str(SCRIPTS / name)], cwd=folder, text=True,
                                  capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_one_crossbar(self):
        told = self.run_script("one_crossbar.py")
        self.assertIn("wires and terminals take", told)
        self.assertIn("ngspice-", told)

    def test_lenet5(self):
        told = self.run_script("lenet5.py")
        self.assertIn("calibrated 9", told)
        self.assertIn("mV lost to wires", told)

    @unittest.skipUnless(importlib.util.find_spec("torch") and importlib.util.find_spec(
        "matplotlib"), "needs python3-torch and python3-matplotlib")
    def test_train_for_arrays(self):
        told = self.run_script("train_for_arrays.py")
        before, after = (float(share) for share in re.findall(r"on ten chips ([0-9.]+) %", told))
        self.assertGreater(after, before)
        self.assertIn("calibrated 8", told)


if __name__ == "__main__":
    unittest.main()
