"""How cells differ from what they were programmed to, drawn anew at each step of a training.

The laws and their order are those of a run's [nonideality]: programming error, cycle to cycle,
device to device, drift, stuck cells, open lines; noise at each read. Drift has its time at random,
log-uniform between t0 and the last of the flow's times; where the flow compensates for it, a layer's
cells are scaled back by what they lost together.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from memspice.torch.cells import Cells


class Effects:
    """The figures of a flow's [nonideality]; all draws come from PyTorch's own generators."""

    def __init__(self, figures: dict[str, Any], g_max: float):
        self.figures, self.g_max = figures, g_max
        self.drifts = bool(figures["times"]) and (
            figures["drift_law"] == "phase_change" or figures["nu"] != 0.0
            or figures["nu_sigma"] != 0.0)

    @property
    def any(self) -> bool:
        """Whether any effect acts on the cells."""
        f = self.figures
        sizes = ("device_to_device", "cycle_to_cycle", "programming", "stuck_on", "stuck_off",
                 "open_word_lines", "open_bit_lines")
        return self.drifts or f["programming_law"] == "phase_change" or any(f[k] for k in sizes)

    @property
    def is_noisy(self) -> bool:
        """Whether each read differs."""
        f = self.figures
        return bool(f["read_noise"] or f["read_noise_relative"]
                    or f["telegraph_amplitude"] * f["telegraph_probability"])

    def draw(self, target: Cells) -> Cells:
        """One chip's cells, programmed once and read at one time."""
        spread = target.map(self._spread)
        if self.drifts:
            spread = self._drift(spread, target)
        stuck = spread.map(self._stick)
        return self._open(stuck) if self._opens() else stuck

    def variance(self, G: Tensor) -> Tensor:
        """Of a cell at each read [S^2]; its telegraph noise as a normal one of the same variance."""
        f = self.figures
        share = f["telegraph_probability"]
        traps = f["telegraph_amplitude"] ** 2 * share * (1.0 - share)
        return f["read_noise"] ** 2 + (f["read_noise_relative"] ** 2 + traps) * G**2

    def mean(self, G: Tensor) -> Tensor:
        """Of a cell over its reads [S]."""
        f = self.figures
        return G * (1.0 - f["telegraph_amplitude"] * f["telegraph_probability"])

    def _spread(self, G: Tensor) -> Tensor:
        f = self.figures
        if f["programming_law"] == "phase_change":
            G = (G + self._phase_change_sigma(G.detach()) * torch.randn_like(G)).clamp(min=0.0)
        elif f["programming"]:
            G = (G + f["programming"] * torch.randn_like(G)).clamp(min=0.0)
        if f["cycle_to_cycle"]:
            G = G * torch.exp(f["cycle_to_cycle"] * torch.randn_like(G))
        if f["device_to_device"]:
            sigma = f["device_to_device"]
            shift = 0.5 * sigma**2 if f["keeps_mean"] else 0.0
            G = G * torch.exp(sigma * torch.randn_like(G) - shift)
        return G

    def _phase_change_sigma(self, G: Tensor) -> Tensor:
        g = G / self.g_max
        return self.g_max / 25.0 * (0.26348 + 1.9650 * g - 1.1731 * g**2)

    def _exponents(self, target: Tensor) -> Tensor:
        f = self.figures
        z = torch.randn_like(target)
        if f["drift_law"] != "phase_change":
            return f["nu"] + f["nu_sigma"] * z
        log_g = torch.log((target / self.g_max).clamp(min=1e-30))
        mean = (-0.0155 * log_g + 0.0244).clamp(0.049, 0.1)
        sigma = (-0.0125 * log_g - 0.0059).clamp(0.008, 0.045)
        return (mean + sigma * z).abs()

    def _drift(self, G: Cells, target: Cells) -> Cells:
        f = self.figures
        log_time = torch.rand(()).item() * math.log(max(f["times"]) / f["t0"])
        lost = [torch.exp(-self._exponents(t.detach()) * log_time) for t in target]
        aged = Cells(G.plus * lost[0], G.minus * lost[1])
        if not f["compensated"]:
            return aged
        before = (G.plus - G.minus).detach().abs().sum()
        after = (aged.plus - aged.minus).detach().abs().sum()
        factor = before / after.clamp(min=torch.finfo(after.dtype).tiny)
        return aged.map(lambda cells: cells * factor)

    def _stick(self, G: Tensor) -> Tensor:
        f = self.figures
        if not (f["stuck_on"] or f["stuck_off"]):
            return G
        u = torch.rand_like(G)
        G = torch.where(u < f["stuck_on"], torch.full_like(G, f["on_conductance"]), G)
        return torch.where(1.0 - u <= f["stuck_off"], torch.full_like(G, f["off_conductance"]), G)

    def _opens(self) -> bool:
        return bool(self.figures["open_word_lines"] or self.figures["open_bit_lines"])

    def _open(self, G: Cells) -> Cells:
        """Word lines are of both columns, bit lines of one."""
        words = torch.rand_like(G.plus[..., :1]) >= self.figures["open_word_lines"]
        chance = self.figures["open_bit_lines"]
        return G.map(lambda cells: cells * words * (torch.rand_like(cells[..., :1, :]) >= chance))
