#!/usr/bin/python3
"""Evens out the channels of a trained network for arithmetic that has one scale per layer.

  equalize.py IN.onnx OUT.onnx

Bitstreams and fixed point scale a layer by its largest weight, and so do crossbars with
mapping.weight_scale = "layer"; where channels differ by orders of magnitude, as depthwise layers with
folded normalization do, most weights then fall between two steps. Between two convolutions with rectifiers and poolings alone, channel c may be scaled by any s > 0 in the
first and by 1/s in the second: the network computes the same (Nagel et al. 2019, section 4.1). Here s
makes channel c's largest weight the same in both, sweep after sweep, until nothing changes.

Takes chains of Conv, Relu, MaxPool, AveragePool and GlobalAveragePool, as msccnn.py writes them, with
depthwise or ordinary convolutions; what follows the last convolution may be anything. Seconds.
"""

import argparse
import pathlib

import numpy
import onnx
from onnx import numpy_helper

HOMOGENEOUS = {"Relu", "MaxPool", "AveragePool", "GlobalAveragePool"}  # f(s x) = s f(x) for s > 0
SWEEPS = 100


def parse_arguments():
    parser = argparse.ArgumentParser(description="Even out the channels of a chain of convolutions.")
    parser.add_argument("source", type=pathlib.Path, metavar="IN.onnx")
    parser.add_argument("out", type=pathlib.Path, metavar="OUT.onnx")
    return parser.parse_args()


class Convolution:
    """Weight and bias in double precision, and where they lie in the file."""

    def __init__(self, node, constants):
        self.tensors = [constants[name] for name in node.input[1:]]
        self.weight, *bias = (numpy_helper.to_array(t).astype(numpy.float64) for t in self.tensors)
        self.bias = bias[0] if bias else numpy.zeros(len(self.weight))
        groups = next((a.i for a in node.attribute if a.name == "group"), 1)
        self.is_depthwise = groups > 1
        if groups not in (1, len(self.weight)):
            raise SystemExit(f"{node.name}: {groups} groups: expected an ordinary or depthwise layer")

    def largest_by_output(self):
        return numpy.abs(self.weight).max((1, 2, 3))

    def largest_by_input(self):
        return numpy.abs(self.weight).max((1, 2, 3) if self.is_depthwise else (0, 2, 3))

    def scale_outputs(self, scale):
        self.weight *= scale[:, None, None, None]
        self.bias *= scale

    def scale_inputs(self, scale):
        self.weight *= scale[:, None, None, None] if self.is_depthwise else scale[None, :, None, None]

    def store(self):
        for tensor, values in zip(self.tensors, (self.weight, self.bias)):
            tensor.CopyFrom(numpy_helper.from_array(values.astype(numpy.float32), tensor.name))


def read_chain(model, path):
    """The convolutions in order; refuses a file in which other operators or branches lie between."""
    nodes = list(model.graph.node)
    last = max((k for k, node in enumerate(nodes) if node.op_type == "Conv"), default=-1)
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    before = model.graph.input[0].name
    convolutions = []
    for node in nodes[:last + 1]:
        if node.input[0] != before or node.op_type not in HOMOGENEOUS | {"Conv"}:
            raise SystemExit(f"{path}: node {node.name} ({node.op_type}): expected a chain of Conv, "
                             + ", ".join(sorted(HOMOGENEOUS)))
        before = node.output[0]
        if node.op_type == "Conv":
            convolutions.append(Convolution(node, constants))
    return convolutions


def equalize(first, second):
    """Gives channels the same largest weight on both sides; leaves dead ones alone."""
    written, read = first.largest_by_output(), second.largest_by_input()
    alive = (written > 0) & (read > 0)
    scale = numpy.ones(len(written))
    scale[alive] = numpy.sqrt(read[alive] / written[alive])
    first.scale_outputs(scale)
    second.scale_inputs(1 / scale)


def main():
    options = parse_arguments()
    model = onnx.load(str(options.source))
    convolutions = read_chain(model, options.source)
    for _ in range(SWEEPS):
        for first, second in zip(convolutions, convolutions[1:]):
            equalize(first, second)
    for convolution in convolutions:
        convolution.store()
    onnx.save(model, str(options.out))
    print(f"evened out {len(convolutions)} convolutions; wrote {options.out}")


if __name__ == "__main__":
    main()
