"""Where the machines of an import stand: how many in which phase, with the words of the vault behind ours."""

from collections import Counter
from typing import Final

from failback.adapters.importing.records import VaultItem
from failback.scenarios.outcomes.taken_for_granted import is_on_site
from failback.scenarios.text.plain_words import PHASE_WORDS

from .join import Joined
from .unique_names import fit

_NOT_YET: Final = "not failed over yet"


def phases_told(done: Joined) -> dict[str, int]:
    """Machines of the estate by where they stand, most first. Machines that no vault tells of are not in it."""
    items = [machine.pair.item for machine in done.machines if machine.pair.item is not None]
    found = Counter(fit(words) for words in map(_words, items) if words)
    return dict(sorted(found.items(), key=lambda row: (-row[1], row[0])))


def _words(item: VaultItem) -> str:
    if item.phase is None:
        return ""
    words = _NOT_YET if is_on_site(item.phase) else PHASE_WORDS[item.phase]
    state, location = item.state
    vault = ", ".join(filter(None, (state, f"active location {location}" if location else "")))
    return f"{words} ({vault})" if vault else words
