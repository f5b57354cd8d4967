"""What every answer about an imported estate takes for granted, in words: said once, at the top of each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from failback.reprotect import Estate, Phase, phase_row
from failback.scenarios.files.schema import LeftOut, LeftOutBecause, Scenario
from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

NAMES_MAX: Final = 40
"""Pieces of a list of names in a sentence; what is left is counted."""


def not_failed_over(estate: Estate, given: Collection[str]) -> tuple[str, ...]:
    """Machines that somebody saw on site before their failover. `given`: those of which the estate says it itself.

    Where it says of any machine that it is further, the others are behind. Where it says nothing of any, nobody looked.
    """
    found = estate.virtual_machines.values()
    begun = any(vm.at is not Phase.REPLICATING_TO_AZURE for vm in found)
    return tuple(vm.name for vm in found if is_on_site(vm.at) and (begun or vm.name in given))


def is_on_site(at: Phase) -> bool:
    """Whether nobody has begun to fail over a machine that stands here."""
    return phase_row(at).legs_behind == 0


def granted_words(scenario: Scenario, estate: Estate | None = None, seen: Iterable[str] = ()) -> tuple[str, ...]:
    """The sentences, none where nothing is. `estate`: the one that was looked at; `seen`: whom a vault told of."""
    judged = estate or scenario.estate
    waiting = not_failed_over(judged, scenario.phases_given.union(seen))
    return tuple(filter(None, (failover_words(waiting, judged), left_out_words(scenario.left_out))))


def granted_json(scenario: Scenario, estate: Estate | None = None, seen: Iterable[str] = ()) -> dict[str, Any]:
    """The same as data: the machines by name."""
    waiting = not_failed_over(estate or scenario.estate, scenario.phases_given.union(seen))
    left_out = [
        {"why": one.why.value, "machines": list(one.machines), "not_in_vcenter": list(one.not_in_vcenter)}
        for one in scenario.left_out
    ]
    return {"failover_assumed": list(waiting), "left_out": left_out}


def failover_words(waiting: Collection[str], estate: Estate) -> str:
    """That the failover of these machines is taken for granted."""
    if not waiting:
        return ""
    every = len(estate.virtual_machines)
    of_all = message("{count} of {every} ({names})")
    who = machines(len(waiting))
    if len(waiting) < every:
        who = said(of_all, count=f"{len(waiting):,}", every=machines(every), names=listed(tuple(waiting), NAMES_MAX))
    return said(
        "Not failed over yet (active location Primary): {who}. This answer assumes that their failover has been "
        "committed.",
        who=who,
    )


def left_out_words(left_out: Iterable[LeftOut]) -> str:
    """Which machines are missing, and why."""
    found = [one for one in left_out if one.machines]
    if not found:
        return ""
    words = said(
        "Not part of this answer: {count} that the import left out: {reasons}.",
        count=machines(sum(len(one.machines) for one in found)),
        reasons=joined(_reasons(found), "; "),
    )
    gone = tuple(name for one in found for name in one.not_in_vcenter)
    nowhere = message("In no vCenter that was read: {names}; what is gone on site comes home as a new machine.")
    return f"{words} {said(nowhere, names=listed(gone, NAMES_MAX))}" if gone else words


def _reasons(found: Iterable[LeftOut]) -> Iterator[str]:
    for one in found:
        yield said("{names} ({why})", names=listed(one.machines, NAMES_MAX), why=said(WHY_WORDS[one.why]))


WHY_WORDS: Final[Mapping[LeftOutBecause, str]] = {
    LeftOutBecause.NO_DISKS: message("the disks are in no file that was imported"),
    LeftOutBecause.NO_OS: message("no file says whether Windows or Linux runs there"),
    LeftOutBecause.NEVER_PROTECTED: message("the protection could not be enabled, so nothing can come home"),
}
"""Why each kind of machine is missing."""
