"""Names of waves, tiers and applications that are hostile are shown as text in the answer to a cutover."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from failback.reprotect import Wave
from failback.scenarios.files.applications import Application
from failback.scenarios.predictions.page import write_pages
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.question import Question
from tests.scenarios.outcomes.test_seed_and_cutover import two

SCRIPT: Final = "<script>alert('1')</script>\U0001f4a3\u202e|"
LONG: Final = "long " * 60


def test_hostile_names_of_waves_and_applications_are_text_on_the_page(tmp_path: Path) -> None:
    waves = (Wave(SCRIPT, ("a",)), Wave(LONG, ("b",)))
    shop = replace(two(*waves, size_gib=1.0), applications=(Application(SCRIPT, ("a", "b")),))
    times = [datetime(2026, 6, day, tzinfo=UTC) for day in (1, 8, 5)]
    write_pages(predict(Question(shop, times[0], times[1], 0.9, 1, times[2])), tmp_path)
    page = (tmp_path / "answer.html").read_text("utf-8")
    assert "&lt;script&gt;alert" in page
    assert LONG.strip() in page
    for text in (page, (tmp_path / "answer.md").read_text("utf-8")):
        assert not re.search(r"(?<!\\)<script>alert", text)  # Markdown has a backslash before it
        assert "\u202e" not in text
