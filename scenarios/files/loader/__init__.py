"""From a file to a scenario of frozen values, or to all of its mistakes at once with their lines.

A file goes through five hands: `document` (text to plain data), `shape` (defaults, counts and short forms written out,
with a note of where each machine stands), pydantic (types), `lint` (sense) and `values`. What pydantic refuses is taken
out and the rest goes on to lint, so that one reading tells everything.
"""

from .api import Located, Typed, estate_of_data, load_estate, load_located, load_questions, load_scenario, load_typed
from .document import Place
from .library import library, load_default_durations, resolve
from .shape import MACHINES_MAX
from .titles import by_kind, title_of
from .types import adapter_of, file_adapter

__all__ = [
    "MACHINES_MAX",
    "Located",
    "Place",
    "Typed",
    "adapter_of",
    "by_kind",
    "estate_of_data",
    "file_adapter",
    "library",
    "load_default_durations",
    "load_estate",
    "load_located",
    "load_questions",
    "load_scenario",
    "load_typed",
    "resolve",
    "title_of",
]
