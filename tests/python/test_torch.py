"""memspice.torch: a converted module against memspice run of the network that it exports."""

import importlib.util
import math
import sys
import tempfile
import unittest

import numpy as np

import memspice

if importlib.util.find_spec("torch") is None:
    print("PyTorch is not installed: apt install python3-torch")
    sys.exit(77)  # as a test that was not run, not one that passed

import torch
from torch import nn

from memspice.torch import Effects, from_onnx, convert, effective_response
from memspice.torch.cells import Cells

IDEAL_CONVERTERS = {"dac_bits": 0, "adc_bits": 0}


class AllKinds(nn.Module):
    """Ordinary, grouped, depthwise and transposed convolutions, and rows of a Linear layer; tiles
    that end within a channel, and several of them."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.depthwise = nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8)
        self.grouped = nn.Conv2d(8, 6, 3, groups=2, bias=False)
        self.up = nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2)
        self.line = nn.Conv1d(4, 5, 5, dilation=2, padding=2)
        self.head = nn.Linear(5 * 192, 7)

    def forward(self, x):
        x = torch.relu(self.depthwise(self.stem(x)))
        x = torch.tanh(self.up(torch.relu(self.grouped(x))))
        x = torch.relu(self.line(x.flatten(2)))
        return self.head(x.flatten(1))


def all_kinds(seed=1):
    torch.manual_seed(seed)
    model = AllKinds().train()
    with torch.no_grad():
        model(torch.rand(32, 3, 18, 18))  # running statistics that are not 0 and 1
    return model.eval()


def images(count, seed=2):
    return torch.rand(count, 3, 18, 18, generator=torch.Generator().manual_seed(seed))


class TorchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_scores(self, analog, test, fidelity):
        """What memspice run computes for the images that the module exports."""
        flow = analog.flow(self.folder, test, None, output={"predictions": True, "format": "npz"})
        return flow.run().predictions[f"scores_{fidelity}"]

    def compare(self, fidelity, share_alike=1.0, tolerance=1e-5, **tables):
        analog = convert(all_kinds(), images(20), fidelity=fidelity, **tables)
        test = images(30, 3)
        with torch.no_grad():
            ours = analog.eval()(test).numpy()
        theirs = self.run_scores(analog, test, fidelity)
        self.assertEqual(ours.shape, theirs.shape)
        apart = np.abs(ours - theirs) / np.ptp(theirs)
        self.assertGreaterEqual(np.mean(apart < tolerance), share_alike)
        return analog, ours, theirs

    def test_ideal_tiles_are_those_of_a_run(self):
        _, ours, _ = self.compare("ideal", converters=IDEAL_CONVERTERS)
        # On levels, so not the float network's either.
        with torch.no_grad():
            self.assertGreater(np.abs(ours - all_kinds()(images(30, 3)).numpy()).max(), 1e-3)

    def test_mesh_and_calibrated_tiles_are_those_of_a_run(self):
        lines = {"wire": "5 Ohm"}
        with self.subTest("mesh"):
            self.compare("mesh", converters=IDEAL_CONVERTERS, array=lines)
        with self.subTest("calibrated"):
            self.compare("calibrated", converters=IDEAL_CONVERTERS, array=lines)
        with self.subTest("cells that bend as they conduct"):
            self.compare("calibrated", converters=IDEAL_CONVERTERS,
                         array={"topology": "1t1r", **lines})

    def test_mappings_are_those_of_a_run(self):
        for mapping in ({"packing": "block_diagonal"}, {"signed": "unit_column"},
                        {"weight_scale": "output", "bias": "digital", "rows": 20, "columns": 8}):
            with self.subTest(mapping):
                self.compare("mesh", converters={**IDEAL_CONVERTERS, "gain": "calibrated"},
                             mapping=mapping, array={"wire": "5 Ohm"})

    def test_converters_round_as_those_of_a_run(self):
        # All are alike here; on another processor a value next to a rounding edge may fall to its
        # other side, by an LSB of its layer, and what follows carries it on: one image of 30.
        self.compare("mesh", share_alike=0.95, array={"wire": "5 Ohm"})
        self.compare("mesh", share_alike=0.95, converters={"adc_range": "output"})

    def test_float_layers_stay_digital(self):
        analog, _, _ = self.compare("ideal", converters=IDEAL_CONVERTERS,
                                    float_layers=["stem.0", "head"])
        self.assertNotIn("stem_0", analog.layers())
        self.assertIsInstance(analog.model.head, nn.Linear)

    def test_training_moves_weights_and_ranges_and_a_run_follows(self):
        analog = convert(all_kinds(), images(20), fidelity="mesh", learn_ranges=True,
                         refresh_every=4, converters=IDEAL_CONVERTERS | {"dac_bits": 6},
                         nonideality={"device_to_device": {"sigma": 0.1},
                                      "read_noise": {"relative_sigma": 0.01}})
        x, labels = images(64, 4), torch.arange(64) % 7
        optimizer = torch.optim.Adam(analog.parameters(), 3e-3)
        before = {name: layer.x_max.item() for name, layer in analog.layers().items()}
        analog.train()
        losses = []
        for _ in range(40):
            loss = nn.functional.cross_entropy(analog(x), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        self.assertLess(np.mean(losses[-5:]), 0.9 * np.mean(losses[:5]))
        self.assertTrue(any(abs(layer.x_max.item() / before[name] - 1.0) > 0.01
                            for name, layer in analog.layers().items()))
        analog.calibrate()
        with torch.no_grad():
            ours = analog.eval()(x[:10]).numpy()
        theirs = self.run_scores(analog, x[:10], "mesh")
        self.assertGreater(np.mean(np.abs(ours - theirs) < 1e-5 * np.ptp(theirs)), 0.95)
        for layer in analog.layers().values():  # noise at zero current has no slope of its own
            self.assertTrue(torch.isfinite(layer.layer.weight).all())

    def test_an_onnx_file_is_the_module_that_it_was(self):
        model, x = all_kinds(), images(8)
        path = self.folder + "/network.onnx"
        torch.onnx.export(model, x, path, opset_version=13,
                          dynamic_axes={"x": {0: "n"}}, input_names=["x"])
        again = from_onnx(path)
        with torch.no_grad():
            np.testing.assert_allclose(again(x), model(x), rtol=1e-4, atol=1e-5)
        # A layer that is replaced is called in its place, in a copy too.
        analog = convert(again, images(20), fidelity="ideal")
        with torch.no_grad():
            self.assertGreater((analog(x) - model(x)).abs().max().item(), 1e-4)

    def test_clipped_weights_lie_within_the_limit(self):
        analog = convert(all_kinds(), images(5), fidelity="ideal")
        deviation = analog.layers()["head"].layer.weight.std().item()
        analog.clip_weights(1.5)
        self.assertLessEqual(analog.layers()["head"].layer.weight.abs().max().item(),
                             1.5 * deviation * (1 + 1e-6))

    def test_what_cannot_be_followed_is_named(self):
        class Twice(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)

            def forward(self, x):
                return self.fc(torch.relu(self.fc(x)))

        with self.assertRaises(memspice.InputError) as caught:
            convert(Twice(), torch.rand(5, 4), fidelity="ideal")
        self.assertIn("fc", caught.exception.place)
        self.assertIn("float_layers", caught.exception.remedy)
        with self.assertRaises(memspice.InputError) as caught:
            convert(all_kinds(), images(5), fidelity="ideal", mapping={"slices": 2})
        self.assertEqual(caught.exception.place, "mapping.slices")


class ResponseTest(unittest.TestCase):
    def test_gradient_is_that_of_finite_differences(self):
        random = np.random.default_rng(1)
        G = torch.tensor(random.uniform(2e-6, 2e-5, (4, 3)), requires_grad=True)
        weights = torch.tensor(random.normal(size=(4, 3)))
        wires = dict(wire_row=300.0, wire_column=700.0, driver=500.0, sense=200.0)
        (effective_response(G, **wires) * weights).sum().backward()
        for k in range(4):
            for l in range(3):
                step = 1e-9
                moved = []
                for sign in (1, -1):
                    cells = G.detach().numpy().copy()
                    cells[k, l] += sign * step
                    moved.append((memspice.response(cells, **wires) * weights.numpy()).sum())
                slope = (moved[0] - moved[1]) / (2 * step)
                # Central differences of a smooth function: step^2 and rounding / step.
                self.assertAlmostEqual(G.grad[k, l].item(), slope, delta=1e-6)


class EffectsTest(unittest.TestCase):
    """Draws against the laws of memspice's [nonideality]."""

    def figures(self, **figures):
        none = dict(device_to_device=0.0, keeps_mean=False, cycle_to_cycle=0.0, programming_law="",
                    programming=0.0, stuck_on=0.0, stuck_off=0.0, on_conductance=2e-5,
                    off_conductance=0.0, open_word_lines=0.0, open_bit_lines=0.0, drift_law="",
                    nu=0.0, nu_sigma=0.0, t0=1.0, times=[], compensated=False, read_noise=0.0,
                    read_noise_relative=0.0, telegraph_amplitude=0.0, telegraph_probability=0.0)
        return {**none, **figures}

    def drawn(self, target=1e-5, count=200_000, **figures):
        torch.manual_seed(5)
        G = torch.full((1, count, 1), target, dtype=torch.float64)
        return Effects(self.figures(**figures), 2e-5).draw(Cells(G, G)).plus.flatten().numpy()

    def test_spreads(self):
        logs = np.log(self.drawn(device_to_device=0.3) / 1e-5)
        error = 0.3 / math.sqrt(len(logs))  # standard error of the mean; 5 of them below
        self.assertAlmostEqual(logs.mean(), 0.0, delta=5 * error)
        self.assertAlmostEqual(logs.std(), 0.3, delta=5 * error)
        mean = self.drawn(device_to_device=0.3, keeps_mean=True).mean()
        self.assertAlmostEqual(mean / 1e-5, 1.0, delta=5 * error)
        G = self.drawn(programming=1e-6)
        self.assertAlmostEqual(G.std() / 1e-6, 1.0, delta=5 / math.sqrt(len(G)))

    def test_phase_change_laws(self):
        G = self.drawn(programming_law="phase_change")
        sigma = 2e-5 / 25 * (0.26348 + 1.9650 * 0.5 - 1.1731 * 0.25)
        self.assertAlmostEqual(G.std() / sigma, 1.0, delta=5 / math.sqrt(len(G)))

    def test_stuck_and_open(self):
        G = self.drawn(stuck_on=0.1, stuck_off=0.2)
        self.assertAlmostEqual(np.mean(G == 2e-5), 0.1, delta=0.005)
        self.assertAlmostEqual(np.mean(G == 0.0), 0.2, delta=0.005)
        self.assertAlmostEqual(np.mean(self.drawn(open_word_lines=0.3) == 0.0), 0.3, delta=0.006)

    def test_compensated_drift_keeps_a_layers_weights_together(self):
        torch.manual_seed(6)
        G = Cells(torch.rand(1, 500, 20, dtype=torch.float64) * 2e-5,
                  torch.rand(1, 500, 20, dtype=torch.float64) * 2e-5)
        figures = self.figures(nu=0.05, nu_sigma=0.02, times=[1e6], compensated=True)
        aged = Effects(figures, 2e-5).draw(G)
        self.assertGreater((aged.plus - G.plus).abs().max().item(), 1e-7)
        self.assertAlmostEqual(((aged.plus - aged.minus).abs().sum()
                                / (G.plus - G.minus).abs().sum()).item(), 1.0, delta=1e-12)

    def test_drift_goes_back_no_further_than_its_times(self):
        G = self.drawn(nu=0.05, times=[1e6])
        self.assertEqual(len(np.unique(G)), 1)
        self.assertLess(G[0], 1e-5)
        self.assertGreater(G[0], 1e-5 * 1e6**-0.05)


if __name__ == "__main__":
    unittest.main()
