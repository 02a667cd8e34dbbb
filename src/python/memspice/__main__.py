"""The command line: python3 -m memspice run FLOW.toml."""

import sys

from memspice import _core

sys.exit(_core.run_program(["memspice", *sys.argv[1:]]))
