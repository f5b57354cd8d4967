"""Sense checks beyond the schema: what a file says in the right words and cannot mean."""

from .subject import COUNT, PARTS, Subject
from .table import CHECKS, LEFT_TO_RULES, lint

__all__ = ["CHECKS", "COUNT", "LEFT_TO_RULES", "PARTS", "Subject", "lint"]
