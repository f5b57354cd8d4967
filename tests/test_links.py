"""Links between pages lead to files and headings that exist, and pages that send a reader to a term define it there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TOP: Final = Path(__file__).parents[1]
PAGES: Final = (*sorted(TOP.glob("*.md")), *sorted(TOP.glob("docs/*.md")), *sorted(TOP.glob("benchmarks/*.md")))
LINK: Final = re.compile(r"\]\((?!https?:|mailto:)([^)\s]*)\)")
FENCED: Final = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
TERMS: Final = re.compile(r"\]\(([^)\s]+)\) defines (?:\w+ )*such as ([^.]*)")


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    seen: dict[str, int] = {}
    for heading in re.findall(r"^#+ +(.*?) *#*$", FENCED.sub("", text), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        seen[slug] = seen.get(slug, -1) + 1
        if seen[slug]:
            seen[f"{slug}-{seen[slug]}"] = 0
    return set(seen) | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def wrong_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists():
            yield f"{link}: no such file"
        elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert list(wrong_links(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_a_section_that_is_said_to_define_terms_contains_them(page: Path) -> None:
    for link, named in TERMS.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        parts = re.split(r"^(?=## )", (page.parent / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
        section = "".join(part for part in parts if anchor in anchors(part))
        assert [term for term in re.findall(r"\*(\w+)\*", named) if f"*{term}" not in section] == []
