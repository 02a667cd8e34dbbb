"""Writes a trained network as ONNX with nodes named after the layers that made them."""

import pathlib

import numpy
import onnx
import onnx.numpy_helper
import torch

OPSET = 13
MOST_BYTES = 2_000_000  # of one file in flows/networks


def layer_name(name):
    """ "/s1b1/conv1/Conv" and "/s1b1/conv1/Conv_output_0" become "s1b1_conv1"; an operation of no
    layer, "/Relu_1", "Relu_1"."""
    if not name.startswith("/"):
        return name
    *layers, operation = name.split("/")[1:]
    return "_".join(layers) or operation.split("_output_")[0]


def name_after_layers(model):
    """A layer that takes several nodes keeps its name for the last; the others get _1, _2, ..."""
    names = {}
    last = {layer_name(node.name): node.name for node in model.graph.node}
    counts = {}
    for node in model.graph.node:
        layer = layer_name(node.name)
        if last[layer] == node.name:
            names[node.name] = layer
        else:
            counts[layer] = counts.get(layer, 0) + 1
            names[node.name] = f"{layer}_{counts[layer]}"
    produced = {output: names[node.name] for node in model.graph.node for output in node.output
                if output.startswith("/")}
    for node in model.graph.node:
        node.name = names[node.name]
        node.input[:] = [produced.get(name, name) for name in node.input]
        node.output[:] = [produced.get(name, name) for name in node.output]


def export(network, image_shape, path, output_name="scores"):
    """Writes `network`, in inference form and so with batch normalization folded, for batches of
    images of `image_shape` (channels, height, width)."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    network = network.cpu().float().eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(network, torch.zeros(1, *image_shape), str(path), opset_version=OPSET,
                      input_names=["image"], output_names=[output_name],
                      dynamic_axes={"image": {0: "batch"}, output_name: {0: "batch"}})
    model = onnx.load(str(path))
    name_after_layers(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    if path.stat().st_size > MOST_BYTES:
        print(f"{path}: {path.stat().st_size} bytes: more than flows/networks takes ({MOST_BYTES})")


def drop_weights(path):
    """Replaces all weights by constants of their shapes: for a network whose layers are to be
    counted, not run. Kilobytes for megabytes, and still ONNX."""
    model = onnx.load(str(path))
    graph = model.graph
    weights = [tensor for tensor in graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT]
    value = onnx.helper.make_tensor("value", onnx.TensorProto.FLOAT, [1], [0.01])
    for tensor in weights:
        dimensions = numpy.array(tensor.dims, dtype=numpy.int64)
        graph.initializer.append(onnx.numpy_helper.from_array(dimensions, tensor.name + ".shape"))
        graph.node.insert(0, onnx.helper.make_node(
            "ConstantOfShape", [tensor.name + ".shape"], [tensor.name], tensor.name, value=value))
        graph.initializer.remove(tensor)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
