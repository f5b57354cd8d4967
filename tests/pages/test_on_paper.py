"""The printed runbook: its pages are as full as they can be, but for those that somebody is handed."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
OWN_PAGES: Final = ".owner { break-before: page; }"
"""What an owner or the network team is handed begins on a page of its own, and may leave it half empty."""
CUT_ANYWHERE: Final = "{break-inside: auto !important; break-before: auto !important; break-after: auto !important}"
_PAGE: Final = re.compile(rb"/Type\s*/Page\b(?!s)")


def pages(html: str, folder: Path, name: str) -> int:
    """How many sheets a browser prints."""
    browser = next((path for each in BROWSERS if (path := shutil.which(each))), None)
    if browser is None:
        assert not os.environ.get("FAILBACK_REQUIRE_CHROMIUM"), "no Chromium was found"
        pytest.skip("no Chromium was found")
    source, paper = folder / f"{name}.html", folder / f"{name}.pdf"
    source.write_text(html, "utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    subprocess.run([browser, *options, source.as_uri()], capture_output=True, check=True, timeout=300)
    return len(_PAGE.findall(paper.read_bytes()))


@pytest.mark.chromium
@pytest.mark.parametrize("story", ["first_drill_modernised", "first_drill"])
def test_keeping_together_what_belongs_together_costs_a_page_at_most(story: str, tmp_path: Path) -> None:
    made = texts(runbook(load_scenario(resolve(story)), 1))["runbook.html"]
    assert OWN_PAGES in made
    kept = made.replace(OWN_PAGES, "")
    cut = kept.replace("</style>", f"@media print {{ * {CUT_ANYWHERE} }}</style>")
    assert pages(kept, tmp_path, "kept") <= pages(cut, tmp_path, "cut") + 1
