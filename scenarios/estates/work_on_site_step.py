"""The time for what machines need on site before their check: a step of its own in a new plan, an assumption."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from failback.reprotect import Estate
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.work_on_site import work_before_check
from failback.scenarios.text.plain_words import machines

_TAKES: Final = {"low_s": 300, "mode_s": 600, "high_s": 1200}
_ASSUMED: Final = (
    "Work on site before the owner's check is planned to take 5 to 20 minutes a machine, most often 10 "
    "(`manual_steps`): {rules}. This is an assumption: all persons whom the runbook names for it are there "
    "when a failback ends, and have the values; the time includes the change of its DNS record."
)


def work_steps(estate: Estate, applications: Sequence[Application]) -> list[Mapping[str, Any]]:
    """None where no machine is known to need any; for the tiers with such machines, where others have none."""
    working = {name for names in work_before_check(estate).values() for name in names}
    tier_of = {name: one.tier_of(name) for one in applications for name in one.machines}
    tiers = {name: vm.tier or tier_of.get(name, "") for name, vm in estate.virtual_machines.items()}
    with_work = {tiers[name] for name in working}
    if not working:
        return []
    only = {} if "" in with_work or with_work == set(tiers.values()) else {"tiers": sorted(with_work)}
    return [{"name": "work on site before the owner's check", "takes": _TAKES, **only}]


def work_words(estate: Estate) -> Iterator[str]:
    """What is assumed, and for how many machines."""
    work = work_before_check(estate).items()
    if work:
        told = (f"{row.id} {row.title} ({machines(len(names))})" for row, names in work)
        yield _ASSUMED.format(rules="; ".join(told))
