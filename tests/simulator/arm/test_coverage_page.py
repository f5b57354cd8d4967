from pathlib import Path

from failback.simulator.arm import ROUTES, UNSERVED, coverage_page

PAGE = Path(__file__).parents[3] / "docs" / "coverage-arm.md"
PRINT = 'from failback.simulator.arm import coverage_page; print(coverage_page(), end="")'
WRITE = f"python -c '{PRINT}' > docs/coverage-arm.md"


def test_the_coverage_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == coverage_page(), f"write it anew: {WRITE}"


def test_the_page_names_every_operation_once() -> None:
    served, _, unserved = coverage_page().partition("\n## ")
    for row in ROUTES:
        assert served.count(f"| {row.operation} |") == 1
    lines = (line[2:].split(": ") for line in unserved.splitlines() if line.startswith("- "))
    named = [f"{group}.{name}" for group, names in lines for name in names.split(", ")]
    assert sorted(named) == sorted(name for name, _, _ in UNSERVED)
