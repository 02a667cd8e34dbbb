"""From a PyTorch module to one on crossbars, and back to files that memspice runs."""

from __future__ import annotations

import contextlib
import copy
import pathlib
import shutil
import tempfile
import warnings
import weakref
from typing import Any, Iterable, Iterator, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from memspice import _core
from memspice.faults import fault
from memspice.flow import Flow, read_machine, write_data
from memspice.torch.effects import Effects
from memspice.torch.geometry import ANALOG
from memspice.torch.layers import AnalogLayer
from memspice.torch.names import layer_name

def convert(model: nn.Module, calibration: Tensor, *,
            flow: str | pathlib.Path | Mapping[str, Any] | None = None,
            array: Mapping[str, Any] | None = None, mapping: Mapping[str, Any] | None = None,
            converters: Mapping[str, Any] | None = None, device: Mapping[str, Any] | None = None,
            nonideality: Mapping[str, Any] | None = None, fidelity: str | None = None,
            float_layers: Iterable[str] = (), learn_ranges: bool = False,
            refresh_every: int = 50) -> "AnalogModel":
    """A copy of a trained model whose layers with weights are tiles of crossbars.

    calibration    images x ..., as the model takes them: converter ranges and stimuli come from them
    flow           a flow file, a shipped flow's name or a dict: the machine, without network and data
    array ...      tables of a flow that go before it: {"wire": "5 Ohm"}, {"levels": 16}
    nonideality    {"device_to_device": {"sigma": 0.2}}: drawn anew at each step of a training
    fidelity       "ideal", "mesh" or "calibrated" (fitted to ngspice); else the flow's
    float_layers   names of modules that stay digital
    learn_ranges   the DACs' ranges get gradients
    refresh_every  steps of a training between solutions of the line resistance

    Batch normalization is folded into the convolution before it, as memspice folds it. Throws
    InputError for what memspice refuses, and for modules it cannot follow.
    """
    settings = read_machine(flow)
    own = {"array": array, "mapping": mapping, "converters": converters, "device": device,
           "nonideality": nonideality}
    for name, table in own.items():
        settings[name] = {**settings.get(name, {}), **(table or {})}
    if fidelity is not None:
        settings["fidelity"] = {"default": fidelity}
    paths = {layer_name(name): "float" for name in float_layers}
    settings["path"] = {**settings.get("path", {}), **paths}
    return AnalogModel(_folded(model), calibration.detach(), settings, learn_ranges, refresh_every)


class AnalogModel(nn.Module):
    """A model on crossbars. Called as the model was; in training mode with the flow's effects drawn
    anew at each call, in evaluation as `memspice run` computes it without them."""

    def __init__(self, model: nn.Module, calibration: Tensor, settings: dict[str, Any],
                 learn_ranges: bool, refresh_every: int):
        super().__init__()
        self.settings, self.refresh_every = settings, refresh_every
        self._calibration, self._ranges_kept = calibration, False
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="memspice_torch_"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._seen: list[int] = []
        self._steps = 0
        self.model = model
        for name, layer in list(model.named_modules()):
            if isinstance(layer, ANALOG):
                _replace(model, name, AnalogLayer(layer, learn_ranges))
        self._drop_float_layers(settings["path"])
        self.calibrate()

    # ---- use --------------------------------------------------------------------------------------

    def forward(self, *inputs: Tensor) -> Tensor:
        """The model's output, its layers on crossbars."""
        if self.training:
            self._steps += 1
            if self._steps % self.refresh_every == 0:
                self.refresh()
        elif self._seen != self._versions():
            self.refresh()
        return self.model(*inputs)

    def layers(self) -> dict[str, AnalogLayer]:
        """The layers on crossbars, by the names that memspice has for them."""
        return {layer_name(name): layer for name, layer in self.model.named_modules()
                if isinstance(layer, AnalogLayer)}

    @torch.no_grad()
    def refresh(self) -> None:
        """Solves the line resistance of the weights as they are."""
        layers = list(self.layers().values())
        programmed = [layer.programmed(torch.float64)[0] for layer in layers]
        tiles = [layer.tile_cells(cells) for layer, cells in zip(layers, programmed)]
        found = iter(self._tables.responses([tile for each in tiles for tile in each]))
        for layer, cells, each in zip(layers, programmed, tiles):
            layer.set_responses(cells, [next(found) for _ in each])
        self._seen = self._versions()

    @torch.no_grad()
    def calibrate(self, images: Tensor | None = None) -> None:
        """Tiles, tile models and ADC ranges of the weights as they are, as a run of memspice has
        them; the DACs' ranges too the first time, and again where `images` are given."""
        if images is not None:
            self._calibration, self._ranges_kept = images.detach(), False
        flow = self._write_flow(self._folder, None, None)
        tables = _core.CrossbarTables(flow._call())
        figures, effects = tables.cells(), Effects(tables.effects(), tables.cells()["g_max"])
        layers = self.layers()
        _require_same(layers, [table["name"] for table in tables.layers()])
        for table in tables.layers():
            layer = layers[table["name"]]
            layer.set_tables(table, figures, effects)
            layer.set_responses(
                layer.programmed(torch.float64)[0],
                [tile["response"] for block in table["blocks"] for tile in block["tiles"]])
        self._tables, self._seen, self._ranges_kept = tables, self._versions(), True

    @contextlib.contextmanager
    def chips(self) -> Iterator[None]:
        """Within it each call in evaluation, too, is another chip with the flow's effects."""
        layers = self.layers().values()
        for layer in layers:
            layer.draws_in_evaluation = True
        try:
            yield
        finally:
            for layer in layers:
                layer.draws_in_evaluation = False

    def clip_weights(self, deviations: float = 3.0) -> None:
        """Cuts each layer's weights beyond so many standard deviations: call it after a step."""
        for layer in self.layers().values():
            layer.clip_weights(deviations)

    # ---- out --------------------------------------------------------------------------------------

    def digital(self) -> nn.Module:
        """The model without crossbars, with the weights as they are now."""
        model = copy.deepcopy(self.model)
        for name, layer in list(model.named_modules()):
            if isinstance(layer, AnalogLayer):
                _replace(model, name, layer.layer)
        return model.eval()

    def to_onnx(self, path: str | pathlib.Path) -> None:
        """The network that `memspice run` takes. The DACs' ranges are the flow's (`flow`)."""
        example = self._calibration[:1].to(next(self.parameters()).device)
        with warnings.catch_warnings():
            # Shapes are constants of the trace, but for the number of images.
            warnings.simplefilter("ignore", torch.jit.TracerWarning)
            torch.onnx.export(self.digital(), example, str(path), opset_version=13,
                              input_names=["image"], output_names=["scores"],
                              dynamic_axes={"image": {0: "images"}, "scores": {0: "images"}})

    def flow(self, folder: str | pathlib.Path, images: Tensor, labels: Tensor | None,
             **settings: Any) -> Flow:
        """Writes network, images and flow.toml of this machine into a folder: what it computes in
        evaluation, `memspice run` computes. settings: further tables, as output={"predictions":
        True}."""
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return self._write_flow(folder, images, labels, settings)

    def _write_flow(self, folder: pathlib.Path, images: Tensor | None, labels: Tensor | None,
                    settings: Mapping[str, Any] = {}) -> Flow:
        self.to_onnx(folder / "network.onnx")
        data = write_data(folder, _array(self._calibration), None if images is None else _array(images),
                          None if labels is None else labels.cpu().numpy())
        tables = copy.deepcopy(self.settings)
        if self._ranges_kept:
            tables["converters"]["input_range"] = {
                name: layer.x_max.item() for name, layer in self.layers().items()}
        return Flow({**tables, "network": {"file": "network.onnx"}, "data": data, **settings},
                    folder=folder, out=folder / "out")

    def _versions(self) -> list[int]:
        return [parameter._version for parameter in self.parameters()]

    def _drop_float_layers(self, paths: Mapping[str, str]) -> None:
        for name, layer in list(self.model.named_modules()):
            if isinstance(layer, AnalogLayer) and paths.get(layer_name(name)) == "float":
                _replace(self.model, name, layer.layer)


def _folded(model: nn.Module) -> nn.Module:
    """A copy in evaluation, its batch normalizations folded where a convolution precedes them."""
    model = copy.deepcopy(model).eval()
    if not any(isinstance(layer, nn.modules.batchnorm._BatchNorm) for layer in model.modules()):
        return model
    from torch.fx.experimental import optimization

    try:
        return optimization.fuse(model)
    except Exception as error:
        raise fault("model", type(model).__name__, f"cannot be traced: {error}",
                    "fold its batch normalization yourself, or write forward() without branches"
                    ) from error


def _replace(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, own = name.rpartition(".")
    setattr(model.get_submodule(parent), own, layer)


def _array(images: Tensor) -> np.ndarray:
    return images.detach().float().cpu().numpy()


def _require_same(layers: Mapping[str, AnalogLayer], found: list[str]) -> None:
    """memspice sees the exported graph; a layer that it has and we have not would stay digital."""
    unknown = [name for name in found if name not in layers]
    if unknown:
        raise fault(f"layer {unknown[0]}", "",
                    "is no Linear, convolution or transposed one that is called once",
                    "make it one, or give its name in float_layers")
    unseen = [name for name in layers if name not in found]
    if unseen:
        raise fault(f"layer {unseen[0]}", "", "the model's output does not need it",
                    "remove it from the model")
