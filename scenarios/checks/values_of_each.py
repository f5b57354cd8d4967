"""Steps that have a value of the first machine in them: where those of the others of its cause stand."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from failback.reprotect import Cases, decided
from failback.scenarios.text.name_lists import others_named

_WHERE: Final[Mapping[str, tuple[str, str]]] = {
    "uuid": ("the old UUID", "bios_uuid"),
    "addresses": ("the addresses", "adapters"),
    "own_host": ("the host", "host"),
    "home_host": ("the host", "host"),
}
"""Name in a text -> what it stands for, and the key in the estate. A machine that is gone shows none of them."""


def others_of_texts(
    texts: Iterable[str], names: Mapping[str, str], cases: Cases, file: str, same: Collection[str] = ()
) -> Callable[[Sequence[str]], str]:
    """Names the others of a cause, as `others_named` does, with the file and key of their values.

    `same`: names that stand for the same value in all of them.
    """
    told = " ".join(decided(text, cases) for text in texts)
    used = [where for name, where in _WHERE.items() if f"{{{name}}}" in told and names.get(name) and name not in same]
    values = "; ".join(f"{what} of each: `{key}`" for what, key in dict.fromkeys(used))
    return lambda others: f"{others_named(others)} (in {file}, {values})" if values else others_named(others)


def with_their_owners(others: Sequence[str], words: str, owners: Mapping[str, str], first: str | None) -> str:
    """The others, for steps that ask an owner; each with its own owner, unless that is the one of the first."""
    named = dict.fromkeys(owners[name] for name in others if owners.get(name, first) != first)
    if not named:
        return words
    whom = (
        f"the {next(iter(named))}" if len(named) == len(others) == 1 else f"its own owner: the {'; the '.join(named)}"
    )
    return f"{words} (with {whom})"
