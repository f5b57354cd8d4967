"""The condition of a verdict in words, and the date by which something has to begin."""

from typing import Final

from failback.scenarios.text.language import said
from failback.scenarios.text.spans import when_words

from .condition import Condition, Of
from .prediction import Prediction
from .times_assume import changed_share
from .words import percent

_ALL_OF_IT: Final = 0.985
"""Share above which a condition, found to a point, says all."""
_SLOW: Final = "nothing, slow line"
"""A case that is there wherever nobody has measured the line."""


def seed_by(found: Prediction) -> str:
    """When seeding has to begin; empty where nobody asked for a cutover, or nothing seeds ahead."""
    seeds = found.cutover is not None and any(wave.begins is not None for wave in found.cutover.waves)
    return when_words(found.latest, found.question.begins) if seeds and found.latest is not None else ""


def condition_words(found: Prediction, condition: Condition, few: bool = False) -> str:
    """What has to hold, with the word that joins it to a yes."""
    if condition.of is not Of.LINE:
        return said("if {what}", what=must_words(found, condition, few))
    return said("unless all data changed and the link is slow") if few else _unless_line(found, condition)


def must_words(found: Prediction, condition: Condition, few: bool = False) -> str:
    """What has to hold; in few words without what goes without saying."""
    share = percent(condition.share)
    match condition.of:
        case Of.LINE:
            return said("not all data changed, or the link gives {bandwidth}", bandwidth=_bandwidth(found, condition))
        case Of.SCAN:
            rate = condition.share * found.question.scenario.site.scan_mib_per_s
            return said("disks are read at {rate} MiB/s or more", rate=f"{rate:.3g}")
        case Of.JOBS:
            times = f"{condition.share:.2g}"
            return said("the vault's jobs take at most {times} times as long as assumed", times=times)
        case Of.CHANGED:
            if few or not needs_full_line(found):
                return said("less than {share} of the data changed", share=share)
            return said(
                "less than {share} of the data changed and the link gives its full {rate} Mbit/s",
                share=share,
                rate=_rate(found),
            )


def needs_full_line(found: Prediction) -> bool:
    """Whether what is said of the data holds on a link that gives all its bandwidth: nobody has measured it."""
    return any(case.case.name == _SLOW for case in found.cases)


def assumed_words(found: Prediction, condition: Condition) -> str:
    """What the scenario assumes of it; empty where nothing is written there."""
    if condition.of is Of.SCAN:
        return said("{rate} MiB/s", rate=f"{found.question.scenario.site.scan_mib_per_s:g}")
    if condition.of is Of.JOBS:
        return said("published durations")
    return data_and_link_words(found)


def data_and_link_words(found: Prediction) -> str:
    """What the scenario assumes of the changed data and of the link."""
    own = percent(changed_share(found.question.scenario))
    return said(
        "{share} of the data changed in Azure, the link gives its full {rate} Mbit/s", share=own, rate=_rate(found)
    )


def _rate(found: Prediction) -> str:
    return f"{found.question.scenario.estate.link.bandwidth_mbit_per_s:g}"


def _unless_line(found: Prediction, condition: Condition) -> str:
    if condition.share > _ALL_OF_IT:
        return said("unless all data changed and the link gives less than its {rate} Mbit/s", rate=_rate(found))
    return said(
        "unless all data changed and the link gives less than {share} of its {rate} Mbit/s",
        share=percent(condition.share),
        rate=_rate(found),
    )


def _bandwidth(found: Prediction, condition: Condition) -> str:
    """More than the share that is in time; nobody can have more than all, to the percent that is printed."""
    if condition.share > _ALL_OF_IT:
        return said("its full {rate} Mbit/s", rate=_rate(found))
    return said("more than {share} of its {rate} Mbit/s", share=percent(condition.share), rate=_rate(found))
