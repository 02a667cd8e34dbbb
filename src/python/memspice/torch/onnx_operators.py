"""Operators of ONNX in PyTorch: layers with weights, and what lies between them."""

from __future__ import annotations

from typing import Any, Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from memspice.faults import fault

Attributes = dict[str, Any]
Constants = list[Tensor | None]


def attributes_of(node: Any) -> Attributes:
    from onnx import helper

    found = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    return {name: value.decode() if isinstance(value, bytes) else value
            for name, value in found.items()}


# ---- layers with weights ------------------------------------------------------------------------

def layer_of(node: Any, constants: dict[str, Tensor]) -> nn.Module | None:
    """A layer with a bias, zeros where the node has none; None where the node has no weights."""
    weight = constants.get(node.input[1]) if len(node.input) > 1 else None
    if weight is None or not weight.is_floating_point():
        return None
    bias = constants.get(node.input[2]) if len(node.input) > 2 else None
    attributes = attributes_of(node)
    if node.op_type in ("Conv", "ConvTranspose"):
        return _filled(_convolution(node, attributes, weight), weight, bias)
    if node.op_type == "Gemm":
        weight = weight if attributes.get("transB", 0) else weight.t()
        return _filled(nn.Linear(weight.shape[1], weight.shape[0]), weight, bias)
    if node.op_type == "MatMul" and weight.dim() == 2:
        return _filled(nn.Linear(weight.shape[0], weight.shape[1]), weight.t(), None)
    return None


def _filled(layer: nn.Module, weight: Tensor, bias: Tensor | None) -> nn.Module:
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.zero_() if bias is None else layer.bias.copy_(bias.flatten())
    return layer


def _convolution(node: Any, attributes: Attributes, weight: Tensor) -> nn.Module:
    dims = weight.dim() - 2
    groups = attributes.get("group", 1)
    kernel = tuple(weight.shape[2:])
    steps = dict(kernel_size=kernel, groups=groups,
                 stride=tuple(attributes.get("strides", (1,) * dims)),
                 dilation=tuple(attributes.get("dilations", (1,) * dims)),
                 padding=_padding(node, attributes, dims))
    if node.op_type == "Conv":
        kind = {1: nn.Conv1d, 2: nn.Conv2d}[dims]
        return kind(weight.shape[1] * groups, weight.shape[0], **steps)
    kind = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d}[dims]
    return kind(weight.shape[0], weight.shape[1] * groups,
                output_padding=tuple(attributes.get("output_padding", (0,) * dims)), **steps)


def _padding(node: Any, attributes: Attributes, dims: int) -> tuple[int, ...]:
    pads = tuple(attributes.get("pads", (0,) * 2 * dims))
    if attributes.get("auto_pad", "NOTSET") not in ("NOTSET", "VALID") or \
            pads[:dims] != pads[dims:]:
        raise fault(f"node {node.name or node.output[0]}", f"pads {pads}",
                    "differ from side to side", "export the network with a Pad before the layer")
    return pads[:dims]


# ---- everything else ----------------------------------------------------------------------------

def _pool(attributes: Attributes, constants: Constants) -> Callable[..., Tensor]:
    pads = tuple(attributes.get("pads", (0, 0, 0, 0)))
    if pads[:2] != pads[2:]:
        raise fault("pool", f"pads {pads}", "differ from side to side", "export it with a Pad")
    kernel = attributes["kernel_shape"]
    steps = dict(kernel_size=tuple(kernel), padding=pads[:2], ceil_mode=bool(
        attributes.get("ceil_mode", 0)), stride=tuple(attributes.get("strides", (1, 1))))
    if "count_include_pad" in attributes or "average" in attributes:
        return lambda x: F.avg_pool2d(x, count_include_pad=bool(
            attributes.get("count_include_pad", 0)), **steps)
    return lambda x: F.max_pool2d(x, **steps)


def _average_pool(attributes: Attributes, constants: Constants) -> Callable[..., Tensor]:
    return _pool({"average": True, **attributes}, constants)


def _clip(attributes: Attributes, constants: Constants) -> Callable[..., Tensor]:
    low, high = attributes.get("min"), attributes.get("max")
    given = [None if c is None else c.item() for c in constants[1:]]
    low, high = (given + [low, high][len(given):]) if given else (low, high)
    return lambda x, *_: torch.clamp(x, low, high)


def _reshape(attributes: Attributes, constants: Constants) -> Callable[..., Tensor]:
    def reshape(x: Tensor, shape: Tensor) -> Tensor:
        sizes = [x.shape[k] if n == 0 else n for k, n in enumerate(shape.tolist())]
        return x.reshape(x.shape[0], *sizes[1:]) if sizes[0] in (1, x.shape[0]) else x.reshape(sizes)

    return reshape


def _resize(attributes: Attributes, constants: Constants) -> Callable[..., Tensor]:
    scales = constants[2].tolist() if len(constants) > 2 and constants[2] is not None else []
    is_plain = attributes.get("mode", "nearest") == "nearest" and len(scales) == 4 and \
        scales[:2] == [1.0, 1.0] and all(s == int(s) for s in scales)
    if not is_plain:
        raise fault("Resize", str(attributes), "is not the nearest pixel by whole factors",
                    "build the module by hand")
    return lambda x, *_: F.interpolate(x, scale_factor=scales[2:], mode="nearest")


def _slice(attributes: Attributes, constants: Constants) -> Callable[..., Tensor]:
    def cut(x: Tensor, *limits: Tensor) -> Tensor:
        starts, ends = (attributes[key] if key in attributes else limits[k].tolist()
                        for k, key in enumerate(("starts", "ends")))
        axes = attributes.get("axes", range(len(starts)))
        for axis, start, end in zip(axes, starts, ends):
            x = x.narrow(axis, start, min(end, x.shape[axis]) - start)
        return x

    return cut


def _of_two(compute: Callable[[Tensor, Tensor], Tensor]) -> Any:
    return lambda attributes, constants: compute


def _of_one(compute: Callable[[Tensor], Tensor]) -> Any:
    return lambda attributes, constants: compute


OPERATORS: dict[str, Callable[[Attributes, Constants], Callable[..., Tensor]]] = {
    "Add": _of_two(torch.add),
    "AveragePool": _average_pool,
    "Cast": lambda a, c: lambda x: x,  # of shapes, here whole numbers in any type
    "Clip": _clip,
    "Concat": lambda a, c: lambda *xs: torch.cat(xs, a["axis"]),
    "Div": _of_two(torch.div),
    "Dropout": lambda a, c: lambda x, *_: x,
    "Flatten": lambda a, c: lambda x: x.flatten(a.get("axis", 1)),
    "GlobalAveragePool": _of_one(lambda x: x.mean((2, 3), keepdim=True)),
    "HardSigmoid": lambda a, c: lambda x: torch.clamp(
        a.get("alpha", 0.2) * x + a.get("beta", 0.5), 0.0, 1.0),
    "Identity": _of_one(lambda x: x),
    "MaxPool": _pool,
    "Mul": _of_two(torch.mul),
    "Relu": _of_one(torch.relu),
    "Reshape": _reshape,
    "Resize": _resize,
    "Shape": _of_one(lambda x: torch.tensor(x.shape)),
    "Sigmoid": _of_one(torch.sigmoid),
    "Slice": _slice,
    "Softmax": lambda a, c: lambda x: torch.softmax(x, a.get("axis", 1)),
    "Sub": _of_two(torch.sub),
    "Tanh": _of_one(torch.tanh),
    "Transpose": lambda a, c: lambda x: x.permute(a["perm"]),
}
