"""What a vault says itself is wrong: health of the vault and its servers, its own counts, machines that are missing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from failback.adapters.translation import Json, last_segment, part, parts, text

from .arm_kinds import CONTAINERS, FABRICS, HEALTH, ITEMS, MAPPINGS, PROVIDERS, SUMMARY, VCENTER_SERVERS
from .arm_policies import container_of
from .records import Trouble, TroubleKind

_ERRORS_OF: Final[Mapping[str, tuple[str, str]]] = {
    FABRICS: ("fabric", "healthErrorDetails"),
    MAPPINGS: ("protection container mapping", "healthErrorDetails"),
    PROVIDERS: ("provider", "healthErrorDetails"),
    VCENTER_SERVERS: ("vCenter", "healthErrors"),
}
"""By kind: how people call one, and under which key it has its errors."""
_ISSUES: Final = {
    "protectedItemsHealth": "protected items",
    "fabricsHealth": "fabrics",
    "containersHealth": "protection containers",
}
_COUNTS: Final[Mapping[tuple[str, str], str]] = {
    ("monitoringSummary", "unHealthyVmCount"): "machines that are not healthy",
    ("monitoringSummary", "unHealthyProviderCount"): "providers that are not healthy",
    ("monitoringSummary", "deprecatedProviderCount"): "providers of a version that is soon not supported",
    ("monitoringSummary", "unsupportedProviderCount"): "providers of a version that is not supported",
    ("jobsSummary", "failedJobs"): "failed jobs",
    ("jobsSummary", "suspendedJobs"): "jobs that wait for somebody",
    ("jobsSummary", "inProgressJobs"): "jobs that run",
    ("protectedItemsSummary", "irInProgressProtectedItemsCount"): "machines in their initial replication",
}
"""Counts of the summary that are news where they are not 0, in the order in which they are told."""
KINDS_OF_UNWELL: Final = tuple(word for word, _ in _ERRORS_OF.values())
"""What stands before the name of an object with errors."""
NAMELESS: Final = frozenset({"vault", *_ISSUES.values(), *_COUNTS.values()})
"""Objects that are called by what they are, not by a name."""
NO_CODE: Final = "an error without a code"
Of = Callable[[str], Sequence[Json]]
"""The rows of a kind."""
Said = tuple[str, str]
"""An object, and what is said of it."""


def troubles(of: Of) -> Iterator[Trouble]:
    """All of it, by kind."""
    for kind, find in _FINDERS.items():
        if found := tuple(dict.fromkeys(find(of))):
            yield Trouble(kind, found)


def _unwell(of: Of) -> Iterator[Said]:
    for row in of(HEALTH):
        yield from _of_vault(row)
    for kind, (word, key) in _ERRORS_OF.items():
        for row in of(kind):
            errors = parts(part(row, "properties"), key)
            yield from ((f"{word} {_name(row)}", _words(error)) for error in errors)


def _of_vault(row: Json) -> Iterator[Said]:
    own = part(row, "properties")
    yield from (("vault", _words(error)) for error in parts(own, "vaultErrors"))
    for key, whose in _ISSUES.items():
        yield from ((whose, _issue(issue)) for issue in parts(part(own, key), "issues"))


def says_unwell(row: Json) -> bool:
    """Whether the health of a vault lists anything."""
    return any(True for _ in _of_vault(row))


def _words(error: Json) -> str:
    """Code and message."""
    told = (text(error.get("errorCode")), text(error.get("errorMessage")) or text(error.get("summaryMessage")))
    return " ".join(": ".join(filter(None, told)).split()) or NO_CODE


def _issue(issue: Json) -> str:
    told = (text(issue.get("summaryCode")), text(issue.get("summaryMessage")) or text(issue.get("category")))
    affected = issue.get("affectedResourceCorrelationIds")
    number = f", {len(affected):,} affected" if isinstance(affected, list) and affected else ""
    return " ".join(": ".join(filter(None, told)).split()) + number


def _counted(of: Of) -> Iterator[Said]:
    for row in of(SUMMARY):
        yield from _counts(row)


def _counts(row: Json) -> Iterator[Said]:
    for (summary, key), what in _COUNTS.items():
        count = part(row, summary).get(key)
        if type(count) is int and count > 0:
            yield what, f"{count:,}"


def counts(row: Json) -> bool:
    """Whether a summary counts anything that is news."""
    return any(True for _ in _counts(row))


def _missing(of: Of) -> Iterator[Said]:
    found = Counter(map(container_of, of(ITEMS)))
    for row in of(CONTAINERS):
        here, there = found[text(row.get("id")).casefold()], part(row, "properties").get("protectedItemCount")
        if type(there) is int and there > here:
            yield _name(row), f"vault: {there:,}, files: {here:,}"


_FINDERS: Final[Mapping[TroubleKind, Callable[[Of], Iterator[Said]]]] = {
    TroubleKind.UNWELL: _unwell,
    TroubleKind.COUNTED: _counted,
    TroubleKind.MISSING: _missing,
}


def _name(row: Json) -> str:
    return text(part(row, "properties").get("friendlyName")) or last_segment(text(row.get("id")))
