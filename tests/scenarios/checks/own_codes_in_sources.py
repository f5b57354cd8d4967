"""Every code and reason that our own messages can show, read from the sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[3]
ROOMS: Final = ("reprotect", "simulator", "adapters", "scenarios")
_OURS: Final = re.compile(r"FB-[A-Z][A-Z0-9]+")
_PLACE: Final = {"ArmError": 1, "Refusal": 1, "conflict": 0, "Stop": 0}
"""By the name that is called: which argument is the code."""


def codes_in_sources() -> frozenset[str]:
    """All of them."""
    files = (file for room in ROOMS for file in (TOP / room).rglob("*.py"))
    return frozenset(code for file in files for code in _codes(ast.parse(file.read_text(encoding="utf-8"))))


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _OURS.fullmatch(node.value):
            yield node.value
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = _PLACE.get(name)
    given = call.args[place] if place is not None and len(call.args) > place else None
    coded = [each.value for each in call.keywords if each.arg == "code"] if name in ("ArmError", "bad_request") else []
    for value in (given, *coded):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
