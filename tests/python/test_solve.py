"""memspice.solve and response from Python, against closed forms and bad inputs."""

import multiprocessing
import threading
import unittest

import numpy as np

import memspice

G = np.array([[1e-5, 2e-5, 0.0], [3e-5, 4e-5, 1e-6]])
V = np.array([0.2, 0.1])


class SolveTest(unittest.TestCase):
    def test_ideal_wires_give_the_product(self):
        solution = memspice.solve(G, V)
        np.testing.assert_allclose(solution.currents, V @ G, rtol=1e-12)
        many = memspice.solve(G, np.stack([V, 2 * V]))
        self.assertEqual(many.currents.shape, (2, 3))
        np.testing.assert_allclose(many.currents[1], 2 * (V @ G), rtol=1e-12)

    def test_drivers_divide(self):
        solution = memspice.solve(G, V, driver=1000.0)
        at_cells = V / (1.0 + 1000.0 * G.sum(axis=1))
        np.testing.assert_allclose(solution.currents, at_cells @ G, rtol=1e-12)
        word, bit = solution.node_voltages()
        np.testing.assert_allclose(word[0], np.repeat(at_cells[:, None], 3, axis=1), rtol=1e-12)
        np.testing.assert_allclose(bit[0], 0.0, atol=1e-15)

    def test_the_engines_agree_and_tell_their_bound(self):
        mesh = memspice.solve(G, V, wire=5.0, alpha=2.5)
        spice = memspice.solve(G, V, wire=5.0, alpha=2.5, engine="ngspice", certificate=True)
        error = np.abs(mesh.currents - spice.currents).max()
        self.assertLessEqual(error, spice.facts["bound"] + 1e-18)
        self.assertIn("ngspice", spice.facts["engine"])

    def test_response_is_the_linear_map(self):
        G_eff = memspice.response(G, wire_row=3.0, wire_column=7.0)
        solution = memspice.solve(G, V, wire_row=3.0, wire_column=7.0)
        np.testing.assert_allclose(V @ G_eff, solution.currents, rtol=1e-9)

    def test_any_layout_and_number_type(self):
        wanted = memspice.solve(G, V, wire=2.0).currents
        for conductances in (np.asfortranarray(G), G.tolist(), np.repeat(G, 2, axis=1)[:, ::2]):
            np.testing.assert_array_equal(memspice.solve(conductances, V, wire=2.0).currents, wanted)
        single = memspice.solve(G.astype(np.float32), V, wire=2.0).currents
        np.testing.assert_allclose(single, wanted, rtol=1e-6)

    def test_bad_inputs_are_told(self):
        for bad in (G[0], np.zeros((0, 3)), np.zeros((2, 2, 2))):
            with self.assertRaisesRegex(ValueError, "G: a matrix is expected"):
                memspice.solve(bad, V)
        with self.assertRaisesRegex(TypeError, "numbers are expected"):
            memspice.solve(np.array([["a", "b"]]), V)
        with self.assertRaisesRegex(ValueError, "2 word lines"):
            memspice.solve(G, [0.1, 0.2, 0.3])
        with self.assertRaisesRegex(ValueError, "mesh"):
            memspice.solve(G, V, engine="spice")
        for value in (np.nan, -1e-6, np.inf):
            with self.assertRaises(memspice.InputError):
                memspice.solve([[value]], [0.1])
        with self.assertRaises(memspice.InputError) as caught:
            memspice.solve(G, V, wire=-1.0)
        self.assertTrue(caught.exception.rule)

    def test_threads_solve_side_by_side(self):
        wanted = memspice.solve(G, V, wire=2.0).currents
        found = [None] * 8

        def work(k):
            found[k] = memspice.solve(G, V, wire=2.0).currents

        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for currents in found:
            np.testing.assert_array_equal(currents, wanted)

    def test_a_forked_child_solves_as_its_parent(self):
        wanted = memspice.solve(G, V, wire=1.0).currents  # threads have run before the fork
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        child = context.Process(
            target=lambda: answers.put(memspice.solve(G, V, wire=1.0).currents), daemon=True)
        child.start()
        np.testing.assert_array_equal(answers.get(timeout=60), wanted)
        child.join(timeout=60)
        self.assertEqual(child.exitcode, 0)


if __name__ == "__main__":
    unittest.main()
