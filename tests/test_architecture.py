"""The house's own rules: who may branch on the architecture, who may import what."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
FOLDERS = ("reprotect", "simulator", "adapters", "scenarios")
MODULES = [path for folder in FOLDERS for path in sorted((TOP / folder).rglob("*.py"))]
RULES = ("reprotect/lifecycle", "reprotect/requirements/")
MAY_BRANCH = (*RULES, "adapters/translation", "simulator/arm/")
"""The rules and the translation of both sides. The site's parts choose by tables, not by branches."""


def branches_on_architecture(tree: ast.AST) -> Iterator[int]:
    """Lines where a comparison or a case names one architecture."""
    for node in ast.walk(tree):
        parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        parts += [node.value] if isinstance(node, ast.MatchValue) else []
        for part in parts:
            if isinstance(part, ast.Attribute) and part.attr in ("CLASSIC", "MODERNISED"):
                yield part.lineno


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(TOP)))
def test_only_tables_and_translations_know_the_two_architectures(path: Path) -> None:
    name = path.relative_to(TOP).as_posix()
    lines = list(branches_on_architecture(ast.parse(path.read_text(encoding="utf-8"))))
    assert not lines or name.startswith(MAY_BRANCH), f"{name} branches on the architecture in lines {lines}"


def modules(tree: ast.AST) -> Iterator[str]:
    """Modules of the absolute imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level names of the absolute imports."""
    return (module.partition(".")[0] for module in modules(tree))


@pytest.mark.parametrize("path", sorted((TOP / "reprotect").rglob("*.py")), ids=lambda p: p.name)
def test_the_rules_import_nothing_but_the_standard_library_and_one_another(path: Path) -> None:
    named = modules(ast.parse(path.read_text(encoding="utf-8")))
    others = {module.partition(".")[0] for module in named if not module.startswith("failback.reprotect.")}
    assert others <= sys.stdlib_module_names


@pytest.mark.parametrize("path", sorted((TOP / "simulator").rglob("*.py")), ids=lambda p: p.name)
def test_the_simulated_world_has_no_clock_and_no_chance_of_its_own(path: Path) -> None:
    if path.name in ("clock_mode.py", "handler.py", "mock_state.py", "server.py", "chance.py", "durations.py"):
        return  # the mock's doors live in real time; chance is the one source of streams, durations draw from one
    assert not {"time", "random", "secrets"} & set(imported(ast.parse(path.read_text(encoding="utf-8"))))


MAY_WRITE = ("scenarios/files.py", "scenarios/player.py")
"""Through the first all files of text lose their secrets; the second writes the history, and redacts it by itself."""


def writes_text(tree: ast.AST) -> Iterator[int]:
    """Lines that write a text into a file, or open one to write text into."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        modes = {arg.value for arg in node.args if isinstance(arg, ast.Constant)} & {"w", "a", "x", "w+", "a+"}
        if (name == "write_text" and isinstance(node.func, ast.Attribute)) or (name == "open" and modes):
            yield node.lineno


@pytest.mark.parametrize("path", sorted((TOP / "scenarios").rglob("*.py")), ids=lambda p: str(p.relative_to(TOP)))
def test_no_text_is_written_past_the_place_that_hides_secrets(path: Path) -> None:
    name = path.relative_to(TOP).as_posix()
    lines = list(writes_text(ast.parse(path.read_text(encoding="utf-8"))))
    assert bool(lines) == (name in MAY_WRITE), f"{name} writes in lines {lines}; take scenarios/files.py"
