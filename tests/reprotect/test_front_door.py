"""The front door says everything that is public, and the rules need nothing but the standard library."""

import ast
import sys
from pathlib import Path

import failback.reprotect as door

FOLDER = Path(door.__file__).parent
PUBLIC: list[str] = vars(door)["__all__"]
DATA = {"abc", "collections", "dataclasses", "enum", "types", "typing"}
ALGORITHMS = {"functools", "heapq", "itertools", "json", "math", "operator", "re", "unicodedata"}
NO_RULES = ("scratch.py",)
"""Temporary folders: adapters and simulator share them, and have nothing else below both."""


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    froms = {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom) and n.level == 0}
    plain = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    return {name.split(".")[0] for name in froms | plain if not name.startswith("failback.reprotect.")}


def test_the_rules_import_only_small_parts_of_the_standard_library() -> None:
    rules = (path for path in FOLDER.rglob("*.py") if path.name not in NO_RULES)
    used = set[str]().union(*map(_imported, rules))
    assert used <= set(sys.stdlib_module_names)
    assert used <= DATA | ALGORITHMS


def test_the_front_door_is_sorted_and_whole() -> None:
    def order(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert sorted(set(PUBLIC), key=order) == PUBLIC
    assert all(hasattr(door, name) for name in PUBLIC)


def test_every_public_class_has_a_sentence() -> None:
    classes = (getattr(door, name) for name in PUBLIC if isinstance(getattr(door, name), type))
    assert not [thing for thing in classes if not (thing.__doc__ or "").strip()]
