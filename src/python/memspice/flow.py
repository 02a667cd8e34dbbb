"""Whole flows: a trained network and a device, from float to calibrated tiles."""

from __future__ import annotations

import copy
import json
import pathlib
import re
import shutil
import tempfile
import tomllib
import weakref
from typing import Any, Mapping

import numpy as np

from memspice import _core


def _toml(value: Any) -> str:
    """A value as a flow file writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, (int, float, np.integer, np.floating)):
        return repr(float(value)) if isinstance(value, (float, np.floating)) else str(int(value))
    return json.dumps(str(value), ensure_ascii=False)


def read_settings(flow: str | pathlib.Path | Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a flow file, of a shipped flow by its name, or of a dict; files that they name
    relative to the flow's folder by their whole paths."""
    if isinstance(flow, Mapping):
        return copy.deepcopy(dict(flow))
    path = pathlib.Path(_core.find_flow(str(flow)))
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    for table, key in (("device", "card"), ("array", "technology"), ("network", "file")):
        named = settings.get(table, {}).get(key, "")
        if named.endswith((".toml", ".onnx")):
            settings[table][key] = str((path.parent / named).resolve())
    return settings


# What of a flow is the machine's; network and data may come from elsewhere.
MACHINE = ("seed", "device", "array", "mapping", "converters", "characterize", "fidelity",
           "nonideality", "monte_carlo", "spice", "path")


def read_machine(flow: str | pathlib.Path | Mapping[str, Any] | None) -> dict[str, Any]:
    """Its tables without network, data and studies; none: defaults."""
    if flow is None:
        return {}
    return {name: table for name, table in read_settings(flow).items() if name in MACHINE}


def write_data(folder: pathlib.Path, calibration: np.ndarray, images: np.ndarray | None = None,
               labels: np.ndarray | None = None) -> dict[str, Any]:
    """Writes images for a flow's [data] and returns that table. Without images a dark one is
    scored, for flows that only calibrate; without labels all are 0."""
    images = np.zeros_like(calibration[:1]) if images is None else images
    labels = np.zeros(len(images)) if labels is None else labels
    arrays = {"images": images, "labels": labels.astype(np.int32), "calibration": calibration,
              "calibration_labels": np.zeros(len(calibration), np.int32)}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return {"kind": "npy", "images": "images.npy", "labels": "labels.npy",
            "calibration_images": "calibration.npy",
            "calibration_labels": "calibration_labels.npy", "calibration_limit": len(calibration)}


def draw_lines(values: np.ndarray, title: str, unit: str, axes: Any = None) -> Any:
    """Values of word lines x bit lines as colours, by matplotlib; returns its axes."""
    import matplotlib.pyplot as plt  # only who draws needs it

    axes = axes or plt.figure().add_subplot()
    image = axes.imshow(values, cmap="viridis")
    axes.set(title=title, xlabel="bit line", ylabel="word line")
    axes.figure.colorbar(image, ax=axes, label=unit)
    return axes


def overridden(flow: str | pathlib.Path | Mapping[str, Any],
               overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The same with values in the place of some: {"array.wire": "5 Ohm"}."""
    settings = read_settings(flow)
    for name, value in overrides.items():
        *tables, key = name.split(".")
        table = settings
        for inner in tables:
            table = table.setdefault(inner, {})
        table[key] = value
    return settings


def write_settings(settings: Mapping[str, Any], path: pathlib.Path) -> None:
    """A flow file of these tables: {"device": {"levels": 16}}."""
    path.write_text("\n".join(_lines_of(settings, "")) + "\n", encoding="utf-8")


def _lines_of(table: Mapping[str, Any], name: str) -> list[str]:
    """Its own keys first, then the tables in it."""
    lines = [f"{json.dumps(key)} = {_toml(value)}" for key, value in table.items()
             if not isinstance(value, Mapping)]
    for key, inner in table.items():
        if isinstance(inner, Mapping):
            whole = f"{name}.{json.dumps(key)}" if name else json.dumps(key)
            lines += ["", f"[{whole}]", *_lines_of(inner, whole)]
    return lines


class Result:
    """What a run found: results.json as attributes.

    accuracy   by fidelity, 0 .. 1: {"float": 0.9185, "ideal": ...}
    layers     a list of dicts, one per layer, as pandas.DataFrame takes it
    confusion  by fidelity: label x prediction, counts (of networks that name a class)
    energy     of an image, all that is priced [J]; None without a cost model
    folder     where results.json and report.html lie
    """

    def __init__(self, text: str, folder: str):
        self._text = text
        self.results: dict[str, Any] = json.loads(text)
        self.folder = pathlib.Path(folder)

    @property
    def accuracy(self) -> dict[str, float]:
        passes = self.results["accuracy"].items()
        return {name: share["value"] for name, share in passes if share and name != "answer"}

    @property
    def answer(self) -> dict[str, Any]:
        """The accuracy that the run answers with: value, interval, images, trusted, meaning."""
        return self.results["accuracy"]["answer"]

    @property
    def layers(self) -> list[dict[str, Any]]:
        """One for each layer: its tiles, errors, cost."""
        return self.results["layers"]

    @property
    def confusion(self) -> dict[str, np.ndarray]:
        found = self.results.get("classes") or {}
        return {name: np.array(rows) for name, rows in found.get("confusion", {}).items()}

    @property
    def energy(self) -> float | None:
        return self.results["energy_total_joule"]

    @property
    def predictions(self) -> dict[str, np.ndarray]:
        """label, prediction_PASS and scores_PASS of each image; of flows with [output] predictions
        and format "npz"."""
        path = self.folder / "predictions.npz"
        if not path.exists():
            raise FileNotFoundError(f"{path}: run with overrides={{\"output.predictions\": True, "
                                    "\"output.format\": \"npz\"}")
        with np.load(path) as arrays:
            return dict(arrays)

    def to_json(self) -> str:
        """results.json, as it was written."""
        return self._text

    def _repr_html_(self) -> str:
        """The page's sections with their style, for a notebook."""
        page = (self.folder / "report.html").read_text(encoding="utf-8")
        style = re.search(r"<style>.*?</style>", page, re.DOTALL)
        main = re.search(r"<main>.*</main>", page, re.DOTALL)
        return (style.group(0) if style else "") + (main.group(0) if main else page)

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {100 * value:.2f} %" for name, value in self.accuracy.items())
        return f"Result({self.results['flow']}: {shares})"


class Tile:
    """One crossbar under an input that an image gives it, cell by cell.

    name, vector                    which, and which vector of the image drives it
    conductance                     word lines x bit lines [S]
    word_line_voltage, bit_line_voltage, voltage_lost [V], current [A]: of each cell
    spice                           the same of ngspice, where it was asked
    """

    def __init__(self, name: str, vector: int, cells: Mapping[str, np.ndarray],
                 spice: Mapping[str, np.ndarray] | None):
        self.name, self.vector = name, vector
        self.conductance = cells["conductance"]
        self.word_line_voltage = cells["word_line_voltage"]
        self.bit_line_voltage = cells["bit_line_voltage"]
        self.voltage_lost = cells["voltage_lost"]
        self.current = cells["current"]
        self.spice = Tile(name, vector, spice, None) if spice is not None else None

    def plot(self, what: str = "voltage_lost", axes: Any = None) -> Any:
        """A picture of conductance, voltage_lost or current, by matplotlib; returns its axes."""
        units = {"conductance": "S", "voltage_lost": "V", "current": "A",
                 "word_line_voltage": "V", "bit_line_voltage": "V"}
        if what not in units:
            raise ValueError(f"{what!r}: one of {', '.join(units)} is expected")
        title = f"{self.name}: {what.replace('_', ' ')}"
        return draw_lines(getattr(self, what), title, units[what], axes)


class Flow:
    """A flow file, the name of a shipped one, or its tables as a dict.

    folder     of a dict: where its flow.toml is written, and what it names lies; a temporary one
               unless given
    overrides  values in the place of the file's: {"array.wire": "5 Ohm", "data.limit": 1000}
    variant    of a file that holds several runs
    out        folder for results; default as of the command line
    trust      the file may name a libngspice and a store outside its folder
    """

    def __init__(self, file: str | pathlib.Path | Mapping[str, Any],
                 overrides: Mapping[str, Any] | None = None, *, variant: str = "",
                 folder: str | pathlib.Path | None = None, out: str | pathlib.Path | None = None,
                 seed: int | None = None, jobs: int = 0, trust: bool = False):
        if isinstance(file, Mapping):
            if folder is None:
                folder = tempfile.mkdtemp(prefix="memspice_flow_")
                weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            path = pathlib.Path(folder) / "flow.toml"
            write_settings(file, path)
            file = path
        self.file = str(file)
        self._settings = ([f"{key}={_toml(value)}" for key, value in (overrides or {}).items()],
                          variant, str(out or ""), "" if seed is None else str(seed), jobs)
        self._trust = trust

    def _call(self, progress: bool = False) -> Any:
        return _core.FlowCall(self.file, *self._settings, progress, self._trust)

    def check(self) -> list[str]:
        """Opens and cross-checks everything a run needs; what was found, a line each."""
        return _core.check_flow(self._call())

    def map(self) -> dict[str, Any]:
        """Crossbars, cost and schemes of the network, before any run: part of results.json."""
        return json.loads(_core.map_flow(self._call()))

    def run(self, progress: bool = False) -> Result:
        """Characterizes, simulates, reports. progress: bars on standard error."""
        return Result(*_core.run_flow(self._call(progress), False))

    def simulate(self, progress: bool = False) -> Result:
        """The same on tiles that were characterized before into the same folder."""
        return Result(*_core.run_flow(self._call(progress), True))

    def tile(self, name: str, *, image: int = 0, vector: int | None = None,
             spice: bool = False) -> Tile:
        """The crossbar "LAYER:ROW:COLUMN" under an input that a scored image gives it; the one
        that drives it hardest unless `vector` names another."""
        return Tile(*_core.show_tile(self._call(), name, image, vector, spice))

    def images(self, calibration: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """What the flow scores, or calibrates with: images x channels x height x width as the
        network takes them, and a label each, or one for each pixel."""
        return _core.images(self._call(), calibration)

    def __repr__(self) -> str:
        return f"Flow({self.file!r})"
