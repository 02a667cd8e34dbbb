"""PyTorch networks on memristor crossbars: converted, trained for the arrays, handed back.

    analog = memspice.torch.convert(model, images, flow="lenet5_fashion")
    loss = cross_entropy(analog(x), y); loss.backward()     # gradients reach weights and ranges
    analog.calibrate()                                      # tiles of the new weights
    analog.flow("out", test_images, labels).run()           # the same numbers, in memspice

A Linear, Conv1d/2d or ConvTranspose1d/2d, grouped or not, becomes a layer of tiles: weights as
conductances on levels, line resistance, the cells' curvature fitted to ngspice, DACs and ADCs. All
is PyTorch's own operations on tensors that memspice prepared, on whatever device the module is.
"""

from memspice.torch.analog import AnalogModel, convert
from memspice.torch.effects import Effects
from memspice.torch.from_onnx import from_onnx
from memspice.torch.layers import AnalogLayer
from memspice.torch.response import effective_response

__all__ = ["AnalogLayer", "AnalogModel", "Effects", "convert", "effective_response",
           "from_onnx"]
