"""The house's own rules: who may branch on the architecture, who may import what."""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Final

import pytest

from failback.adapters.translation import ITEM_STATES, RUNNING, SCENARIOS
from failback.reprotect import Architecture, Phase

TOP = Path(__file__).parents[1]
FOLDERS = ("api", "reprotect", "simulator", "adapters", "scenarios")
MODULES = [path for folder in FOLDERS for path in sorted((TOP / folder).rglob("*.py"))]
RULES = ("reprotect/lifecycle", "reprotect/requirements/")
MAY_BRANCH = (*RULES, "adapters/translation", "simulator/arm/wire/")
"""The rules and the translation of both sides. All other parts, also those of the mock, choose by tables."""


ARCHITECTURES = {member.name: member.value for member in Architecture}
PROVIDERS = {
    "V2A": "InMageAzureV2",
    "INMAGE": "InMage",
    "RCM": "InMageRcm",
    "RCM_BACK": "InMageRcmFailback",
    "RCM_FAILBACK": "InMageRcmFailback",
}
"""The service's words for an architecture's providers, and the names that both sides have for them."""
FABRICS = {"InMageRcmFabric", "VMware"}
"""Its words for the fabrics that are no provider's word too."""
PHASES = {member.name: member.value for member in Phase}


def branches_on_architecture(tree: ast.AST) -> Iterator[int]:
    """Lines where a comparison or a case names an architecture or a provider, as a member or by its word.

    A constant of the module that stands for one such word is that word. A constant with several is a table.
    """
    aliases = {name for name, value in constants(tree) if names_architecture(value, frozenset())}
    for node in ast.walk(tree):
        parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        parts += [node.value] if isinstance(node, ast.MatchValue) else []
        if any(names_architecture(one, aliases) for part in parts for one in ast.walk(part)):
            yield parts[0].lineno


def constants(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Names and values of the module's constants, also of those that are assigned together."""
    for node in ast.iter_child_nodes(tree):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            yield from ((ast.unparse(name), one) for name, one in zip(target.elts, value.elts, strict=False))
        elif isinstance(target, ast.Name) and value is not None:
            yield target.id, value


def names_architecture(node: ast.AST, aliases: Collection[str]) -> bool:
    """Whether this stands for one architecture, by a member, a word of ours, or a word of the service."""
    if isinstance(node, ast.Name):
        return node.id in PROVIDERS or node.id in aliases
    if isinstance(node, ast.Constant) and (node.value in PROVIDERS.values() or node.value in FABRICS):
        return True
    return named(node, ARCHITECTURES)


def named(node: ast.AST, members: Mapping[str, str]) -> bool:
    """Whether this is one of these members (`Phase.FAILED_OVER`, `_P.FAILED_OVER`) or the word that stands for it."""
    if isinstance(node, ast.Attribute):
        return node.attr in members
    return isinstance(node, ast.Constant) and node.value in members.values()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(TOP)))
def test_only_tables_and_translations_know_the_two_architectures(path: Path) -> None:
    name = path.relative_to(TOP).as_posix()
    lines = list(branches_on_architecture(ast.parse(path.read_text(encoding="utf-8"))))
    assert not lines or name.startswith(MAY_BRANCH), f"{name} branches on the architecture in lines {lines}"


@pytest.mark.parametrize(
    "code",
    [
        "if vm.architecture is Architecture.CLASSIC: pass",
        "a = vm.architecture.value == 'classic'",
        "a = vm.architecture.value in ('modernised', 'both')",
        "match vm.architecture.value:\n    case 'classic': pass",
        "match vm.architecture:\n    case Architecture.MODERNISED: pass",
        "if kind == RCM: pass",
        "a = row.provider in (INMAGE, RCM_BACK)",
        "a = 1 if details.get('instanceType') != 'InMageAzureV2' else 2",
        "_CLASSIC: Final = 'VMware'\na = details.get('instanceType') == _CLASSIC",
        "_OLD, _NEW = 'InMage', 'InMageRcm'\na = kind is _NEW",
        "match kind:\n    case 'InMageRcm' | 'InMage': pass",
    ],
)
def test_a_branch_on_the_architecture_is_found_in_whatever_form(code: str) -> None:
    assert list(branches_on_architecture(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "a = {RCM: read_box, INMAGE: read_server}[kind](item)",
        "_HOMEWARD = frozenset({INMAGE, RCM_BACK})\na = kind in _HOMEWARD",
        "a = details.word('instanceType', (V2A, RCM))",
        "a = {'instanceType': 'InMageRcm', 'appliances': boxes}",
    ],
)
def test_a_table_and_what_is_sent_are_no_branches(code: str) -> None:
    assert not list(branches_on_architecture(ast.parse(code)))


def lists_of_phases(tree: ast.AST) -> Iterator[int]:
    """Lines where several phases stand together, as members or by their words, or a word is read by its ends."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts: list[ast.AST] = list(node.elts)
        elif isinstance(node, ast.Dict):
            parts = [part for part in (*node.keys, *node.values) if part is not None]
        elif isinstance(node, ast.BoolOp):
            parts = [part for compared in node.values for part in ast.walk(compared)]
        elif isinstance(node, ast.MatchOr):
            parts = [part.value for part in node.patterns if isinstance(part, ast.MatchValue)]
        else:
            parts = []
        found = {id(bare(part)) for part in parts if named(bare(part), PHASES)}
        if len(found) > 1 or reads_a_word(node):
            yield getattr(node, "lineno", 0)


def bare(node: ast.AST) -> ast.AST:
    """What stands for a phase here: a row or key that has one counts as that phase, `.value` as its member."""
    if isinstance(node, ast.Tuple | ast.Call):
        inner = node.elts if isinstance(node, ast.Tuple) else node.args
        return next((part for part in inner if named(part, PHASES)), node)
    return node.value if isinstance(node, ast.Attribute) and node.attr == "value" else node


def reads_a_word(node: ast.AST) -> bool:
    """`phase.value.startswith(...)`: what a phase means, guessed from how its word begins or ends."""
    if not (isinstance(node, ast.Attribute) and node.attr in ("startswith", "endswith")):
        return False
    return isinstance(node.value, ast.Attribute) and ast.unparse(node.value).endswith("phase.value")


WIRE: Final = {
    *(word for row in ITEM_STATES for word in astuple(row) if isinstance(word, str)),
    *(row.scenario for row in RUNNING),
    *(name for names in SCENARIOS.values() for name in names),
    *("SwitchProtection", "ReverseReplicate", "EnablingFailed"),
}
"""Azure's words for states of an item, jobs and what it offers."""
SHOWS_WIRE: Final = {"scenarios/servers/showcase.py": "the mock's answers, for people who look at them"}


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.is_relative_to(TOP / "scenarios") or p.is_relative_to(TOP / "reprotect")], ids=str
)
def test_only_adapters_and_the_mock_know_the_words_of_azure(path: Path) -> None:
    if path.relative_to(TOP).as_posix() in SHOWS_WIRE:
        return
    constants_there = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    found = {node.lineno: node.value for node in constants_there if node.value in WIRE}
    assert not found, f"{path}: give adapters a table for this, such as adapters/translation.py"


MAY_LIST_PHASES = {
    "reprotect/phases.py": "the table",
    "reprotect/lifecycle.py": "which phase follows which",
    "adapters/translation.py": "wire: states and job names of the service, to phases",
    "scenarios/text/plain_words.py": "phases to sentences for people, held to be complete by a test",
}
"""What may list phases, and why."""
MOCKS_WIRE_TABLE = ("simulator/arm/", "wire.py")
"""Phases to the states that the mock shows. It has a wire table of its own, on purpose: the adapters' would hide its
mistakes."""


def is_the_mocks_wire_table(name: str) -> bool:
    """Wherever in the mock it stands."""
    folder, file = MOCKS_WIRE_TABLE
    return name.startswith(folder) and name.rpartition("/")[2] == file


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(TOP)))
def test_only_the_tables_list_phases(path: Path) -> None:
    name = path.relative_to(TOP).as_posix()
    lines = list(lists_of_phases(ast.parse(path.read_text(encoding="utf-8"))))
    assert not lines or name in MAY_LIST_PHASES or is_the_mocks_wire_table(name), (
        f"{name} lists phases in lines {lines}: ask a column of reprotect/phases.py, or add one"
    )


@pytest.mark.parametrize("name", MAY_LIST_PHASES)
def test_what_may_list_phases_does(name: str) -> None:
    assert list(lists_of_phases(ast.parse((TOP / name).read_text(encoding="utf-8")))), f"{name} need not be excepted"


@pytest.mark.parametrize(
    "code",
    [
        "A = frozenset({Phase.FAILED_OVER, Phase.FAILOVER_COMMITTED})",
        "A = (_P.FAILED_OVER.value, _P.FAILED_BACK.value)",
        "A = ['failed_over', 'failed_back']",
        "A = {Phase.FAILED_OVER: 1, Phase.FAILED_BACK: 2}",
        "A = {1: Phase.FAILED_OVER, 2: Phase.FAILED_BACK}",
        "A = (Row(Phase.FAILED_OVER, True), Row(Phase.FAILED_BACK, False))",
        "A = phase is Phase.FAILED_OVER or phase is Phase.FAILED_BACK",
        "match phase:\n    case Phase.FAILED_OVER | Phase.FAILED_BACK: pass",
        "A = item.phase.value.endswith('committed')",
        "A = item.move.phase.value.startswith('failed')",
    ],
)
def test_a_list_of_phases_is_found_in_whatever_form(code: str) -> None:
    assert list(lists_of_phases(ast.parse(code)))


@pytest.mark.parametrize("code", ["A = (Phase.FAILED_OVER, *goals)", "A = phase is Phase.FAILED_OVER and ready"])
def test_a_single_phase_is_no_list(code: str) -> None:
    assert not list(lists_of_phases(ast.parse(code)))


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


IN_REAL_TIME = (
    "clock_mode.py",
    "handler.py",
    "mock_state.py",
    "http_server.py",
    "http_workers.py",
    "chance.py",
    "durations.py",
)
"""The mock's doors live in real time; chance is the one source of streams, durations draw from one."""


@pytest.mark.parametrize("path", sorted((TOP / "simulator").rglob("*.py")), ids=lambda p: p.name)
def test_the_simulated_world_has_no_clock_and_no_chance_of_its_own(path: Path) -> None:
    if path.name in IN_REAL_TIME:
        return
    assert not {"time", "random", "secrets"} & set(imported(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(TOP)))
def test_only_one_module_makes_a_console_and_nobody_writes_past_the_clean_streams(path: Path) -> None:
    name, text = path.relative_to(TOP).as_posix(), path.read_text(encoding="utf-8")
    called = {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}
    past = {"Console", "rich.print", "sys.stdout.buffer.write", "sys.stderr.buffer.write", "os.write"} & called
    assert not past | ({"sys.__stdout__", "sys.__stderr__"} & set(text.split())), (
        f"{name} writes past the clean streams"
    )


MAY_WRITE = {
    "scenarios/calibrations/synthetic.py": "the results of made-up drills",
    "scenarios/coverage.py": "a page of this project's documentation",
    "scenarios/files/json_schema.py": "a page of this project's documentation",
    "scenarios/outputs/folders.py": "the word to Git",
    "scenarios/reports/report.py": "the picture in this project's documentation",
}
"""Text that has no secrets; all else passes `outputs.writing`, or is a line of a history, which the player redacts."""


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
    assert bool(lines) == (name in MAY_WRITE), f"{name} writes in lines {lines}; take outputs.writing"
