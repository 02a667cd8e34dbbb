"""memspice.Network and memspice.map: layers, the float reference, tiles and what they answer."""

import pathlib
import unittest

import numpy as np

import memspice

FILE = pathlib.Path(__file__).resolve().parents[2] / "flows" / "networks" / "lenet5_fashion.onnx"


class NetworkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.images = np.random.default_rng(3).random((20, 1, 28, 28), dtype=np.float32)
        cls.mapped = memspice.map(FILE, cls.images, mapping={"rows": 32, "columns": 16},
                                  array={"wire": "4 Ohm", "driver": "100 Ohm", "sense": "50 Ohm"})

    def test_a_network_is_its_layers(self):
        network = memspice.Network.from_onnx(FILE)
        again = memspice.Network.from_onnx(FILE.read_bytes())
        self.assertEqual(network.layers, again.layers)
        self.assertEqual(network.input_shape, (1, 1, 28, 28))
        weights = {layer["name"]: layer["parameters"] for layer in network.layers
                   if layer["has_weights"]}
        self.assertEqual(weights, {"conv1": 6 * 26, "conv2": 16 * 151, "fc1": 120 * 401,
                                   "fc2": 84 * 121, "fc3": 10 * 85})
        scores = network(self.images)
        self.assertEqual(scores.shape, (20, 10))
        np.testing.assert_allclose(network(self.images[3:4]), scores[3:4], rtol=1e-4, atol=1e-4)
        with self.assertRaises(memspice.InputError):
            network(self.images[0])
        with self.assertRaises(memspice.InputError):
            memspice.Network.from_onnx(b"no network")

    def test_tiles_answer_as_the_crossbar_does(self):
        tile = self.mapped["fc1:3:2"]
        self.assertEqual((tile.layer, tile.G.shape), ("fc1", (32, 16)))
        V = np.random.default_rng(4).random((5, 32)) * 0.2
        wires = dict(wire=4.0, driver=100.0, sense=50.0)
        I = memspice.solve(tile.G, V, **wires).currents
        np.testing.assert_allclose(tile.respond(V), I[:, 0::2] - I[:, 1::2], rtol=1e-9, atol=1e-18)
        np.testing.assert_allclose(tile.response, memspice.response(tile.G, **wires), rtol=1e-9)

    def test_ngspice_certifies_a_tile(self):
        tile = self.mapped["conv1:0:0"]
        facts = tile.certify(np.full((2, tile.G.shape[0]), 0.1))
        self.assertLess(facts["bound"], 1e-9 * np.abs(tile.respond(np.full((1, 26), 0.1))).sum() + 1e-14)

    def test_a_tile_that_there_is_not_is_named(self):
        with self.assertRaises(memspice.InputError) as caught:
            self.mapped["fc9:0:0"]
        self.assertIn("conv1_b0_r0_c0", caught.exception.remedy)


if __name__ == "__main__":
    unittest.main()
