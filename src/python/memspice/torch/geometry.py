"""How a layer's inputs reach its matrix, and its outputs come back: rows in im2col order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from memspice.torch.tiles import RowTiles, Stack

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d)
ANALOG = (nn.Linear, *CONVOLUTIONS, *TRANSPOSED)


class Geometry:
    """Of a Linear layer; others differ in what follows."""

    kernel_size = 1     # rows of the matrix per input channel
    channel_axis = -1

    def __init__(self, layer: nn.Module):
        self.layer = layer

    def matrix(self, weight: Tensor) -> Tensor:
        """groups x inputs x outputs."""
        return weight.t().unsqueeze(0)

    def pad(self, x: Tensor) -> Tensor:
        return x

    def multiply(self, inputs: Sequence[Tensor], matrices: Sequence[Tensor], tiles: RowTiles,
                 stack: Stack, bias: Tensor | None) -> Tensor:
        """Sum of matrices^T inputs over a row of tiles, and the bias; matrices: blocks x lines x
        outputs, of which the bias's own line is not looked at."""
        lines = slice(tiles.first, tiles.first + tiles.count)
        total = sum(x[..., lines] @ matrix[0, :tiles.count]
                    for x, matrix in zip(inputs, matrices))
        return total if bias is None else total + bias[0]

    def fold(self, y: Tensor, x: Tensor) -> Tensor:
        return y

    def along_outputs(self, per_output: Tensor) -> Tensor:
        return per_output

    def along_channels(self, per_channel: Tensor) -> Tensor:
        return per_channel


class _Convolution(Geometry):
    channel_axis = 1

    def __init__(self, layer: nn.Module):
        super().__init__(layer)
        self.dims = len(layer.kernel_size)
        self.window = layer.kernel_size
        self.kernel_size = _product(layer.kernel_size)
        self.convolve = {1: F.conv1d, 2: F.conv2d}[self.dims]
        self.steps = {"stride": layer.stride, "padding": layer.padding,
                      "dilation": layer.dilation}
        if layer.padding_mode != "zeros":
            self.steps["padding"] = 0

    def matrix(self, weight: Tensor) -> Tensor:
        groups = self.layer.groups
        return weight.reshape(groups, weight.shape[0] // groups, -1).transpose(1, 2)

    def pad(self, x: Tensor) -> Tensor:
        mode = self.layer.padding_mode
        if mode == "zeros":
            return x
        return F.pad(x, self.layer._reversed_padding_repeated_twice, mode=mode)

    def multiply(self, inputs: Sequence[Tensor], matrices: Sequence[Tensor], tiles: RowTiles,
                 stack: Stack, bias: Tensor | None) -> Tensor:
        # Lines that end within a channel: the rest of its kernel is zero.
        first = tiles.first // self.kernel_size
        last = -(-(tiles.first + tiles.count) // self.kernel_size)
        beyond = (tiles.first - first * self.kernel_size,
                  last * self.kernel_size - tiles.first - tiles.count)
        offset = None if bias is None else bias.flatten()
        total = None
        for x, matrix in zip(inputs, matrices):
            kernels = F.pad(matrix[:, :tiles.count].transpose(1, 2), beyond)
            kernels = kernels.reshape(-1, last - first, *self.window)
            y = self.convolve(_channels(x, stack, first, last), kernels, offset,
                              groups=len(stack.blocks), **self.steps)
            total, offset = y if total is None else total + y, None
        return total

    def along_outputs(self, per_output: Tensor) -> Tensor:
        return per_output.view(-1, *[1] * self.dims)

    along_channels = along_outputs


class _Transposed(_Convolution):
    """A product for each input position, whose results are added where kernels overlap."""

    def __init__(self, layer: nn.Module):
        super().__init__(layer)
        self.kernel_size, self.window = 1, (1,) * self.dims
        self.steps = {}

    def matrix(self, weight: Tensor) -> Tensor:
        groups = self.layer.groups
        return weight.reshape(groups, weight.shape[0] // groups, -1)

    def fold(self, y: Tensor, x: Tensor) -> Tensor:
        layer, ones = self.layer, (1,) * (2 - self.dims)
        size = [(n - 1) * stride - 2 * padding + dilation * (k - 1) + more + 1
                for n, stride, padding, dilation, k, more in
                zip(x.shape[2:], layer.stride, layer.padding, layer.dilation, layer.kernel_size,
                    layer.output_padding)]
        zeros = (0,) * (2 - self.dims)
        folded = F.fold(y.flatten(2), ones + tuple(size), kernel_size=ones + layer.kernel_size,
                        dilation=ones + layer.dilation, padding=zeros + layer.padding,
                        stride=ones + layer.stride)
        return folded.view(y.shape[0], -1, *size)


def geometry_of(layer: nn.Module) -> Geometry:
    if isinstance(layer, nn.Linear):
        return Geometry(layer)
    return _Transposed(layer) if isinstance(layer, TRANSPOSED) else _Convolution(layer)


def _channels(x: Tensor, stack: Stack, first: int, last: int) -> Tensor:
    """Channels first .. last - 1 of each block of a stack, block after block."""
    count = stack.channels * len(stack.blocks)
    mine = x[:, stack.first_channel:stack.first_channel + count]
    if (first, last) == (0, stack.channels):
        return mine
    blocks = mine.reshape(x.shape[0], len(stack.blocks), stack.channels, *x.shape[2:])
    return blocks[:, :, first:last].flatten(1, 2)


def _product(numbers: Sequence[int]) -> int:
    product = 1
    for number in numbers:
        product *= number
    return product
