"""What is said of imported parts beside their facts: the words, and their kind for whoever acts on them."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.scenarios.files.schema import MismatchKind

Named: TypeAlias = tuple[str, str]
"""The name of a part, and what is said behind it in brackets, if anything."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One of them, whatever parts it is about."""

    words: str
    kind: MismatchKind = MismatchKind.OTHER


NEVER_PROTECTED: Final = Remark(
    "left out, because their protection could not be enabled (EnablingFailed), so that nothing of them can come home",
    MismatchKind.NEVER_PROTECTED,
)
NO_OS: Final = Remark("left out, because no file says whether they run Windows or Linux", MismatchKind.NO_OS)
NO_DISKS: Final = Remark("left out, because no file contains their disks", MismatchKind.NO_DISKS)
NOT_IN_VCENTER: Final = Remark("protected, but in no vCenter that was read", MismatchKind.NOT_IN_VCENTER)
SEVERAL_IN_VCENTER: Final = Remark(
    "protected, but several machines in vCenter have this name, so nothing was taken from vCenter",
    MismatchKind.SEVERAL_IN_VCENTER,
)
ONLY_LISTED: Final = Remark("in a list of machines, but neither protected nor in vCenter", MismatchKind.ONLY_IN_A_LIST)


def differs(words: str) -> Remark:
    """That the vault says something else than vCenter."""
    return Remark(words, MismatchKind.DIFFERS)


def shown(named: Named) -> str:
    """As a list has it."""
    name, detail = named
    return f"{name} ({detail})" if detail else name
