from pathlib import Path

from failback.simulator.arm import ROUTES, UNSERVED, coverage_page

PAGE = Path(__file__).parents[3] / "docs" / "coverage-arm.md"
PRINT = 'from failback.simulator.arm import coverage_page; print(coverage_page(), end="")'
WRITE = f"python -c '{PRINT}' > docs/coverage-arm.md"


def test_the_coverage_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == coverage_page(), f"write it anew: {WRITE}"


def test_the_page_names_every_operation_once() -> None:
    for name in [row.operation for row in ROUTES] + [name for name, _, _ in UNSERVED]:
        assert coverage_page().count(f"| {name} |") == 1
