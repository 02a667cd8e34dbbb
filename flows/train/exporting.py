"""Writes a trained network as ONNX with nodes named after the layers that made them."""

import pathlib

import onnx
import torch

OPSET = 13
MOST_BYTES = 2_000_000  # of one file in flows/networks


def layer_name(name):
    """ "/s1b1/conv1/Conv" and "/s1b1/conv1/Conv_output_0" become "s1b1_conv1"."""
    return "_".join(name.split("/")[1:-1]) if name.startswith("/") else name


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
