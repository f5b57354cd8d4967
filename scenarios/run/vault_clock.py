"""A run counts its seconds, and with them its freeze windows, from when it began, by the clock of this computer."""

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from failback.adapters import AzureSettings

APART_S: Final = 300.0
"""How far this computer's clock and the vault's may be apart (ours; Kerberos allows as much)."""


def refuse_clocks_apart(settings: "AzureSettings") -> None:
    """Raise `ReadOnly` where this computer's clock is not the vault's. A simulator's time is its own.

    Raises `Unreachable` where the vault says no time.
    """
    from failback.adapters import ConsentClient, ReadOnly

    with closing(ConsentClient(settings)) as client:
        theirs, ours = client.now(), here()
        if client.guard.said_simulator or abs((ours - theirs).total_seconds()) <= APART_S:
            return
    raise ReadOnly(
        f"Not sent: anything. This computer's clock says {_words(ours)}, and the vault's says {_words(theirs)}. A run "
        "counts its time by this computer's clock, so freeze windows would begin and end at other times than planned. "
        "Correct the clock (Windows: w32tm /resync; Linux: timedatectl set-ntp true), and repeat the command. This "
        "request changed nothing."
    )


def here() -> datetime:
    """What time it is on this computer."""
    return datetime.now(UTC)


def _words(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
