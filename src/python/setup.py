"""A wheel of memspice: the extension and ngspice's worker from the CMake project two folders up, cards
and flows beside them. Builds from Debian's packages alone:

    pip wheel src/python --no-build-isolation --no-deps

MEMSPICE_BUILD names a build folder with -DMEMSPICE_PYTHON=ON to take them from, or to build in.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

ROOT = pathlib.Path(os.environ.get("MEMSPICE_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
VERSION = re.search(r"project\(memspice VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]


class Binary(Distribution):
    """Has an extension, though setuptools does not build it."""

    def has_ext_modules(self):
        return True


class BuildWithCMake(build_py):
    def run(self):
        super().run()
        build = pathlib.Path(os.environ.get("MEMSPICE_BUILD", ROOT / "build-python"))
        subprocess.run(["cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DMEMSPICE_PYTHON=ON",
                        f"-DPython3_EXECUTABLE={sys.executable}"], check=True)
        subprocess.run(["cmake", "--build", build, "--target", "memspice_python",
                        "memspice-worker"], check=True)
        package = pathlib.Path(self.build_lib) / "memspice"
        for file in (build / "python" / "memspice").glob("_core*.so"):
            shutil.copy2(file, package)
        shutil.copy2(build / "bin" / "memspice-worker", package)
        for folder in ("device_models", "netlists", "flows"):
            shutil.copytree(ROOT / folder, package / "share" / folder, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("__pycache__", "setup.sh", "quickstart",
                                                          "package"))


setup(version=VERSION, distclass=Binary, package_data={"memspice": ["py.typed", "_core.pyi"]},
      cmdclass={"build_py": BuildWithCMake})
