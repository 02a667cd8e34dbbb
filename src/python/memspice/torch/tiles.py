"""A layer's tiles side by side: blocks of one shape in a stack, their row tiles one after another."""

from __future__ import annotations

import itertools
from typing import Any, Callable, NamedTuple

import numpy as np
import torch
from torch import Tensor

from memspice.torch.cells import Cells, pairs, side_by_side
from memspice.torch.geometry import Geometry


class RowTiles(NamedTuple):
    """The tiles of one row of every block of a stack: the same lines of each."""

    lines: Tensor | slice       # of the block's matrix, its bias row last
    first: int                  # input of the block
    count: int                  # inputs, without the bias
    has_bias: bool
    adc_range: Tensor | None    # of all outputs, block after block [A]


class Stack:
    """Blocks of one shape, which one grouped product computes."""

    def __init__(self, blocks: list[dict[str, Any]], geometry: Geometry, terms: int,
                 device: torch.device):
        self.blocks, self.terms, self.device = blocks, terms, device
        self.input_count, self.output_count = blocks[0]["input_count"], blocks[0]["output_count"]
        self.first_channel = blocks[0]["first_channel_in"]
        self.kernel_size = geometry.kernel_size
        self.channels = self.input_count // self.kernel_size
        self.gain = torch.as_tensor(np.stack([block["gain"] for block in blocks])).to(device)
        self.rows = [self._row_tiles(row) for row in range(blocks[0]["row_tiles"])]
        self.shares: list[Cells] = []
        self.offsets: list[Cells] = []

    @property
    def tile_count(self) -> int:
        return sum(len(block["tiles"]) for block in self.blocks)

    def _tiles(self, block: dict[str, Any], row: int) -> list[dict[str, Any]]:
        return [tile for tile in block["tiles"] if tile["row"] == row]

    def _row_tiles(self, row: int) -> RowTiles:
        one = self._tiles(self.blocks[0], row)[0]
        end = one["first_input"] + one["input_count"]
        lines: Tensor | slice = slice(one["first_input"], end + one["has_bias"])
        if one["has_bias"] and end != self.input_count:
            lines = torch.tensor([*range(one["first_input"], end), self.input_count],
                                 device=self.device)
        ranges = [tile["adc_range"] for block in self.blocks for tile in self._tiles(block, row)]
        adc = np.concatenate(ranges)
        return RowTiles(
            lines=lines, first=one["first_input"],
            count=one["input_count"], has_bias=one["has_bias"],
            adc_range=torch.as_tensor(adc).to(self.device) if adc.size else None)

    def cut(self, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Of the layer's groups (groups x inputs x outputs; bias: per output channel) those of this
        stack, a block's side by side on its diagonal: blocks x rows x outputs."""
        packed = self.input_count // weight.shape[1]  # groups of a block
        first = self.first_channel // (weight.shape[1] // self.kernel_size)
        mine = slice(first, first + packed * len(self.blocks))
        groups = weight[mine].reshape(len(self.blocks), packed, *weight.shape[1:])
        matrix = groups[:, 0] if packed == 1 else _on_diagonals(groups)
        if bias is None:
            return matrix
        row = bias.reshape(weight.shape[0], -1)[mine].reshape(len(self.blocks), 1, -1)
        return torch.cat([matrix, row], 1)

    def tile_cells(self, cells: Cells) -> list[np.ndarray]:
        """Each tile's, block after block."""
        return [side_by_side(Cells(*each)).detach().cpu().numpy()
                for each, _ in self._each_tile(cells)]

    @torch.no_grad()
    def set_responses(self, cells: Cells, responses: list[np.ndarray]) -> None:
        """Takes what the tiles of these cells answer, as the share that is left of each cell; of
        an open cell what its neighbours give in its place."""
        whole = [cells.map(lambda G: G[:, rows.lines].expand(-1, -1, self.output_count).clone())
                 for rows in self.rows]
        answers = [Cells(torch.zeros_like(G.plus), torch.zeros_like(G.minus)) for G in whole]
        for (_, (block, row, columns)), found in zip(self._each_tile(cells), responses):
            lines = pairs(torch.as_tensor(found).to(self.device))
            answers[row].plus[block][:, columns] = lines.plus
            answers[row].minus[block][:, columns] = lines.minus
        self.shares = [Cells(*map(_share, a, G)) for a, G in zip(answers, whole)]
        self.offsets = [Cells(*map(_offset, a, G)) for a, G in zip(answers, whole)]

    def effective(self, row: int, cells: Cells, weighed: Callable[[Tensor, int], Tensor],
                  dtype: torch.dtype) -> list[Tensor]:
        """The differential responses of a row of tiles, weighed in each way: blocks x lines x
        outputs [S]."""
        mine = cells.map(lambda G: G[:, self.rows[row].lines])
        plus, minus = (share.to(G.dtype) * G + offset.to(G.dtype)
                       for share, G, offset in zip(self.shares[row], mine, self.offsets[row]))
        return [(weighed(plus, q) - weighed(minus, q)).to(dtype) for q in range(self.terms)]

    def _each_tile(self, cells: Cells) -> list[tuple[tuple[Tensor, Tensor],
                                                     tuple[int, int, slice]]]:
        """Each tile's own cells, and its block, row and outputs."""
        found = []
        for b, block in enumerate(self.blocks):
            for tile in block["tiles"]:
                lines = self.rows[tile["row"]].lines
                columns = slice(tile["first_output"],
                                tile["first_output"] + tile["output_count"])
                minus = cells.minus[b][lines]
                minus = minus if minus.shape[-1] != self.output_count else minus[:, columns]
                found.append(((cells.plus[b][lines][:, columns], minus),
                              (b, tile["row"], columns)))
        return found


def stacks_of(table: dict[str, Any], geometry: Geometry, terms: int,
              device: torch.device) -> list[Stack]:
    """Neighbouring blocks of one shape together."""
    def shape(block: dict[str, Any]) -> tuple[int, ...]:
        return block["input_count"], block["output_count"], block["row_tiles"]

    return [Stack(list(blocks), geometry, terms, device)
            for _, blocks in itertools.groupby(table["blocks"], shape)]


def _on_diagonals(groups: Tensor) -> Tensor:
    """blocks x groups x inputs x outputs -> blocks x all inputs x all outputs, zero off the
    diagonal."""
    blocks, count, inputs, outputs = groups.shape
    eye = torch.eye(count, dtype=groups.dtype, device=groups.device)
    spread = groups.unsqueeze(3) * eye.view(1, count, 1, count, 1)
    return spread.reshape(blocks, count * inputs, count * outputs)


def _share(answer: Tensor, G: Tensor) -> Tensor:
    return torch.where(G > 0, answer / G, torch.ones_like(G))


def _offset(answer: Tensor, G: Tensor) -> Tensor:
    return torch.where(G > 0, torch.zeros_like(G), answer)
