"""CHANGELOG.md: a merge can bring back lines that were taken out; these are the signs of that."""

from itertools import pairwise
from pathlib import Path

UNRELEASED = (
    (Path(__file__).parents[1] / "CHANGELOG.md")
    .read_text(encoding="utf-8")
    .partition("## [Unreleased]")[2]
    .partition("\n## [")[0]
)


def test_each_section_is_one_list_of_one_line_entries() -> None:
    for section in UNRELEASED.split("\n### ")[1:]:
        title, blank, *entries = section.rstrip("\n").split("\n")
        assert blank == "", title
        assert [line for line in entries if not line.startswith("- ")] == [], title


def test_no_entry_stands_twice() -> None:
    entries = [line for line in UNRELEASED.splitlines() if line.startswith("- ")]
    assert len(entries) == len(set(entries))


def test_no_entry_is_the_beginning_of_another() -> None:
    entries = sorted(line for line in UNRELEASED.splitlines() if line.startswith("- "))
    assert [one for one, after in pairwise(entries) if after.startswith(one)] == []
