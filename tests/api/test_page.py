"""docs/api.md is that of the docstrings as they are."""

import re
from pathlib import Path
from pkgutil import resolve_name

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


def test_every_dotted_name_on_the_page_can_be_imported() -> None:
    names = set(re.findall(r"`(failback(?:\.\w+)+)[`(]", api_page()))
    assert "failback.reprotect.driver.Operator" in names
    assert [name for name in sorted(names) if not _exists(name)] == []


def _exists(name: str) -> bool:
    try:
        return resolve_name(name) is not None
    except (ImportError, AttributeError):
        return False


def test_a_class_lists_its_attributes_and_its_methods_under_one_heading_each() -> None:
    for section in api_page().split("\n### ")[1:]:
        assert section.count("**Attributes**") <= 1
        attributes, _, methods = section.partition("\n**Methods**\n")
        assert not re.search(r"^- `\w+\(", attributes, re.MULTILINE), section
        assert not re.search(r"^- `\w+`", methods, re.MULTILINE), section
