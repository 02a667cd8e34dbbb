"""Layers on tiles: what a flow's crossbar layers compute, in PyTorch's operations.

    V = U DAC(x / x_max),  D = Gd_eff^T f(V),  y = sum over row tiles of scale gain ADC(D)

Gd_eff is G times the share that wires leave of each cell, found exactly for the weights of the last
refresh. Between refreshes the shares stand while weights move: they are smooth in them.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from memspice.torch.cells import Cells, Window
from memspice.torch.effects import Effects
from memspice.torch.geometry import Geometry, geometry_of
from memspice.torch.rounding import Bend, convert, steps_of
from memspice.torch.tiles import Stack, stacks_of


class AnalogLayer(nn.Module):
    """One Linear, convolution or transposed convolution on crossbars.

    layer      the module that it was, whose weight and bias it computes with
    x_max      input that drives the read voltage; a parameter where ranges are learned
    """

    def __init__(self, layer: nn.Module, learn_range: bool):
        super().__init__()
        self.layer = layer
        self.geometry: Geometry = geometry_of(layer)
        # As memspice has it: a whole number of bits in single precision.
        self.x_max = nn.Parameter(torch.ones(()), requires_grad=learn_range)
        self.stacks: list[Stack] = []
        self.draws_in_evaluation = False

    @property
    def draws(self) -> bool:
        """Whether a call draws the flow's effects."""
        return self.training or self.draws_in_evaluation

    def set_tables(self, table: dict[str, Any], figures: dict[str, Any],
                   effects: Effects) -> None:
        """Takes the tables of the flow's crossbars (memspice._core.CrossbarTables)."""
        device = self.layer.weight.device
        self.window, self.effects = Window(figures), effects
        self.read_voltage = figures["read_voltage"]
        self.signed, self.digital_bias = table["signed_input"], table["digital_bias"]
        self.dac_steps = steps_of(figures["dac_bits"], self.signed)
        self.adc_steps = steps_of(figures["adc_bits"], True)
        self.bending = _Bending(table, self.read_voltage)
        with torch.no_grad():
            self.x_max.fill_(table["x_max"])
        self.stacks = stacks_of(table, self.geometry, self.bending.terms, device)

    # ---- weights ------------------------------------------------------------------------------

    def matrices(self, dtype: torch.dtype) -> list[Tensor]:
        """What the crossbars carry, per stack: blocks x rows (the bias last) x outputs."""
        weight = self.geometry.matrix(self.layer.weight.to(dtype))
        has_row = self.layer.bias is not None and not self.digital_bias
        bias = self.layer.bias.to(dtype) / self.x_max.to(dtype) if has_row else None
        return [stack.cut(weight, bias) for stack in self.stacks]

    def programmed(self, dtype: torch.dtype) -> tuple[list[Cells], list[Tensor]]:
        """Cells of the weights as they are, and per output the weight that takes the window."""
        matrices = self.matrices(dtype)
        largest = torch.stack([m.detach().abs().max() for m in matrices]).max()
        largest = torch.where(largest > 0, largest, torch.ones_like(largest))
        scales = []
        for matrix in matrices:
            scale = largest.expand(matrix.shape[0], matrix.shape[2])
            if self.window.scale_by_output:
                own = matrix.detach().abs().amax(1)
                scale = torch.where(own > 0, own, scale)
            scales.append(scale)
        cells = [self.window.program(m / s.unsqueeze(1)) for m, s in zip(matrices, scales)]
        return cells, scales

    def clip_weights(self, deviations: float) -> None:
        """Cuts weights beyond so many deviations: the window is then the others' as well."""
        with torch.no_grad():
            weight = self.layer.weight
            limit = deviations * weight.std()
            weight.clamp_(-limit, limit)

    # ---- refresh ------------------------------------------------------------------------------

    def tile_cells(self, cells: list[Cells]) -> list[Any]:
        """Of every tile, from programmed() in double precision: as memspice solves them [S]."""
        return [tile for stack, each in zip(self.stacks, cells) for tile in stack.tile_cells(each)]

    def set_responses(self, cells: list[Cells], responses: list[Any]) -> None:
        """Takes what tile_cells() of these answer, in their order."""
        for stack, each in zip(self.stacks, cells):
            stack.set_responses(each, responses[:stack.tile_count])
            responses = responses[stack.tile_count:]

    # ---- the layer ----------------------------------------------------------------------------

    def forward(self, x: Tensor) -> Tensor:
        """What the layer's tiles make of its input, in the network's units."""
        # Levels as memspice finds them ask for double precision; a step of training does not.
        dtype = self.layer.weight.dtype if self.training else torch.float64
        cells, scales = self.programmed(dtype)
        if self.draws and self.effects.any:
            cells = [self.effects.draw(each) for each in cells]
        V = self.drive(x)
        y = None
        for stack, each, scale in zip(self.stacks, cells, scales):
            part = self._add_tiles(stack, each, scale, V)
            y = part if y is None else torch.cat([y, part], self.geometry.channel_axis)
        y = self.geometry.fold(y, x)
        if self.digital_bias and self.layer.bias is not None:
            y = y + self.geometry.along_channels(self.layer.bias)
        return y

    def drive(self, x: Tensor) -> Tensor:
        """Word-line voltages of an input [V]."""
        x = self.geometry.pad(x)
        return convert(x, self.x_max, self.read_voltage / self.x_max, self.dac_steps, self.signed)

    def _add_tiles(self, stack: Stack, cells: Cells, scale: Tensor, V: Tensor) -> Tensor:
        """The sum over a stack's row tiles, behind their ADCs."""
        noisy = self.draws and self.effects.is_noisy
        if noisy:
            variances = cells.map(self.effects.variance)
            cells = cells.map(self.effects.mean)
        # To single precision, as memspice has it [1/A]; gains of what wires take behind.
        per_ampere = scale * (self.x_max / (self.read_voltage * self.window.width))
        factor = self._along((per_ampere.to(V.dtype) * stack.gain).flatten())
        powers = self.bending.powers_of(V)
        y = 0.0
        for row, tiles in enumerate(stack.rows):
            matrices = stack.effective(row, cells, self.bending.weighed, V.dtype)
            bias = self.bending.bias_of(matrices) if tiles.has_bias else None
            D = self.geometry.multiply(powers, matrices, tiles, stack, bias)
            if noisy:
                D = D + self._noise(stack, row, variances, V)
            y = y + self._read(D, tiles.adc_range, factor)
        return y

    def _read(self, D: Tensor, adc_range: Tensor | None, factor: Tensor) -> Tensor:
        if adc_range is None or self.adc_steps == 0:
            return D * factor
        return convert(D, self._along(adc_range.to(D.dtype)), factor, self.adc_steps, True)

    @torch.no_grad()
    def _noise(self, stack: Stack, row: int, variances: Cells, V: Tensor) -> Tensor:
        """A read's, of all cells of an output together [A]."""
        tiles = stack.rows[row]
        both = (variances.plus + variances.minus)[:, tiles.lines].to(V.dtype)
        bias = both[:, -1] * self.read_voltage**2 if tiles.has_bias else None
        total = self.geometry.multiply([V**2], [both], tiles, stack, bias)
        return total.clamp(min=0.0).sqrt() * torch.randn_like(total)

    def _along(self, per_output: Tensor) -> Tensor:
        return self.geometry.along_outputs(per_output)

    def extra_repr(self) -> str:
        """For print: how many tiles, and what the DACs cover."""
        tiles = sum(stack.tile_count for stack in self.stacks)
        return f"{tiles} tiles, inputs to {self.x_max.item():.3g}"


class _Bending:
    """f(V) = V + sum_p a_p U (V/U)^p, and where cells bend as they conduct sums weighed by
    (G_eff / G_scale)^q (tile::Calibration)."""

    def __init__(self, table: dict[str, Any], read_voltage: float):
        self.U, self.exponents = read_voltage, table["powers"]
        self.factors = [list(table["coefficients"])]
        by_conductance = table["by_conductance"]
        self.factors += [list(by_conductance[:, q]) for q in range(by_conductance.shape[1])]
        self.G_scale = table["conductance_scale"]

    @property
    def terms(self) -> int:
        return len(self.factors)

    def powers_of(self, V: Tensor) -> list[Tensor]:
        """What each matrix of `weighed` is multiplied with [V]."""
        return [Bend.apply(V, self.U, self.exponents, factors, 1.0 if q == 0 else 0.0)
                if factors else V for q, factors in enumerate(self.factors)]

    def weighed(self, G_eff: Tensor, q: int) -> Tensor:
        return G_eff if q == 0 else G_eff * (G_eff / self.G_scale) ** q

    def bias_of(self, matrices: list[Tensor]) -> Tensor:
        """What the bias word line, at the read voltage, adds to each output: blocks x outputs [A]."""
        U = torch.full((), self.U, dtype=matrices[0].dtype, device=matrices[0].device)
        driven = self.powers_of(U)
        return sum(matrix[:, -1] * volts for matrix, volts in zip(matrices, driven))
