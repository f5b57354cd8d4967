"""What the steps of a finding hang on besides the names of its own machine: where that differs, so do the causes."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from failback.reprotect import (
    CAREFUL,
    MADE_ANEW,
    PROOFS,
    STEPS,
    Cases,
    RequestDefaults,
    cases_of,
    decided,
    names_of,
    own_cases,
)
from failback.scenarios.judging.check import CheckFinding, Report, Status

from .causes import Observed
from .corrected import corrected_of

NOT_ITS_OWN: Final = frozenset(
    {
        "account_name",
        "appliance",
        "appliance_vcenter",
        "configuration_server",
        "data_server",
        "host",
        "master_target",
        "other_process_server",
        "other_server",
        "process_server",
        "receiver",
        "target_vcenter",
        "vcenter",
    }
)
"""Names in steps that no look at the machine itself tells: *do the same for web-02* would lead to the wrong one."""
_HOME: Final = "home_host"
"""The host of a new machine is that of a server; one that returns to its own place has its own host."""
Way: TypeAlias = Callable[[Observed], str]
_CASE: Final = re.compile(r"\[\[(\w+)\?")
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


def texts_of(rule: str) -> tuple[str, ...]:
    """All that a check says of a remedy: steps, care, what is wanted and proves it, and what is written down then."""
    proof = PROOFS[rule]
    return *STEPS.get(rule, ()), CAREFUL.get(rule, ""), proof.wanted, proof.seen_by, *corrected_of(rule)


def ways(report: Report, finding_of: Callable[[Observed], CheckFinding], defaults: RequestDefaults) -> Way:
    """Says of an object of a finding how its remedy goes; what nobody knows has steps for each way (`looked_up`)."""

    def way(each: Observed) -> str:
        if each.status == Status.UNKNOWN.value or not may_differ(texts_of(each.rule)):
            return ""
        finding = finding_of(each)
        choices = defaults.choose(each.item, finding.points[0].operation)
        at = report.estate, each.item, choices, each.object
        return way_of(
            texts_of(each.rule),
            lambda: own_cases(report.estate, each.item),
            lambda: cases_of(*at, held_by(finding, each.object)),
            lambda: names_of(*at, finding.requirement),
            each.object,
        )

    return way


def held_by(finding: CheckFinding, thing: str) -> tuple[str, ...]:
    """The cases that the rule's predicate saw hold for this object."""
    blamed = (each.holds for each in finding.blockers if each.name == thing)
    return tuple(case for holds in (*blamed, *(gap.holds for gap in finding.gaps)) for case in holds)


def way_of(
    texts: tuple[str, ...],
    own: Callable[[], Cases],
    every: Callable[[], Cases],
    names: Callable[[], Mapping[str, str]],
    thing: str,
) -> str:
    """The texts in which a machine may differ from another: for the cases that hold, with the servers' names.

    Cases and names are looked up only where they are asked for, since an estate may have thousands of machines.
    """
    asked, cases = _cases(texts), own()
    cases = cases if asked <= cases.keys() else every()
    told = _decided(texts, frozenset((case, cases.get(case)) for case in asked))
    differ = NOT_ITS_OWN | ({_HOME} if cases.get(MADE_ANEW) else set())
    keys = sorted(differ.intersection(_NAME.findall(told)))
    found = names() if keys else {}
    return "; ".join((told, *(f"{key}: {found.get(key, '')}" for key in keys if found.get(key) != thing)))


@lru_cache(maxsize=512)
def may_differ(texts: tuple[str, ...]) -> bool:
    """Whether these texts hang on a case or name a server."""
    return bool(_cases(texts)) or not NOT_ITS_OWN.isdisjoint(_NAME.findall(" ".join(texts)))


@lru_cache(maxsize=512)
def _cases(texts: tuple[str, ...]) -> frozenset[str]:
    text = " ".join(texts)
    return frozenset((*_CASE.findall(text), *((MADE_ANEW,) if f"{{{_HOME}}}" in text else ())))


@lru_cache(maxsize=4096)
def _decided(texts: tuple[str, ...], held: frozenset[tuple[str, bool | None]]) -> str:
    return "; ".join(decided(text, dict(held)) for text in texts)
