"""Faults that Python's own side finds, in the form of all others."""

from memspice._core import InputError


def fault(place: str, value: str, rule: str, remedy: str) -> InputError:
    """An InputError to raise, with its four parts."""
    parts = ": ".join(part for part in (place, value, rule) if part)
    error = InputError(f"{parts}; {remedy}")
    error.place, error.value, error.rule, error.remedy = place, value, rule, remedy
    return error
