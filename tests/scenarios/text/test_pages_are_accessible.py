"""Pages can be read by people who see little contrast, and used without a mouse (WCAG AA)."""

import re
from importlib.resources import files

import pytest

TEMPLATES = files("failback.scenarios") / "templates"
ENOUGH = 4.5
PAIRS = [
    ("good", "good-soft"),
    ("bad", "bad-soft"),
    ("warn", "warn-soft"),
    ("soft", "page"),
    ("soft", "card"),
    ("ink", "page"),
]
PAGES = ("answer", "answer_cutover", "compare", "report", "runbook")


def colours(dark: bool) -> dict[str, str]:
    text = (TEMPLATES / "colours.css").read_text("utf-8")
    light, night = text.split("@media")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", night if dark else light))


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_letters_stand_out_from_their_background(ink: str, paper: str, dark: bool) -> None:
    known = colours(dark)
    high, low = sorted((luminance(known[ink]), luminance(known[paper])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= ENOUGH


@pytest.mark.parametrize("page", PAGES)
def test_what_scrolls_can_be_reached_with_the_keyboard(page: str) -> None:
    text = (TEMPLATES / f"{page}.html").read_text("utf-8")
    scrolling = re.findall(r'<div class="(?:table|chart)"[^>]*>', text)
    assert scrolling
    assert all('tabindex="0"' in tag and "aria-label" in tag for tag in scrolling)
