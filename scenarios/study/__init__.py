"""What if: the way home played with other values, many times."""

from .study import Study

__all__ = ["Study"]
