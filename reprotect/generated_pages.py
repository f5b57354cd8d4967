"""The tables as pages for people: generated, so that a page cannot say what the code does not do."""

from .drill_page import transitions_page
from .lifecycle_page import lifecycle_page
from .rules_page import requirements_page


def pages() -> dict[str, str]:
    """All pages by file name."""
    return {"lifecycle.md": lifecycle_page(), "drill.md": transitions_page(), "rules.md": requirements_page()}
