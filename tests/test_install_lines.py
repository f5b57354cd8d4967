"""What tells people to install something says it in a way that works: failback is on no package index."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
FOLDERS = ("reprotect", "simulator", "adapters", "scenarios", "docs", "notebooks")
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md"] + [
    file
    for folder in FOLDERS
    for ending in ("*.py", "*.md", "*.html", "*.ipynb", "*.yaml")
    for file in (TOP / folder).rglob(ending)
    if "__pycache__" not in file.parts
]
EXTRA = re.compile(r"""pip install ['"]?\.\[([\w,]+)\]""")
INSTALLERS = ("pip install", "pipx install", "uvx", "uv tool install")
OF_AN_INDEX = re.compile(rf"""(?:{"|".join(INSTALLERS)}) +['"]?failback""")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_no_page_or_message_installs_failback_from_an_index(page: Path) -> None:
    assert not OF_AN_INDEX.findall(page.read_text(encoding="utf-8"))


def test_every_extra_that_an_install_line_names_is_declared() -> None:
    declared = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {
        extra for page in PAGES for line in EXTRA.findall(page.read_text(encoding="utf-8")) for extra in line.split(",")
    }
    assert {"study", "lab", "notebook", "cluster"} <= named <= set(declared)


def test_the_extra_for_notebooks_brings_what_opens_one() -> None:
    declared = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert any(library.startswith("jupyterlab") for library in declared["notebook"])
