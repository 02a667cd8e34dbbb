"""Steps whose gradient is that of the line they follow (Bengio, Leonard, Courville 2013)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def straight_through(line: Tensor, steps: Tensor) -> Tensor:
    """The values of `steps`, the gradient of `line`."""
    return line + (steps - line).detach()


def steps_of(bits: int, signed: bool) -> int:
    """Codes above zero of a converter of so many bits; 0: it does not round."""
    if bits == 0:
        return 0
    return max(1, 2 ** (bits - 1) - 1) if signed else 2**bits - 1


def convert(values: Tensor, full_scale: Tensor, scale: Tensor, steps: int, signed: bool) -> Tensor:
    """scale * (values clipped to full_scale and put on codes), in single precision as memspice's
    converters compute it. full_scale, scale: broadcast to values. Gradients reach all three; where
    values clip, only full_scale and scale."""
    return values * scale if steps == 0 else _Convert.apply(values, full_scale, scale, steps, signed)


class _Convert(torch.autograd.Function):
    # One function for what would be a dozen passes over the values.
    @staticmethod
    def forward(context: Any, values: Tensor, full_scale: Tensor, scale: Tensor, steps: int,
                signed: bool) -> Tensor:
        codes = (values * (steps / full_scale)).round_()
        low = -steps if signed else 0
        context.save_for_backward(codes, full_scale, scale)
        context.limits = low, steps
        return codes.clamp(low, steps).mul_(scale * full_scale / steps)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        codes, full_scale, scale = context.saved_tensors
        low, steps = context.limits
        needs = context.needs_input_grad
        found: list[Tensor | None] = [None, None, None]
        if needs[0]:
            found[0] = (gradient * scale).masked_fill_((codes < low) | (codes > steps), 0.0)
        if needs[1]:
            beyond = (codes > steps).to(gradient.dtype)
            if low < 0:
                beyond -= (codes < low).to(gradient.dtype)
            found[1] = _sum_to(gradient * beyond * scale, full_scale)
        if needs[2]:
            found[2] = _sum_to(gradient * codes.clamp(low, steps) * (full_scale / steps), scale)
        return *found, None, None


def _sum_to(gradient: Tensor, like: Tensor) -> Tensor:
    """Over all axes along which `like` was broadcast."""
    return gradient.sum_to_size(like.shape)


class Bend(torch.autograd.Function):
    """V (1 + sum_p a_p (V/U)^(p-1)) of a polynomial, each power by one product."""

    @staticmethod
    def forward(context: Any, V: Tensor, U: float, exponents: list[int],
                factors: list[float], linear: float) -> Tensor:
        context.save_for_backward(V)
        context.law = U, exponents, factors, linear
        return _polynomial(V, U, [p - 1 for p in exponents], factors, linear).mul_(V)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        (V,) = context.saved_tensors
        U, exponents, factors, linear = context.law
        slopes = [p * a for p, a in zip(exponents, factors)]
        slope = _polynomial(V, U, [p - 1 for p in exponents], slopes, linear)
        return slope.mul_(gradient), None, None, None, None


def _polynomial(V: Tensor, U: float, exponents: list[int], factors: list[float],
                constant: float) -> Tensor:
    """constant + sum_p a_p (V/U)^p for rising whole p >= 0."""
    total = torch.full_like(V, constant)
    share = V / U
    power, reached = None, 0
    for exponent, factor in zip(exponents, factors):
        for _ in range(exponent - reached):
            power = share if power is None else power * share
        reached = exponent
        total = total + factor if power is None else total.add_(power, alpha=factor)
    return total
