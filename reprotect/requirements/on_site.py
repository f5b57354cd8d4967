"""When the work of an `after_return` rule is done: before the machine is checked on site, or after its commit.

The commit deletes the machine in Azure. So what a machine needs to work on site is done between its failback and its
check; what can wait is done after the commit. The pages say what has to be done; when is inferred from what they say.
"""

from collections.abc import Mapping
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
    "A07": OnSiteTime(_CHECK,  "without its address nobody reaches the machine, so nobody can check it", sets_address=True),
    "G01": OnSiteTime(_CHECK,  "without its address nobody reaches the machine, so nobody can check it", sets_address=True),
    "G12": OnSiteTime(_CHECK,  "without NetworkManager the address is not set again after a restart"),
    "G11": OnSiteTime(_CHECK,  "the failback can change these files; volumes may then not be mounted, and the application may not find its data"),
    "G04": OnSiteTime(_CHECK,  "with the same disk attached twice, the application may write to the wrong one"),
    "A17": OnSiteTime(_CHECK,  "with the same disk attached twice, the application may write to the wrong one"),
    "G02": OnSiteTime(_COMMIT, "Windows runs without VMware Tools, and their installation restarts it"),
    "G05": OnSiteTime(_COMMIT, "the previous machine is off, and may be needed until the new one is known to work"),
}
# fmt: on
"""Rule -> when, in the order in which the work is done on a machine. All of it is inferred."""


def is_before_check(rule: str) -> bool:
    """Whether its work is done between a machine's failback and its check."""
    return rule in ON_SITE and ON_SITE[rule].when is OnSite.BEFORE_CHECK


def sets_address(rule: str) -> bool:
    """Whether its work is to set the address of a machine again."""
    return rule in ON_SITE and ON_SITE[rule].sets_address
