"""Versions of what is installed, each looked up once: a look reads a file, and a study plays thousands of runs."""

from functools import cache
from importlib.metadata import version


@cache
def installed(package: str) -> str:
    """The version of this package."""
    return version(package)
