"""One name for one part: names that are equal in vSphere or in the vault get something of their own."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from unicodedata import normalize

from failback.reprotect import escaped
from failback.simulator import LINK, LINK_OUT

NAME_MAX: Final = 150
TEXT_MAX: Final = 1000
WORDS: Final[Mapping[str, str]] = {
    "virtual_machines": "machine",
    "hosts": "host",
    "configuration_servers": "configuration-server",
    "process_servers": "process-server",
    "master_targets": "master-target",
    "appliances": "appliance",
    "datastores": "datastore",
}
"""Sections in the order in which they keep their names, and the word that tells a part from one of another section."""


def fit(text: str, most: int = TEXT_MAX) -> str:
    """Text that may stand in an estate: what would harm its reader is written as an escape, and it has an end."""
    shown = escaped(text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")).strip()
    return shown if len(shown) <= most else shown[: most - 3].rstrip() + "..."


def folded(name: str) -> str:
    """As Azure compares names."""
    return normalize("NFKC", normalize("NFKC", name).casefold()).strip()


class Names:
    """Gives each part a name that no other part has. The same parts get the same names, in whatever order."""

    def __init__(self) -> None:
        self._taken = {folded(LINK), folded(LINK_OUT)}

    def give(self, section: str, parts: Iterable[tuple[str, str]]) -> list[str]:
        """Names for the parts of a section, each given as (name, id). Equal names all get their ids."""
        wanted = [(fit(name, NAME_MAX) or WORDS[section], fit(key, NAME_MAX)) for name, key in parts]
        times = Counter(folded(name) for name, _ in wanted)
        return [self._free(section, f"{n}-{key}" if times[folded(n)] > 1 and key else n) for n, key in wanted]

    def _free(self, section: str, name: str) -> str:
        tries = [name, f"{name}-{WORDS[section]}"]
        number = 2
        while folded(tries[0]) in self._taken:
            tries = tries[1:] or [f"{name}-{number}"]
            number += folded(tries[0]) in self._taken and len(tries) == 1
        self._taken.add(folded(tries[0]))
        return tries[0]
