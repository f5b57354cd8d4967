"""The recovery targets of a new plan: what the list promises for the machines of each tier, and what is left open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from failback.adapters.importing.application_lists import ApplicationRow
from failback.reprotect import Estate, known
from failback.scenarios.files.applications import Application

_OPEN: Final = (
    "By when the machines must be home is not known (rules B02, B04): an allowed downtime is how long an application "
    "may be down during its failback. Give the list a column such as `home within (h)`, or write `home_within_s` "
    "(seconds from the start of the way home) beside each `downtime_s` under `homecoming`."
)


def planned_targets(
    estate: Estate, rows: Sequence[ApplicationRow], applications: Sequence[Application]
) -> list[Mapping[str, Any]]:
    """The shortest allowed downtime, and the shortest time until it is home, of each tier that its machines have."""
    tier_of = {name: one.tier_of(name) for one in applications for name in one.machines}
    targets: dict[str, dict[str, float]] = {}
    for row in rows:
        tier = estate.virtual_machines[row.machine].tier or tier_of[row.machine]
        for key, promised_s in {"downtime_s": row.downtime_s, "home_within_s": row.home_within_s}.items():
            if promised_s is not None:
                target = targets.setdefault(tier, {})
                target[key] = min(promised_s, target.get(key, promised_s))
    return [{"tier": tier, **target} for tier, target in targets.items()]


def open_promises(estate: Estate, rows: Iterable[ApplicationRow]) -> Iterator[str]:
    """A sentence where a downtime is told and nobody says by when the machine must be home."""
    if any(
        row.downtime_s is not None
        and row.home_within_s is None
        and not known(estate.virtual_machines[row.machine].return_within_h)
        for row in rows
    ):
        yield _OPEN
