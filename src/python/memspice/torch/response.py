"""The exact response of a crossbar with line resistance, and its exact gradient.

    I = G_eff^T V,   dI_j / dG_kl = u_kl(i) a_kl(j)

u(i): voltage across cell kl with 1 V on word line i alone; a(j): with 1 V behind the sense of bit
line j alone, read the other way round (Tellegen 1952: the adjoint of a reciprocal network).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from memspice.crossbar import response, solve


class _Response(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, G: Tensor, wires: dict[str, float]) -> Tensor:
        context.save_for_backward(G)
        context.wires = wires
        found = response(G.detach().double().cpu().numpy(), **wires)
        return torch.as_tensor(found, dtype=G.dtype, device=G.device)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (G,) = context.saved_tensors
        cells = G.detach().double().cpu().numpy()
        wires = context.wires
        forward = _across(cells, wires)
        turned = {"wire_row": wires["wire_column"], "wire_column": wires["wire_row"],
                  "driver": wires["sense"], "sense": wires["driver"]}
        adjoint = _across(cells[::-1, ::-1].T, turned)[::-1].transpose(0, 2, 1)[:, ::-1, ::-1]
        found = np.einsum("ij,ikl,jkl->kl", gradient.double().cpu().numpy(), forward, adjoint,
                          optimize=True)
        return torch.as_tensor(found, dtype=G.dtype, device=G.device), None


def _across(G: np.ndarray, wires: dict[str, float]) -> np.ndarray:
    """Voltage across each cell with 1 V on one word line: word lines x word lines x bit lines."""
    word, bit = solve(G, np.eye(G.shape[0]), **wires).node_voltages()
    return word - bit


def effective_response(G: Tensor, *, wire: float = 0.0, wire_row: float | None = None,
                       wire_column: float | None = None, driver: float = 0.0,
                       sense: float = 0.0) -> Tensor:
    """G_eff of a crossbar's cells G, word lines x bit lines [S], as memspice.response gives it;
    gradients reach G exactly. Wires and terminals in Ohm."""
    return _Response.apply(G, {"wire_row": wire if wire_row is None else wire_row,
                               "wire_column": wire if wire_column is None else wire_column,
                               "driver": driver, "sense": sense})
