"""What several files decide has one definition: each would be changed in one place and forgotten in another."""

import re
from pathlib import Path

import pytest

from failback.reprotect import AZURE, NETWORK, OWNER, SITE, VSPHERE
from failback.scenarios.files.loader import load_scenario, resolve

SOURCES = tuple(
    file for folder in ("reprotect", "scenarios") for file in (Path(__file__).parents[2] / folder).rglob("*.py")
)


def files_with(pattern: str) -> set[str]:
    """The sources in which a line fits it."""
    return {file.name for file in SOURCES if re.search(pattern, file.read_text("utf-8"), re.MULTILINE)}


def test_only_the_schema_knows_by_which_start_nobody_has_said_one() -> None:
    assert files_with(r"[!=]= STARTS_AT") == {"schema.py"}
    scenario = load_scenario(resolve("one_vm"))
    assert scenario.start_is_example is (scenario.starts_at == type(scenario).__dataclass_fields__["starts_at"].default)


@pytest.mark.parametrize("role", [AZURE, NETWORK, OWNER, SITE, VSPHERE])
def test_a_role_has_one_name(role: str) -> None:
    assert files_with(f'(=|,) "{role}"(,|$)') == {"row.py"}


@pytest.mark.parametrize(
    ("value", "file"),
    [
        (r"^_?SURE: Final = 0\.9$", {"question.py", "ahead.py"}),
        (r"^_?(NIGHT|WORKING|HOURS): Final = \(", {"hours_of_day.py"}),
        (r"^_?MIB_PER_GIB: Final = ", {"answers.py"}),
        (r"^_?MACHINES_MAX: Final = ", {"shape.py", "predicates_a_modernised.py"}),
    ],
)
def test_a_number_that_several_commands_use_is_defined_once(value: str, file: set[str]) -> None:
    """`ahead.py`: the share from which a wave is a go, another decision; A14 counts the machines of an appliance."""
    assert files_with(value) == file
