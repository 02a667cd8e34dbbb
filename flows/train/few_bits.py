"""Layers that train on what few bits leave: products of bitstream or of fixed-point multipliers.

Forward, a layer computes what memspice's `bitstream` path computes of it (src/stochastic): weights in
sign and N - 1 bits up to the layer's largest, rectified activations in N bits up to full scale,

  bitstream   sum of sign(w) P_|w|(x),  P_W(U) = sum_{i=1..N} floor(W / 2^i + 1/2) x_{N-i}
  fixed       sum of w x / 2^N

and an accumulator of N + 2 bits, which clips the sum (here once, at its end). Backward, gradients pass
all rounding as if it were not there (straight through: Bengio et al. 2013), but for what is clipped.
Full scale of the activations is trained too (PACT: Choi et al. 2018), and is a Clip in the file.
"""

import torch
from torch import nn

GUARD_BITS = 2


def straight_through(exact, rounded):
    """The value of `rounded` with the gradient of `exact`."""
    return exact + (rounded - exact).detach()


class FewBits:
    """A layer with `bits`, `is_stream` and the `scale` of its inputs, set by Layers."""

    def combine(self, x, weight):
        raise NotImplementedError

    def codes(self):
        """Weights as whole numbers, and what their unit stands for."""
        step = self.weight.detach().abs().max() / (2**(self.bits - 1) - 1)
        return (self.weight / step).round(), step

    @torch.no_grad()
    def streams(self, x_codes, w_codes):
        """Sums of P: one plane of bits a time side by side, each with the weights that it counts."""
        planes, weights = [], []
        for i in range(1, self.bits):  # a weight below 2^(N-1) counts in no more
            planes.append((x_codes / 2**(self.bits - i)).floor() % 2)
            weights.append(w_codes.sign() * (w_codes.abs() / 2**i + 0.5).floor())
        return self.combine(torch.cat(planes, 1), torch.cat(weights, 1))

    def forward(self, x):
        scale = self.scale()
        unit = scale.detach() / (2**self.bits - 1)
        x_codes = (x.detach() / unit).round().clamp(0, 2**self.bits - 1)
        w_codes, step = self.codes()
        weight = straight_through(self.weight, w_codes * step)
        sums = self.combine(straight_through(x, x_codes * unit), weight)
        result_step = 2**self.bits * step * unit
        if self.is_stream:
            sums = straight_through(sums, self.streams(x_codes, w_codes) * result_step)
        shape = (1, -1) + (1,) * (sums.dim() - 2)
        limit = (2**(self.bits + GUARD_BITS - 1) * result_step).item()
        return (sums + self.bias.view(shape)).clamp(-limit, limit)

    @torch.no_grad()
    def fix(self):
        """Rounds the weights for good."""
        codes, step = self.codes()
        self.weight.copy_(codes * step)


class Convolution(FewBits, nn.Conv2d):
    def combine(self, x, weight):
        return nn.functional.conv2d(x, weight, None, self.stride, self.padding)


class FullyConnected(FewBits, nn.Linear):
    def combine(self, x, weight):
        return nn.functional.linear(x, weight)


class ClippedReLU(nn.Module):
    """0 to a bound that is trained."""

    def __init__(self):
        super().__init__()
        self.bound = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return torch.minimum(x.relu(), self.bound)


class Layers:
    """Makes a network's layers, in their order: each takes its scale from the activation before it."""

    def __init__(self, bits, is_stream, input_scale):
        self.bits, self.is_stream = bits, is_stream
        self.scale = lambda: torch.tensor(input_scale)

    def prepare(self, layer):
        layer.bits, layer.is_stream, layer.scale = self.bits, self.is_stream, self.scale
        return layer

    def Conv2d(self, *sizes, **options):
        return self.prepare(Convolution(*sizes, **options))

    def Linear(self, *sizes):
        return self.prepare(FullyConnected(*sizes))

    def ReLU(self):
        activation = ClippedReLU()
        self.scale = lambda: activation.bound
        return activation


@torch.no_grad()
def start_bounds(network, images, percentile):
    """Bounds every activation by a percentile of what `images` give before its bound."""
    for activation in network.modules():
        if isinstance(activation, ClippedReLU):
            seen = []
            hook = activation.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
            network(images)
            hook.remove()
            values = seen[0].relu().flatten()
            activation.bound.copy_(values.kthvalue(int(percentile * len(values))).values)


def plain(network):
    """Replaces every layer by the ordinary one with the rounded weights, for the ONNX file."""
    for name, layer in list(network.named_children()):
        if isinstance(layer, ClippedReLU):
            setattr(network, name, nn.Hardtanh(0.0, layer.bound.item()))
        elif isinstance(layer, FewBits):
            layer.fix()
            layer.__class__ = nn.Conv2d if isinstance(layer, Convolution) else nn.Linear
    return network
