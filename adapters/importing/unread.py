"""What a live reading could not read, counted by kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Unread:
    """How many the account may not read, how many were gone, and how many gave no answer that can be understood.

    `absent` are the ids of Azure machines that are no more, which is an answer too; `vanished` of what a list had and
    was gone when it was read.
    """

    denied: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    vanished: set[str] = field(default_factory=set)

    def notes(self, where: str) -> Iterator[str]:
        """A sentence for each kind; a count of 0 is a whole list."""
        for found, one, many in (
            (
                self.denied,
                "may not be read by this account, so what it says is unknown",
                "may not be read by this account, so what they say is unknown",
            ),
            (
                self.gone,
                "was gone when it was read by itself, so it counts as gone",
                "were gone when they were read one by one, so they count as gone",
            ),
            (
                self.odd,
                "gave an answer that cannot be understood, so only what the list says is known",
                "gave answers that cannot be understood, so only what the list says is known",
            ),
        ):
            for kind, count in sorted(found.items()):
                which = f"{count:,} of the {kind}" if count else f"the list of {kind}"
                yield f"{where}: {which} {many if count > 1 else one}."


def count(found: dict[str, int], kind: str) -> None:
    """One more of a kind."""
    found[kind] = found.get(kind, 0) + 1
