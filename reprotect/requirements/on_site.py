"""When the work of an `after_return` rule is done: before the machine is checked on site, or after its commit.

The commit deletes the machine in Azure. So what a machine needs to work on site is done between its failback and its
check; what can wait is done after the commit. The pages say what has to be done; when is inferred from what they say.
Steps of one rule can have different times: each begins with its own, or has that of the step before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, unique
from typing import Final, NamedTuple


@unique
class OnSite(Enum):
    """The two times."""

    BEFORE_CHECK = "before the owner's check"
    AFTER_COMMIT = "after the commit"


class OnSiteTime(NamedTuple):
    """When, and why then."""

    when: OnSite
    why: str
    sets_address: bool = False
    """The work is to set the address of the machine."""


_CHECK, _COMMIT = OnSite.BEFORE_CHECK, OnSite.AFTER_COMMIT
# fmt: off
ON_SITE: Final[Mapping[str, OnSiteTime]] = {
    "A07": OnSiteTime(_CHECK,  "nobody can reach or check the machine without its address", sets_address=True),
    "G01": OnSiteTime(_CHECK,  "nobody can reach or check the machine without its address", sets_address=True),
    "G12": OnSiteTime(_CHECK,  "without NetworkManager, the address is not set again after a restart"),
    "G11": OnSiteTime(_CHECK,  "the files may be changed on the way to Azure or back; volumes may then not be mounted, and the application may not find its data"),
    "G04": OnSiteTime(_CHECK,  "the iSCSI disk also comes home as an ordinary virtual disk; with both attached, the application may write to the wrong one"),
    "A17": OnSiteTime(_CHECK,  "the iSCSI disk also comes home as an ordinary virtual disk; with both attached, the application may write to the wrong one"),
    "G02": OnSiteTime(_COMMIT, "Windows can run without VMware Tools until then, and installing them restarts the machine"),
    "G05": OnSiteTime(_COMMIT, "the previous machine is off, but may be needed until the new one is known to work"),
}
# fmt: on
"""Rule -> when, in the order in which the work is done on a machine. All of it is inferred."""


def is_before_check(rule: str) -> bool:
    """Whether its work is done between a machine's failback and its check."""
    return rule in ON_SITE and ON_SITE[rule].when is OnSite.BEFORE_CHECK


def sets_address(rule: str) -> bool:
    """Whether its work is to set the address of a machine again."""
    return rule in ON_SITE and ON_SITE[rule].sets_address


BEFORE_FAILBACK: Final = "before the failback"
ON_SITE_AT: Final = "after the failback, before the owner's check"
"""When what a machine needs on site is done."""
BEFORE_COMMIT: Final = "before the commit"
AFTER_COMMIT: Final = "after the commit"


@unique
class StepTime(Enum):
    """When a step can be done, in the order of time."""

    BEFORE = BEFORE_FAILBACK
    ON_SITE = ON_SITE_AT
    COMMIT = BEFORE_COMMIT
    AFTER = AFTER_COMMIT


_BEGINS: Final = (*((each.value, each) for each in StepTime), ("later, ", StepTime.AFTER))


def step_times(steps: Iterable[str]) -> Iterator[StepTime]:
    """That of each step: what it begins with, or that of the step before it."""
    time = StepTime.BEFORE
    for step in steps:
        time = next((each for words, each in _BEGINS if step.startswith(words)), time)
        yield time
