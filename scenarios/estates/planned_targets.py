"""The recovery targets of a new plan: what the list promises for the machines of each tier, and what is left open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from failback.adapters.importing.application_lists import ApplicationRow
from failback.reprotect import Estate, known
from failback.scenarios.files.applications import Application
from failback.scenarios.text.plain_words import h_min

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


def own_downtimes(
    estate: Estate, rows: Sequence[ApplicationRow], applications: Sequence[Application]
) -> Mapping[str, float]:
    """The allowed downtimes that the targets of the tiers do not tell, by application."""
    limits = {
        one["tier"]: one["downtime_s"] for one in planned_targets(estate, rows, applications) if "downtime_s" in one
    }
    own: dict[str, float] = {}
    for row in rows:
        if row.downtime_s is not None:
            own[row.application] = min(row.downtime_s, own.get(row.application, row.downtime_s))
    found: dict[str, float] = {}
    for one in applications:
        tiers = {estate.virtual_machines[name].tier or one.tier_of(name) for name in one.machines}
        limit_s = min((limits[tier] for tier in tiers if tier in limits), default=None)
        if one.name in own and own[one.name] != limit_s:
            found[one.name] = own[one.name]
    return found


def own_words(own: Mapping[str, float]) -> Iterator[str]:
    """What holds for them, and for their tiers."""
    if own:
        told = ", ".join(f"{name} {h_min(seconds)}" for name, seconds in own.items())
        yield (
            f"Allowed downtimes longer than the shortest of their tier: {told}. The runbook, `predict`, the "
            "report of a run and the sentences about downtime take these (`applications: downtime_s`)."
        )


def open_promises(estate: Estate, rows: Iterable[ApplicationRow]) -> Iterator[str]:
    """A sentence where a downtime is told and nobody says by when the machine must be home."""
    if any(
        row.downtime_s is not None
        and row.home_within_s is None
        and not known(estate.virtual_machines[row.machine].return_within_h)
        for row in rows
    ):
        yield _OPEN
