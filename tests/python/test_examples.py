"""The scripts that people start from run as they stand."""

import pathlib
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


if __name__ == "__main__":
    unittest.main()
