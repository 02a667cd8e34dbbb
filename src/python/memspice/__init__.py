"""memspice: what a trained network really does on memristor crossbars.

    import memspice
    solution = memspice.solve(G, V, wire=2.0)          # one crossbar with line resistance
    result = memspice.Flow("lenet5_fashion").run()     # a network, from float to calibrated tiles

Calls use all cores by threads of their own; OpenBLAS, which NumPy may share, is set to one thread
at the first of them. Arrays are NumPy's, quantities are in SI. Faults come as InputError (a ValueError) and RunError (a
RuntimeError) with the attributes place, value, rule and remedy.
"""

import os as _os
import pathlib as _pathlib
import shutil as _shutil

# ngspice runs in processes of its own; their program lies in this folder, or where programs are.
# Cards and flows lie in this folder where they came with it.
_here = _pathlib.Path(__file__).parent
_worker = _shutil.which("memspice-worker", path=f"{_here}{_os.pathsep}{_os.environ.get('PATH', '')}")
if _worker:
    _os.environ.setdefault("MEMSPICE_WORKER", _worker)
if (_here / "share").is_dir():
    _os.environ.setdefault("MEMSPICE_SHARE", str(_here / "share"))

from memspice import device
from memspice._core import InputError, RunError, __version__
from memspice.crossbar import Solution, response, solve
from memspice.flow import Flow, Result, Tile
from memspice.network import Mapped, MappedTile, Network
from memspice.network import map_network as map

__all__ = ["Flow", "InputError", "Mapped", "MappedTile", "Network", "Result", "RunError", "Solution",
           "Tile", "device", "map", "response", "solve", "__version__"]
