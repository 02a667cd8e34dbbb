"""ONNX networks as PyTorch modules: layers with weights keep the names that memspice gives them.

Batch normalization and factors or offsets per channel are folded into the layer before them, as
memspice folds them, so that what becomes a crossbar here is what becomes one there.
"""

from __future__ import annotations

import pathlib
from typing import Any, Callable

import numpy as np
import torch
from torch import Tensor, nn

from memspice.faults import fault
from memspice.torch.names import layer_name
from memspice.torch.onnx_operators import OPERATORS, attributes_of, layer_of

def from_onnx(path: str | pathlib.Path) -> "OnnxNetwork":
    """The network of a file, in evaluation. Throws InputError naming the node for an operator that
    this does not know; needs the package onnx."""
    import onnx

    return OnnxNetwork(onnx.load(str(path)), str(path))


class OnnxNetwork(nn.Module):
    """Runs a graph's nodes in order; its first input is the image, its first output the answer."""

    def __init__(self, model: Any, place: str):
        super().__init__()
        self._constants = _constants_of(model.graph)
        self._place = place
        # What computes, its inputs, its output.
        self._steps: list[tuple[str | Callable[..., Tensor], list[str], str]] = []
        initializers = {tensor.name for tensor in model.graph.initializer}
        self._input = next(x.name for x in model.graph.input if x.name not in initializers)
        self._output = model.graph.output[0].name
        self._uses = _count_uses(model.graph)
        self._made: dict[str, nn.Module] = {}
        for node in model.graph.node:
            if node.output[0] not in self._constants:
                self._add(node)
        for name, value in self._constants.items():
            self.register_buffer(_identifier(name), value, persistent=False)
        self._constants = {name: _identifier(name) for name in self._constants}
        self.eval()

    def forward(self, image: Tensor) -> Tensor:
        values = {name: getattr(self, buffer) for name, buffer in self._constants.items()}
        values[self._input] = image
        for compute, inputs, output in self._steps:
            # A layer by its name: whoever replaces it is called in its place.
            compute = getattr(self, compute) if isinstance(compute, str) else compute
            values[output] = compute(*[values[name] if name else None for name in inputs])
        return values[self._output]

    def _add(self, node: Any) -> None:
        layer = layer_of(node, self._constants)
        if layer is not None:
            name = _identifier(node.name or node.output[0])
            self.add_module(name, layer)
            self._made[node.output[0]] = layer
            data = [x for x in node.input if x and x not in self._constants]
            self._steps.append((name, data, node.output[0]))
        elif not self._fold(node):
            self._add_operator(node)

    def _add_operator(self, node: Any) -> None:
        make = OPERATORS.get(node.op_type)
        if make is None:
            raise fault(self._place, f"node {node.name or node.output[0]} ({node.op_type})",
                        "is no operator that is known here",
                        f"one of {', '.join(sorted(OPERATORS))}, or build the module by hand")
        compute = make(attributes_of(node), [self._constants.get(name) for name in node.input])
        self._steps.append((compute, list(node.input), node.output[0]))

    def _fold(self, node: Any) -> bool:
        """Into the layer before, where nobody else sees its output."""
        before = next((x for x in node.input if x in self._made and self._uses[x] == 1), None)
        if before is None:
            return False
        layer = self._made[before]
        factors = _per_channel(node, self._constants, layer)
        if factors is None:
            return False
        _scale(layer, *factors)
        del self._made[before]
        self._made[node.output[0]] = layer
        compute, inputs, _ = next(step for step in self._steps if step[2] == before)
        self._steps = [step for step in self._steps if step[2] != before]
        self._steps.append((compute, inputs, node.output[0]))
        return True


def _identifier(name: str) -> str:
    word = layer_name(name)
    return f"layer_{word}" if hasattr(nn.Module, word) else word


def _constants_of(graph: Any) -> dict[str, Tensor]:
    from onnx import numpy_helper

    found = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            value = attributes_of(node)["value"]
            found[node.output[0]] = torch.from_numpy(np.array(numpy_helper.to_array(value)))
    return found


def _count_uses(graph: Any) -> dict[str, int]:
    uses: dict[str, int] = {output.name: 1 for output in graph.output}
    for node in graph.node:
        for name in node.input:
            uses[name] = uses.get(name, 0) + 1
    return uses


def _per_channel(node: Any, constants: dict[str, Tensor],
                 layer: nn.Module) -> tuple[Tensor, Tensor] | None:
    """Factor and offset of each of the layer's outputs that a node gives them, if that is all."""
    channels = layer.bias.shape[0]
    if node.op_type == "BatchNormalization":
        scale, offset, mean, variance = (constants[name] for name in node.input[1:5])
        factor = scale / torch.sqrt(variance + attributes_of(node).get("epsilon", 1e-5))
        return factor, offset - mean * factor
    value = next((constants[name] for name in node.input if name in constants), None)
    if node.op_type not in ("Add", "Mul", "Div") or value is None or value.dim() == 0:
        return None
    axis = -1 if isinstance(layer, nn.Linear) else 1
    places = value.reshape((1,) * (layer.weight.dim() - value.dim()) + tuple(value.shape))
    if value.numel() != channels or places.shape[axis] != channels:
        return None
    one, zero = torch.ones(channels), torch.zeros(channels)
    values = {"Add": (one, value.flatten()), "Mul": (value.flatten(), zero),
              "Div": (1.0 / value.flatten(), zero)}
    return None if node.op_type == "Div" and node.input[0] in constants else values[node.op_type]


@torch.no_grad()
def _scale(layer: nn.Module, factor: Tensor, offset: Tensor) -> None:
    weight = layer.weight
    if isinstance(layer, (nn.ConvTranspose1d, nn.ConvTranspose2d)):
        grouped = weight.view(layer.groups, -1, *weight.shape[1:])
        grouped.mul_(factor.view(layer.groups, 1, -1, *[1] * (weight.dim() - 2)))
    else:
        weight.mul_(factor.view(-1, *[1] * (weight.dim() - 1)))
    layer.bias.mul_(factor).add_(offset)
