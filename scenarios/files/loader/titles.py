"""One line for each scenario of the library."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_TITLE: Final = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE)


def by_kind(files: Mapping[str, Path]) -> tuple[dict[str, Path], dict[str, Path]]:
    """The files of whole drills, and those that each demonstrate one broken rule."""
    rules = {name: file for name, file in files.items() if file.parent.name == "rules"}
    return {name: file for name, file in files.items() if name not in rules}, rules


def title_of(file: Path) -> str:
    """The title alone: reading all of 150 files takes seconds."""
    found = _TITLE.search(file.read_text(encoding="utf-8"))
    return found[1].strip("'\"") if found else ""
