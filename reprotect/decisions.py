"""What the drill decided and why: for the history, not for the world."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `item` None: about several. `rule` is the rule it follows; `who` must act, where somebody must."""

    item: str | None
    what: str
    why: str
    rule: str | None = None
    who: str | None = None
