"""Models of memristors: what their cards say, how they switch, what measurements make of them.

    loop = memspice.device.trace("vteam", amplitude=0.3, frequency=1e6)
    fit = memspice.device.fit("sweeps.csv", out="mine.toml")
    memspice.Flow("lenet5_fashion", {"device.card": "mine.toml"}).run()
"""

from __future__ import annotations

import json
import os
from typing import Any, Literal, Mapping, Sequence

import numpy as np

from memspice import _core


def _arguments(words: Mapping[str, Any], settings: Mapping[str, Any] | None = None,
               files: Sequence[str] = ()) -> Any:
    given = {name: str(word) for name, word in words.items() if word is not None}
    return _core.DeviceArguments(given, [f"{k}={v}" for k, v in (settings or {}).items()],
                                 list(files))


def models(folder: str | os.PathLike[str] | None = None) -> list[dict[str, Any]]:
    """The shipped models and those below a folder: model, engines, cards, folder."""
    return json.loads(_core.list_models(_arguments({"folder": folder})))


def card(model: str, card: str | None = None, **settings: Any) -> dict[str, Any]:
    """What a card says: parameters with value, unit and source. model: a name, or the path of a
    card; without `card` the model's first."""
    return json.loads(_core.show_model(_arguments({"model": model, "card": card}, settings)))


def trace(model: str, card: str | None = None, *, settings: Mapping[str, Any] | None = None,
          drive: Literal["sin", "triangle", "pulse"] = "sin", amplitude: float = 1.0,
          frequency: float = 1.0, cycles: int = 1, series: float = 0.0,
          temperature: float | None = None, engine: Literal["ode", "ngspice"] = "ode",
          points: int = 1001) -> dict[str, np.ndarray]:
    """One device under a drive: time [s], voltage across it [V], current [A], state [1] and
    resistance [Ohm], each of so many points.

    settings  of the card: {"r_on": "1 kOhm"}; amplitude [V], frequency [Hz], series [Ohm],
    temperature [K] of models that have one. Throws InputError and RunError.
    """
    words = {"model": model, "card": card, "drive": drive, "amplitude": amplitude,
             "frequency": frequency, "series": series, "temperature": temperature,
             "engine": engine}
    return _core.trace(_arguments(words, settings), cycles, points)


def fit(data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], *,
        out: str | os.PathLike[str] | None = None, model: str | None = None,
        kind: str | None = None, columns: str | None = None, base: str | None = None,
        plot: str | os.PathLike[str] | None = None,
        settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Fits a card to measurements of one device, as `memspice device fit` does: figures with value,
    unit, interval (95 %) and basis; residuals; undetermined; notes. out: the card, FILE.toml."""
    files = [data] if isinstance(data, (str, os.PathLike)) else list(data)
    words = {"out": out, "model": model, "kind": kind, "columns": columns, "base": base,
             "plot": plot}
    return json.loads(_core.fit(_arguments(words, settings, [os.fspath(f) for f in files])))
