"""Names that Azure gives to what a failover makes: which ones it takes.

The rule for machines is Site Recovery's own (VMware support matrix, "Azure VM requirements", VM name: 1 to 63
characters; letters, numbers and hyphens; it starts and ends with a letter or number). It is narrower than the rule
of Microsoft.Compute. The rules for NICs and disks are those of Azure Resource Manager ("Naming rules and restrictions
for Azure resources": networkInterfaces; disks, read widely). That a wrong name is refused with the request is
inferred: the pages say only that such a machine does not pass the checks.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple


class NameRule(NamedTuple):
    """Which names are taken, and how a message says it."""

    pattern: re.Pattern[str]
    words: str


NAME_RULES: Final[Mapping[str, NameRule]] = {
    "machine name": NameRule(
        re.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"),
        "1 to 63 letters, digits and hyphens, and begins and ends with a letter or digit",
    ),
    "NIC name": NameRule(
        re.compile("[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?"),
        "1 to 80 letters, digits, underscores, periods and hyphens, begins with a letter or digit, and ends with a "
        "letter, a digit or an underscore",
    ),
    "disk name": NameRule(
        re.compile("[A-Za-z0-9_.-]{1,80}"), "1 to 80 letters, digits, underscores, periods and hyphens"
    ),
}
"""By kind of resource."""
