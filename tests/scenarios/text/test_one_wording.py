"""What does not block is called so everywhere: in findings, pages, templates, texts of rules and the library."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
FOLDERS: Final = ("scenarios", "reprotect", "docs")
READ: Final = frozenset({".py", ".html", ".md", ".yaml", ".json"})
OTHER: Final = re.compile(r"\b(?:stops?\s+nothing|holds\s+nothing\s+up)\b")


def test_nothing_is_said_to_stop_nothing() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.suffix in READ]
    assert len(files) > 500
    assert [str(file.relative_to(ROOT)) for file in files if OTHER.search(file.read_text("utf-8"))] == []
