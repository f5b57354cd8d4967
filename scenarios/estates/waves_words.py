"""What a person should know of the waves of a new scenario: who comes home alone, at once, or as a twin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from failback.reprotect import Estate, same_bios_uuids
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.stand_ins import MAYBE, stand_ins
from failback.scenarios.text.name_lists import listed

CHECK: Final[Mapping[str, Any]] = {
    "name": "check the application",
    "takes": {"low_s": 300, "mode_s": 600, "high_s": 1800},
}
"""The check of a machine before its commit, as long as nobody has said how long it takes."""
CHECKED: Final = (
    "Each machine is planned to be checked for 5 to 30 minutes before its commit, most often 10 (`manual_steps`): an "
    "assumption."
)


def waves_words(estate: Estate, applications: Sequence[Application]) -> Iterator[str]:
    """The sentences; none for applications of one machine."""
    several = [one.name for one in applications if len(one.machines) > 1 and not _together(estate, one.machines)]
    if several:
        yield (
            "Each machine fails back once its own data is home, so for a time some machines may run on site and others "
            f"in Azure: {', '.join(several)}. The runbook says for how long. To bring them home together: "
            "`plan: recovery_plans`, or a wave with `seed_opens_s`."
        )
    found = (names for names in stand_ins(one.machines for one in applications) if not _together(estate, names))
    if pairs := [listed(names) for names in found]:
        yield (
            f"In one wave, and so down at about the same time, although {MAYBE}: {'; '.join(pairs)}. To bring home one "
            "after the other, put one into a later wave."
        )
    if twins := [listed(names) for names in _twins(estate)]:
        yield (
            f"One BIOS UUID: {'; '.join(twins)}. Site Recovery may take one for the other (inferred, R11): put one "
            "into an earlier wave, and let the other begin only when the first is home."
        )


def _twins(estate: Estate) -> Iterable[tuple[str, ...]]:
    machines = estate.virtual_machines
    shared = same_bios_uuids(machines.values(), machines)
    return dict.fromkeys(tuple(sorted((name, *others))) for name, others in shared.items())


def _together(estate: Estate, names: Sequence[str]) -> bool:
    """Those of one replication group move at once (R07)."""
    groups = {estate.virtual_machines[name].replication_group for name in names}
    return len(groups) == 1 and None not in groups
