"""Estates from the vendor's pages: `check`, a simulated run and a run in lab all say what the page says."""

from pathlib import Path
from typing import Final

import pytest
import yaml

import failback

from .page_estates import HOME, PAGE_ESTATES, PageEstate

by_name: Final = pytest.mark.parametrize("row", PAGE_ESTATES, ids=lambda row: row.name)


@pytest.fixture
def scenario(row: PageEstate, tmp_path: Path) -> Path:
    """The estate as the file that a person writes."""
    path = tmp_path / f"{row.name}.yaml"
    path.write_text(yaml.safe_dump(row.document(), sort_keys=False), encoding="utf-8")
    return path


def _ends(row: PageEstate, scenario: Path, world: str = "sim") -> dict[str, str]:
    """Of each machine how it ended. A plan that is refused before it begins names the rule of all of them."""
    try:
        result = failback.play(scenario, world=world)
    except failback.BadInput as refused:
        return {name: rule for name, rule in row.ends.items() if f"({rule})" in str(refused)}
    return {item.name: item.stopped_by or HOME for item in result.items}


def test_there_are_thirty_of_them_and_each_names_a_page() -> None:
    assert len({row.name for row in PAGE_ESTATES}) == 30
    assert all(row.page and row.says for row in PAGE_ESTATES)


@by_name
def test_the_check_says_what_the_page_says(row: PageEstate, scenario: Path) -> None:
    report = failback.check(scenario)
    stopped = {rule for rule in row.ends.values() if rule != HOME}
    assert report.ready is not bool(stopped)
    assert {finding["rule"] for finding in report.blockers} >= stopped
    assert {finding["rule"] for finding in report.findings} >= set(row.told)


@by_name
def test_the_run_ends_as_the_page_says(row: PageEstate, scenario: Path) -> None:
    assert _ends(row, scenario) == row.ends


@pytest.mark.vcsim
@pytest.mark.slow
@by_name
def test_the_run_in_lab_ends_as_the_page_says(row: PageEstate, scenario: Path) -> None:
    assert _ends(row, scenario, "lab") == row.ends
