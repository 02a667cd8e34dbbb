"""Weights as the conductances of a layer's crossbars, in the mapping's form.

    G+ = zero + max(w, 0)/w_max width,   G- = zero + max(-w, 0)/w_max width     pairs
    G  = zero + w/w_max width,           unit cells at zero                     unit column
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from memspice.torch.rounding import straight_through


class Cells(NamedTuple):
    """Conductances [S], each blocks x rows x outputs; minus of a unit column: blocks x rows x 1."""

    plus: Tensor
    minus: Tensor

    def map(self, change: Any) -> "Cells":
        return Cells(change(self.plus), change(self.minus))


class Window:
    """What conductances cells may have, and what weights become of them."""

    def __init__(self, figures: dict[str, Any]):
        self.g_min, self.g_max = figures["g_min"], figures["g_max"]
        self.levels = figures["levels"]
        self.zero, self.width = figures["zero"], figures["width"]
        self.unit_column = figures["unit_column"]
        self.scale_by_output = figures["scale_by_output"]

    def quantize(self, G: Tensor) -> Tensor:
        """The nearest programmable conductances."""
        if self.levels == 0:
            return straight_through(G, G.clamp(self.g_min, self.g_max))
        step = (self.g_max - self.g_min) / (self.levels - 1)
        codes = torch.round((G.detach() - self.g_min) / step).clamp_(0, self.levels - 1)
        return straight_through(G, self.g_min + codes * step)

    def program(self, shares: Tensor) -> Cells:
        """Cells of weights w / w_max: blocks x rows x outputs."""
        if self.unit_column:
            unit = torch.zeros_like(shares[..., :1])
            return Cells(shares, unit).map(lambda w: self.quantize(self.zero + w * self.width))
        return Cells(shares.clamp(min=0.0), (-shares).clamp(min=0.0)).map(
            lambda w: self.quantize(self.zero + w * self.width))


def side_by_side(cells: Cells) -> Tensor:
    """Pairs in neighbouring columns, or the unit column last: ... x rows x bit lines."""
    if cells.minus.shape[-1] == 1:
        return torch.cat([cells.plus, cells.minus], -1)
    return torch.stack([cells.plus, cells.minus], -1).flatten(-2)


def pairs(lines: Tensor) -> Cells:
    """Of neighbouring columns, plus first."""
    return Cells(lines[..., 0::2], lines[..., 1::2])
