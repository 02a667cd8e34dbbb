"""One crossbar with line resistance, solved exactly."""

from __future__ import annotations

import functools
from typing import Any, Literal

import numpy as np

from memspice import _core

Engine = Literal["mesh", "ngspice"]


def _matrix(values: Any, name: str) -> np.ndarray:
    """Two axes of float64; anything else is refused with its shape."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: numbers are expected, not {array.dtype}")
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name}: a matrix is expected, not an array of shape {array.shape}")
    return np.asfortranarray(array, dtype=np.float64)


def _figures(wire: float, wire_row: float | None, wire_column: float | None, driver: float,
             sense: float, alpha: float) -> Any:
    return _core.ArrayFigures(wire_row=wire if wire_row is None else wire_row,
                              wire_column=wire if wire_column is None else wire_column,
                              driver=driver, sense=sense, alpha=alpha)


class Solution:
    """What one crossbar does under input vectors.

    currents   into the senses: vectors x bit lines [A], or one axis where V had one
    power      of the whole array by vector [W]; None where the engine tells none
    facts      engine, method, seconds, iterations, residual, bound: how it was solved; bound is
               that of all currents together [A] where a certificate was asked for
    """

    def __init__(self, currents: np.ndarray, power: np.ndarray | None, facts: dict[str, Any],
                 solve_nodes: Any, is_single: bool):
        self.currents = currents[0] if is_single else currents
        self.power = power
        self.facts = facts
        self._solve_nodes = solve_nodes

    @functools.cached_property
    def _nodes(self) -> tuple[np.ndarray, np.ndarray]:
        return self._solve_nodes()

    def node_voltages(self) -> tuple[np.ndarray, np.ndarray]:
        """Of word lines and of bit lines at each crossing [V], each vectors x word lines x bit
        lines. Solved at the first call."""
        return self._nodes

    def __repr__(self) -> str:
        return f"Solution(currents of shape {self.currents.shape}, {self.facts['engine']})"


def solve(G: Any, V: Any, *, wire: float = 0.0, wire_row: float | None = None,
          wire_column: float | None = None, driver: float = 0.0, sense: float = 0.0,
          alpha: float = 0.0, engine: Engine = "mesh", certificate: bool = False) -> Solution:
    """Solves a crossbar of conductances G under inputs V.

    G            word lines x bit lines [S], 0: an open cell
    V            one vector, word lines, or vectors x word lines [V]
    wire         per segment of word and bit lines [Ohm]; wire_row, wire_column: of one of them
    driver       resistance of each driver, sense: from a bit line's end to virtual ground [Ohm]
    alpha        cells I = G sinh(alpha v) / alpha [1/V]; 0: ohmic
    engine       "mesh", memspice's own solver, or "ngspice"
    certificate  with ngspice: bound the error by ngspice's own residual (Solution.facts["bound"])

    Raises ValueError (InputError) for values that no array has and RunError where no solution is
    found. Ctrl-C raises KeyboardInterrupt.
    """
    if engine not in ("mesh", "ngspice"):
        raise ValueError(f"engine: {engine!r}: \"mesh\" or \"ngspice\" is expected")
    if certificate and engine != "ngspice":
        raise ValueError("certificate: is what ngspice says of an answer; give engine=\"ngspice\"")
    conductances = _matrix(G, "G")
    is_single = np.ndim(V) == 1
    inputs = _matrix(np.atleast_2d(V), "V")
    if inputs.shape[1] != conductances.shape[0]:
        raise ValueError(f"V: {inputs.shape[1]} voltages a vector, but G has "
                         f"{conductances.shape[0]} word lines")
    figures = _figures(wire, wire_row, wire_column, driver, sense, alpha)

    def nodes() -> tuple[np.ndarray, np.ndarray]:
        _, _, word, bit, _ = _core.solve(conductances, inputs, figures, engine, False, True)
        return np.stack(word), np.stack(bit)

    currents, power, _, _, facts = _core.solve(conductances, inputs, figures, engine, certificate,
                                               False)
    return Solution(currents, power if power.size else None, facts, nodes, is_single)


def response(G: Any, *, wire: float = 0.0, wire_row: float | None = None,
             wire_column: float | None = None, driver: float = 0.0,
             sense: float = 0.0) -> np.ndarray:
    """G_eff of ohmic cells, word lines x bit lines [S]: currents are V @ G_eff. Arguments as of
    solve."""
    return _core.response(_matrix(G, "G"), _figures(wire, wire_row, wire_column, driver, sense, 0.0))
