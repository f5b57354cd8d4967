"""A figure of the first screen."""

from typing import TypeAlias

Figure: TypeAlias = tuple[str, str, str]
"""What it is, how much, and what to know about it."""
