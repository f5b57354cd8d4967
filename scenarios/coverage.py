"""Which story shows which rule, in which worlds, by which test: the coverage page, generated."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from failback.reprotect import REQUIREMENTS, by_id

from .files.loader import library, load_scenario
from .files.schema import Scenario

PUBLISHED: Final = "docs/coverage.md"
"""Where the page is, from the top of the project."""
IN_SIM, IN_LAB = "tests/scenarios/test_rules.py", "tests/conformance/test_rules_lab.py"

_NO_COMMON_TARGET: Final = "no reprotect is sent for a stopped machine, so its group does not share one master target"
_OWN_POINTS: Final = "a warning that each machine of a group uses its own latest recovery point"
# fmt: off
ALONGSIDE: Final[Mapping[str, Mapping[str, str]]] = {
    "R01": {"F08": "no process server for the replication to Azure"},
    "R06": {"R07": _NO_COMMON_TARGET, "F03": _OWN_POINTS},
    "R07": {"F03": _OWN_POINTS},
    "R22": {"F03": _OWN_POINTS},
    "M02": {"R07": _NO_COMMON_TARGET, "F03": _OWN_POINTS},
    "B15": {"F03": _OWN_POINTS},
    "R25": {"T08": "the machine no longer exists on site"},
    "R28": {"T08": "the machine no longer exists on site"},
    "T04": {"T08": "the machine no longer exists on site"},
    "T10": {"T08": "the machine no longer exists on site"},
    "A18": {"T08": "the machine no longer exists on site"},
    "B14": {"T08": "the machine no longer exists on site"},
}
"""Rules that cannot be broken without another one being told of as well, and why."""
NOT_IN_LAB: Final[Mapping[str, str]] = {}
"""Stories that are not played in world lab, and why."""
# fmt: on


@cache
def stories() -> Mapping[str, tuple[str, ...]]:
    """Rule to the stories of the library that break it and, but for `ALONGSIDE`, nothing else; failing ones first."""
    found: dict[str, list[tuple[bool, str]]] = {row.id: [] for row in REQUIREMENTS}
    for name, path in library().items():
        scenario = load_scenario(path)
        rule = rule_of(scenario)
        if rule is not None:
            found[rule].append((not scenario.expect.stopped_by, name))
    return {rule: tuple(name for _, name in sorted(names)) for rule, names in found.items()}


def rule_of(scenario: Scenario) -> str | None:
    """The one rule that this story breaks, if it is one."""
    rules = [rule for rule in scenario.expect.findings if by_id(rule) is not None]
    first = rules[0] if rules else ""
    return first if rules and set(rules[1:]) <= ALONGSIDE.get(first, {}).keys() else None


def uncovered() -> tuple[str, ...]:
    """Rules without a story."""
    return tuple(rule for rule, names in stories().items() if not names)


def page() -> str:
    """The page as text."""
    return "\n".join((*_head(), *_rows())) + "\n"


def _head() -> Iterator[str]:
    covered = sum(bool(names) for names in stories().values())
    yield "<!-- Generated (python -m failback.scenarios.coverage); do not edit. -->"
    yield ""
    yield "# Coverage of the rules"
    yield ""
    yield "Each scenario of this table is for one of the [rules](rules.md). A run reports this rule as not met and,"
    yield "in some scenarios, those in the column *also reported*, but no others. The scenarios come from the"
    yield f"[library](../README.md#run-a-scenario), and cover {covered} of {len(REQUIREMENTS)} rules."
    yield ""
    yield f"The tests run all {sum(map(len, stories().values()))} scenarios in [world](../README.md#three-worlds) `sim`"
    yield f"(`{IN_SIM}`) and, with the real client libraries, in world `lab`{_except()} (`{IN_LAB}`). They also run the"
    yield "first scenario of each rule without the check of this rule, and verify that the result is then different."
    yield ""
    yield "| rule | [checked at](rules.md#each-rule) | scenarios | also reported |"
    yield "| --- | --- | --- | --- |"


def _except() -> str:
    return f", except {', '.join(NOT_IN_LAB)}" if NOT_IN_LAB else ""


def _rows() -> Iterator[str]:
    for row in REQUIREMENTS:
        besides = ", ".join(ALONGSIDE.get(row.id, {}))
        names = ", ".join(stories()[row.id]) or "none"
        yield f"| [{row.id}](rules.md#{row.id.lower()}) | {row.stage.value} | {names} | {besides} |"


def write(path: Path = Path(PUBLISHED)) -> None:
    """Write it down anew."""
    path.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
