"""The condition of a verdict in words, and the date by which something has to begin."""

from typing import Final

from failback.scenarios.text.language import said
from failback.scenarios.text.spans import when_words

from .condition import Condition, Of
from .prediction import Prediction
from .words import percent

_ALL_OF_IT: Final = 0.985
"""Share above which a condition, found to a point, says all."""
_SLOW: Final = "nothing, slow line"
"""A case that is there wherever nobody has measured the line."""


def seed_by(found: Prediction) -> str:
    """When seeding has to begin; empty where nobody asked for a cutover, or nothing seeds ahead."""
    seeds = found.cutover is not None and any(wave.begins is not None for wave in found.cutover.waves)
    return when_words(found.latest, found.question.begins) if seeds and found.latest is not None else ""


def condition_words(found: Prediction, condition: Condition) -> str:
    """What has to hold, with the word that joins it to a yes."""
    share = percent(condition.share)
    match condition.of:
        case Of.LINE:
            return said("but, if everything changed, only with {bandwidth}", bandwidth=_of_line(condition.share))
        case Of.SCAN:
            rate = condition.share * found.question.scenario.site.scan_mib_per_s
            return said("if disks are read at {rate} MiB/s or more", rate=f"{rate:.3g}")
        case Of.JOBS:
            times = f"{condition.share:.2g}"
            return said("if the vault's jobs take at most {times} times as long as assumed", times=times)
        case Of.CHANGED:
            if not any(case.case.name == _SLOW for case in found.cases):
                return said("if less than {share} of the data changed", share=share)
            return said(
                "if less than {share} of the data changed{own} and the link gives its {rate} Mbit/s",
                share=share,
                own=_own_share(found),
                rate=f"{found.question.scenario.estate.link.bandwidth_mbit_per_s:g}",
            )


def _own_share(found: Prediction) -> str:
    """The share of all data that the scenario assumes to have changed, weighed by the size of disks."""
    if seed_by(found):
        return ""
    scenario = found.question.scenario
    disks = [disk for vm in scenario.estate.virtual_machines.values() for disk in vm.disks]
    own = scenario.site.changed_fraction
    changed_gib = sum(d.size_gib * (own if d.changed_fraction is None else d.changed_fraction) for d in disks)
    return said(" (scenario: {share})", share=percent(changed_gib / sum(d.size_gib for d in disks)))


def _of_line(share: float) -> str:
    """More than the share that is in time; nobody can have more than all, to the percent that is printed."""
    if share > _ALL_OF_IT:
        return said("the link's full bandwidth")
    return said("more than {share} of the link's bandwidth", share=percent(share))
