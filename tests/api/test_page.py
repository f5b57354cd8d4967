"""docs/api.md is that of the docstrings as they are."""

from pathlib import Path

import failback
from failback.page import MODULES, VALUES, VERBS, api_page

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == api_page(), "write it again: python -m failback.page > docs/api.md"


def test_the_page_has_every_public_name() -> None:
    assert {*VERBS, *VALUES, *MODULES, "__version__"} == set(vars(failback)["__all__"])
    lines = api_page().splitlines()
    assert all(f"### failback.{name}" in lines for name in (*VERBS, *VALUES))
    assert all(
        f"### failback.{module}.{name}" in lines for module in MODULES for name in getattr(failback, module).__all__
    )


def test_the_page_names_no_address_of_memory_and_no_folder_of_this_machine() -> None:
    assert " at 0x" not in api_page()
    assert str(PAGE.parent) not in api_page()
