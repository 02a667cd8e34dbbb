"""Names of layers, as memspice spells those of an exported network."""

import re


def layer_name(module: str) -> str:
    """body.0 is body_0; a name that starts with a digit gets a word before it."""
    word = re.sub(r"\W", "_", module.strip("/"))
    return word if word[:1].isalpha() or word[:1] == "_" else f"layer_{word}"
