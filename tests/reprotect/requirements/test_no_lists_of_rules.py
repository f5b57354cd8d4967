"""What holds for some rules is a column of their rows: a list of ids elsewhere is forgotten when a rule comes."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from failback import reprotect
from failback.reprotect import REQUIREMENTS

ROOT: Final = Path(reprotect.__file__).parent
IDS: Final = {row.id for row in REQUIREMENTS}
TABLES: Final = {
    "requirements/rows_": "the rules",
    "requirements/steps": "steps by rule",
    "requirements/proofs": "proofs by rule",
    "requirements/answers": "questions to an owner by rule",
    "requirements/careful": "warnings by rule",
    "requirements/looks_at_step": "what to look at, by rule",
    "requirements/on_site": "when the work on site is done, by rule",
    "requirements/readings": "readings, with the rules that hang on each",
    "requirements/remade": "what legs make anew, with the rules that ask for it",
    "requirements/remedies": "remedies by rule",
    "requirements/service_codes": "codes by rule",
    "estate/travel": "what travels, with the rule of each row",
    "drill/slot_queue": "the rule of the slots, by architecture",
}
"""Their rows name rules. A set of rules is no row."""
FILES: Final = sorted(ROOT.rglob("*.py"))


def is_id(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in IDS


def lists_of_rules(tree: ast.AST, *, of_table: bool = False) -> Iterator[int]:
    """Lines of collections that consist of ids of rules, or are looked up by them."""
    for node in ast.walk(tree):
        match node:
            case ast.Set(elts=parts):
                sides: list[list[ast.expr]] = [parts]
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if not of_table:
                sides = [parts]
            case ast.Dict(keys=keys, values=values) if not of_table:
                sides = [[key for key in keys if key is not None], values]
            case _:
                continue
        if any(side and all(map(is_id, side)) for side in sides):
            yield node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_code_has_a_list_of_rules_of_its_own(path: Path) -> None:
    of_table = path.relative_to(ROOT).as_posix().startswith(tuple(TABLES))
    found = list(lists_of_rules(ast.parse(path.read_text("utf-8")), of_table=of_table))
    assert not found, f"{path.name}: make a column of Requirement of this (requirements/row.py), in lines {found}"


@pytest.mark.parametrize(
    "code",
    ["A = frozenset({'R32'})", "A = ('8038', 'B14')", "A = {'8038': 'host'}", "A = {Architecture.CLASSIC: 'M03'}"],
)
def test_a_list_is_found_in_whatever_form(code: str) -> None:
    assert list(lists_of_rules(ast.parse(code)))
