"""Spectral networks as files (src/spectral/onnx_file.cpp), and smaller ones cut from larger ones."""

import dataclasses

import numpy
import onnx
from onnx import helper, numpy_helper

DOMAIN = "memspice.spectral"


@dataclasses.dataclass
class Layer:
    """What pooling keeps of a spectral layer, pooling's factor within."""
    size: int
    kernel: numpy.ndarray  # bins x maps out x maps in, complex
    mean: numpy.ndarray    # what the bias adds to the mean's bin, per map


@dataclasses.dataclass
class Network:
    image: int
    activation: str
    alpha: float
    layers: list       # of Layer
    classifier: list   # of (weight: out x in, offset: out)


def central(size, kept):
    """Of the bins of a size x size spectrum those of the kept x kept one."""
    first = size // 2 - kept // 2
    bins = numpy.arange(size * size).reshape(size, size)
    return bins[first:first + kept, first:first + kept].ravel()


def attributes(node):
    return {item.name: helper.get_attribute_value(item) for item in node.attribute}


def read_layer(node, tensors):
    about = attributes(node)
    size, pooled = about["size"], about["pooled"]
    pairs = tensors[node.input[0]]
    kernel = (pairs[..., 0] + 1j * pairs[..., 1]) * (pooled / size) ** 2
    return Layer(pooled, kernel[central(size, pooled)], tensors[node.input[1]] * pooled ** 2)


def read(path):
    """The network in a file of this format, pooling fused with its layers."""
    model = onnx.load(str(path))
    nodes = list(model.graph.node)
    if not nodes or nodes[0].domain != DOMAIN:
        raise SystemExit(f"{path}: is no spectral network; train one with flows/train/spectral.py")
    about = attributes(nodes[0])
    if about["storage"] != b"full" or about["channels"] != 1:
        raise SystemExit(f"{path}: only full spectra of one channel can be trained on")
    tensors = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    spectral = [node for node in nodes if node.op_type == "Convolution"]
    last = attributes(spectral[-1])
    return Network(about["image"], last["activation"].decode(), last["alpha"],
                   [read_layer(node, tensors) for node in spectral],
                   [(tensors[node.input[0]], tensors[node.input[1]])
                    for node in nodes if node.op_type == "Classifier"])


def strongest(*norms, count):
    """The indices, in order, of the largest products of the norms that go in and out of a map."""
    return numpy.sort(numpy.argsort(-numpy.prod(norms, axis=0))[:count])


def norm(array, axis):
    """Root of the summed squares over every axis but one."""
    others = tuple(k for k in range(array.ndim) if k != axis)
    return numpy.sqrt((numpy.abs(array) ** 2).sum(axis=others))


def require_smaller(network, sizes, depths, widths):
    have = ([layer.size for layer in network.layers],
            [layer.kernel.shape[1] for layer in network.layers],
            [len(offset) for _, offset in network.classifier])
    for name, larger, smaller in zip(("sizes", "depths", "classifier"), have, (sizes, depths, widths)):
        if len(larger) != len(smaller) or any(a < b for a, b in zip(larger, smaller)):
            raise SystemExit(f"--from: its {name} are {larger}; {smaller} cannot be cut from them")
    if widths[-1] != have[2][-1]:
        raise SystemExit(f"--from: it tells {have[2][-1]} classes apart, not {widths[-1]}")


def crop_bins(network, sizes):
    layers = [Layer(size, layer.kernel[central(layer.size, size)], layer.mean)
              for layer, size in zip(network.layers, sizes)]
    weight, offset = network.classifier[0]
    old, maps = network.layers[-1].size, layers[-1].kernel.shape[1]
    # Columns are bins, maps, Re and Im.
    columns = weight.reshape(len(weight), old * old, maps, 2)[:, central(old, sizes[-1])]
    first = (columns.reshape(len(weight), -1), offset)
    return dataclasses.replace(network, layers=layers, classifier=[first] + network.classifier[1:])


def crop_maps(network, depths):
    layers = [dataclasses.replace(layer) for layer in network.layers]
    weight, offset = network.classifier[0]
    weight = weight.reshape(len(weight), layers[-1].size ** 2, -1, 2)
    for k, depth in enumerate(depths):
        going_out = norm(layers[k + 1].kernel, 2) if k + 1 < len(layers) else norm(weight, 2)
        kept = strongest(norm(layers[k].kernel, 1), going_out, count=depth)
        layers[k].kernel = layers[k].kernel[:, kept]
        layers[k].mean = layers[k].mean[kept]
        if k + 1 < len(layers):
            layers[k + 1].kernel = layers[k + 1].kernel[:, :, kept]
        else:
            weight = weight[:, :, kept]
    first = (weight.reshape(len(weight), -1), offset)
    return dataclasses.replace(network, layers=layers, classifier=[first] + network.classifier[1:])


def crop_classifier(network, widths):
    weights = [list(pair) for pair in network.classifier]
    for k, width in enumerate(widths[:-1]):
        kept = strongest(norm(weights[k][0], 0), norm(weights[k + 1][0], 1), count=width)
        weights[k] = [weights[k][0][kept], weights[k][1][kept]]
        weights[k + 1][0] = weights[k + 1][0][:, kept]
    return dataclasses.replace(network, classifier=[tuple(pair) for pair in weights])


def crop(network, sizes, depths, widths):
    """The smaller network whose bins are the central ones and whose maps and hidden units are those
    of largest norm, in times out. With the bins alone cropped, the kept ones hold what they held."""
    require_smaller(network, sizes, depths, widths)
    return crop_classifier(crop_maps(crop_bins(network, sizes), depths), widths)


def layer_node(layer, k, network, add):
    pairs = numpy.stack([layer.kernel.real, layer.kernel.imag], axis=-1)
    return helper.make_node(
        "Convolution",
        [add(f"kernel{k}", pairs), add(f"bias{k}", layer.mean / layer.size ** 2)], [f"x{k + 1}"],
        f"spectral{k + 1}", domain=DOMAIN, size=layer.size, pooled=layer.size,
        activation=network.activation, alpha=float(network.alpha), c0=0.0, c1=0.0, c2=0.0)


def write(network, path, properties):
    """Layers are stored with only the bins they keep: the image's transform is taken at the first
    layer's size."""
    tensors = []

    def add(name, values):
        tensors.append(numpy_helper.from_array(
            numpy.ascontiguousarray(values, dtype=numpy.float32), name))
        return name

    nodes = [helper.make_node("Transform", [], ["x0"], "transform", domain=DOMAIN,
                              image=network.image, channels=1, storage="full")]
    nodes += [layer_node(layer, k, network, add) for k, layer in enumerate(network.layers)]
    for k, (weight, offset) in enumerate(network.classifier):
        nodes.append(helper.make_node("Classifier",
                                      [add(f"weight{k}", weight), add(f"offset{k}", offset)],
                                      [f"y{k}"], f"fc{k + 1}", domain=DOMAIN))
    model = helper.make_model(helper.make_graph(nodes, "spectral", [], [], tensors),
                              producer_name="flows/train/spectral.py",
                              opset_imports=[helper.make_opsetid(DOMAIN, 1)])
    helper.set_model_props(model, properties)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
