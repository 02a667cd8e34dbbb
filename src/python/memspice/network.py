"""Trained networks, and the crossbars that they are laid onto."""

from __future__ import annotations

import pathlib
import shutil
import tempfile
import weakref
from typing import Any, Mapping

import numpy as np

from memspice import _core
from memspice.crossbar import solve
from memspice.faults import fault
from memspice.flow import Flow, draw_lines, read_machine, write_data


class Network:
    """A network as memspice reads it: its layers, and the float reference."""

    def __init__(self, file: str | pathlib.Path):
        self.file = pathlib.Path(file)
        self._network = _core.Network(str(file))

    @staticmethod
    def from_onnx(source: str | pathlib.Path | bytes) -> "Network":
        """A file, or the bytes of one. Throws InputError naming what memspice does not read."""
        if not isinstance(source, bytes):
            return Network(source)
        folder = tempfile.mkdtemp(prefix="memspice_network_")
        path = pathlib.Path(folder) / "network.onnx"
        path.write_bytes(source)
        try:
            network = Network(path)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        weakref.finalize(network, shutil.rmtree, folder, ignore_errors=True)
        return network

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one image, the axis of images first: (1, 1, 28, 28)."""
        return tuple(self._network.input_shape())

    @property
    def layers(self) -> list[dict[str, Any]]:
        """In the order they run: name, operation, output_shape, parameters, has_weights."""
        return self._network.layers()

    def __call__(self, images: Any) -> np.ndarray:
        """The float reference's outputs for images x ...; memory grows with their number."""
        return self._network.run(np.ascontiguousarray(images, dtype=np.float32))

    def __repr__(self) -> str:
        return f"Network({self.file.name}, {len(self.layers)} layers)"


class MappedTile:
    """One crossbar of a mapped network.

    G          cells in the mapping's form, word lines x bit lines [S]; pairs in neighbouring columns
    response   what it answers with line resistance, in the form of pairs [S]
    """

    def __init__(self, table: Mapping[str, Any], layer: str, wires: Mapping[str, float] | None):
        self.name, self.layer = table["name"], layer
        self.G, self.response = table["cells"], table["response"]
        self._wires = wires

    def respond(self, V: Any) -> np.ndarray:
        """Differential currents of each output [A] for vectors x word lines [V]."""
        pairs = self.response[:, 0::2] - self.response[:, 1::2]
        return np.asarray(V, dtype=np.float64) @ pairs

    def certify(self, V: Any) -> dict[str, Any]:
        """Solves the tile under vectors x word lines [V] and lets ngspice evaluate the solution:
        facts with bound, of all its currents together [A]. Of plain arrays of pairs."""
        if self._wires is None:
            raise fault(f"tile {self.name}", "", "is no plain array of pairs",
                        "ask memspice run, which certifies any array")
        return solve(self.G, V, certificate=True, engine="ngspice", **self._wires).facts

    def plot(self, what: str = "conductance", axes: Any = None) -> Any:
        """A picture of conductance, or of ir_drop, the share of each cell that wires take; by
        matplotlib; returns its axes."""
        if what not in ("conductance", "ir_drop"):
            raise ValueError(f"{what!r}: one of conductance, ir_drop is expected")
        if what == "conductance":
            return draw_lines(self.G, f"{self.name}: conductance", "S", axes)
        if self.response.shape != self.G.shape:
            raise fault(f"tile {self.name}", "", "shares a unit column", "plot conductance")
        with np.errstate(divide="ignore", invalid="ignore"):
            lost = np.where(self.G > 0, 1.0 - self.response / self.G, 0.0)
        return draw_lines(lost, f"{self.name}: lost to wires", "share", axes)

    def __repr__(self) -> str:
        return f"MappedTile({self.name}, {self.G.shape[0]} x {self.G.shape[1]})"


class Mapped:
    """A network on crossbars: tiles by name, in the order of the layers."""

    def __init__(self, tables: Any):
        self._tables = tables
        figures = tables.cells()
        wires = figures["wires"] or None
        self.layers = tables.layers()
        self.tiles = {tile["name"]: MappedTile(tile, layer["name"], wires)
                      for layer in self.layers for block in layer["blocks"]
                      for tile in block["tiles"]}

    def __getitem__(self, name: str) -> MappedTile:
        """"LAYER:ROW:COLUMN", "LAYER:BLOCK:ROW:COLUMN", or a tile's own name."""
        own = _core.name_of_tile(name)
        if own not in self.tiles:
            raise fault("tile", repr(name), "is no crossbar of this network",
                        f"one of {', '.join(list(self.tiles)[:6])}, ...")
        return self.tiles[own]

    def __repr__(self) -> str:
        return f"Mapped({len(self.layers)} layers, {len(self.tiles)} tiles)"


def map_network(network: Network | str | pathlib.Path, calibration: Any, *, flow: Any = None,
                fidelity: str = "mesh", **tables: Mapping[str, Any]) -> Mapped:
    """Lays a network onto crossbars.

    calibration  images x ..., which set what drives the read voltage and the ADCs
    flow         a flow file, a shipped flow's name or a dict, for its machine
    tables       that go before it: mapping={"rows": 128}, array={"wire": "2 Ohm"}, device={...}
    fidelity     "ideal" or "mesh"; "calibrated" asks ngspice too
    """
    network = network if isinstance(network, Network) else Network(network)
    images = np.ascontiguousarray(calibration, dtype=np.float32)
    settings = read_machine(flow)
    for name, table in tables.items():
        settings[name] = {**settings.get(name, {}), **table}
    with tempfile.TemporaryDirectory(prefix="memspice_map_") as folder:
        path = pathlib.Path(folder)
        whole = {**settings, "fidelity": {"default": fidelity}, "data": write_data(path, images),
                 "network": {"file": str(network.file.resolve())}}
        return Mapped(_core.CrossbarTables(Flow(whole, folder=path, out=path / "out")._call()))
