"""The stub of the compiled part holds what that part has, and every public hint names a type."""

import ast
import importlib.util
import inspect
import pathlib
import typing
import unittest

import memspice
import memspice.device
from memspice import _core

STUB = pathlib.Path(__file__).resolve().parents[2] / "src/python/memspice/_core.pyi"


def names_of(body):
    """What a stub's statements declare, classes with their methods."""
    found = {}
    for item in body:
        if isinstance(item, (ast.FunctionDef, ast.ClassDef)):
            found[item.name] = item
        elif isinstance(item, ast.AnnAssign):
            found[item.target.id] = item
    return found


class HintsTest(unittest.TestCase):
    def test_the_stub_is_the_module(self):
        stub = names_of(ast.parse(STUB.read_text()).body)
        public = {name for name in vars(_core) if not name.startswith("_")} | {"__version__"}
        self.assertEqual(set(stub), public)
        for name, item in stub.items():
            if not isinstance(item, ast.ClassDef) or issubclass(getattr(_core, name), Exception):
                continue
            methods = {key for key in vars(getattr(_core, name))
                       if not key.startswith("_") or key == "__init__"}
            self.assertEqual(set(names_of(item.body)), methods, name)

    def test_hints_name_types_and_all_is_documented(self):
        modules = [memspice, memspice.device]
        if importlib.util.find_spec("torch"):
            modules.append(importlib.import_module("memspice.torch"))
        for module in modules:
            names = getattr(module, "__all__", [n for n, x in vars(module).items()
                                                if inspect.isfunction(x) and n[0] != "_"])
            for name in names:
                self.check(getattr(module, name), f"{module.__name__}.{name}")

    def check(self, thing, name):
        if inspect.isfunction(thing):
            hints = typing.get_type_hints(thing)
            wanted = set(inspect.signature(thing).parameters) | {"return"}
            self.assertEqual(wanted - set(hints) - {"self"}, set(), name)
        if inspect.isclass(thing) and thing.__module__.startswith("memspice"):
            for key, method in vars(thing).items():
                if inspect.isfunction(method) and not key.startswith("_"):
                    self.check(method, f"{name}.{key}")
        if inspect.isfunction(thing) or inspect.isclass(thing):
            self.assertTrue(thing.__doc__, name)


if __name__ == "__main__":
    unittest.main()
