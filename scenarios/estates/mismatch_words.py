"""The words of mismatches: what an import says of objects that a person should review. `own` knows them again."""

import re
from collections.abc import Mapping
from typing import Final

from failback.adapters.importing.records import TroubleKind
from failback.reprotect import CODES
from failback.scenarios.files.schema import MismatchKind

from .remarks import (
    NEVER_PROTECTED,
    NO_DISKS,
    NO_OS,
    NOT_IN_VCENTER,
    ONLY_LISTED,
    SEVERAL_IN_VCENTER,
    Remark,
    differs,
)

RUNS_TWICE: Final = Remark(
    "powered on on site while the vault says that the machine runs in Azure: two copies may take data, and what is "
    "written on site is lost (R32, R33); unless the inventory is older than the failover, agree with the owner which "
    "copy counts, and turn the other off"
)
RAN_TWICE_AFTER: Final = Remark(
    "powered on on site after the failover, while the vault says that the machine runs in Azure: two copies may take "
    "data, and what is written on site is lost (R32, R33); agree with the owner which copy counts, and turn the other "
    "off"
)
SAME_NAME_IN_VAULT: Final = Remark(
    "more than one item of this name in the vault: one machine that is protected twice, or several machines of one "
    "name; compare the items, whose ids follow the name",
    MismatchKind.SEVERAL_IN_VAULT,
)
SAME_BIOS_UUID: Final = Remark("the same BIOS UUID as another machine")
SAME_INSTANCE_UUID: Final = Remark("the same instance UUID as another machine")
SAME_DISK_UUID: Final = Remark("a disk with the UUID of another disk")
UNSEEN_DATASTORES: Final = Remark(
    "datastores of machines that, in vCenter, the host of no master target or appliance has mounted"
)
STATIC: Final = Remark("with a static address, which is not kept on the way home (A07, G01)")
PERHAPS_STATIC: Final = Remark(
    "with an address of which no file says whether it is static; a static one is lost on the way home (A07, G01)"
)
SNAPSHOTS: Final = Remark("with snapshots in vCenter")
SILENT: Final = Remark("agent silent for 15 minutes or more when the vault was read")
ODD: Final = Remark("in a state that failback does not know, so the phase is unknown")
OLD_FILES: Final = Remark("more than a week older than the newest file")
OTHER_DAY: Final = Remark("not from the same day as the newest file")
OTHER_DATE: Final = Remark("files whose name has another date than their contents; that of the contents counts")
NO_DATE: Final = Remark("files that do not say when their facts were true")
AMBIGUOUS: Final = Remark("server of the vault that fits several machines in vCenter, so where it runs is unknown")
UNFOUND: Final = Remark("server of the vault that fits no machine in vCenter, so where it runs is unknown")
STRANGE_VCENTER: Final = Remark(
    "vCenter of the vault, of which no file says whether it is one whose inventory was read"
)
TARGET_WITHOUT_OS: Final = Remark(
    "master targets left out, because no file says whether they run Windows or Linux", MismatchKind.TARGET_WITHOUT_OS
)
NO_GROUPS: Final = Remark(
    "recovery plans left out, because a list does not contain their groups; read each plan by its id",
    MismatchKind.PLAN_WITHOUT_GROUPS,
)
WITH_SNAPSHOTS: Final = Remark(
    "appliances with snapshots in vCenter, of which no rule asks: Microsoft asks of a master target alone to have none "
    "(R04)"
)
BEFORE_FAILOVER: Final = Remark(
    "in an inventory from before their last failover or failback; their existence, snapshots and disks on site are of "
    "that time, and whether they are on is what the vault says, or unknown: export the inventory again, and import "
    "again",
    MismatchKind.BEFORE_FAILOVER,
)
OTHER_ADDRESSES: Final = Remark(
    "other addresses on site in the vault than in vCenter; those of vCenter were taken, and whether they are static, "
    "which the vault says of the others, is unknown (A07, G01)",
    MismatchKind.OTHER_ADDRESSES,
)
NO_TOOLS: Final = Remark(
    "without VMware Tools in vCenter; Shut Down Guest OS does not work on them, and vCenter shows no address of them "
    "after the return"
)
OTHER_DISKS: Final = differs("different numbers of disks in the vault and in vCenter; those of the vault were taken")
SERVER_ADDRESS: Final = differs(
    "server with another address in the vault than in vCenter; find out whether it is this machine, and which address "
    "its connections use"
)
SERVER_MEMORY: Final = differs(
    "server with another memory in the vault than in vCenter; that of vCenter was taken (A14)"
)
SERVER_DISKS: Final = differs(
    "server with more disk space in the vault than all its disks have in vCenter; those of vCenter were taken (A14)"
)
SERVER_BIOS: Final = Remark(
    "server with another BIOS UUID in the vault than in vCenter, so it may be another machine, or one that was built "
    "anew; it was matched by its name or address alone: find out before anything is changed on it",
    MismatchKind.SERVER_IDENTITY,
)
SERVER_STORES: Final = Remark(
    "server with a datastore that the vault lists as accessible to it, and vCenter does not list on its host; find out "
    "which of them is right (A03)",
    MismatchKind.SERVER_DATASTORES,
)
SAME_ADDRESS: Final = Remark(
    "servers with one IP address in the vault; find out which of them has it", MismatchKind.SAME_ADDRESS
)
SERVER_WARNED: Final = Remark(
    "server with a warning or an error in the vault; find out what it is, and clear it before a machine comes home "
    "through it",
    MismatchKind.SERVER_UNWELL,
)
TROUBLES: Final[Mapping[TroubleKind, Remark]] = {
    TroubleKind.UNWELL: Remark("errors and warnings that the vault itself lists"),
    TroubleKind.COUNTED: Remark("what the vault counts in its own summary (replicationUsages)"),
    TroubleKind.MISSING: Remark(
        "protection containers with more protected items than the files contain, so machines may be missing: read the "
        "list of protected items again",
        MismatchKind.ITEMS_MISSING,
    ),
}
SIDES: Final = frozenset(
    {
        "vault",
        "vCenter",
        "files",
        "inventory",
        "failover",
        "name",
        "vMetaData",
        "last heartbeat",
        "last discovery",
        "silent for",
    }
)
"""Who says a value behind a name, or of what it is: `vault: 8 GiB`."""
NAMED_SIDES: Final = frozenset({"datastore", "host", "vcenter"})
"""What a name behind a name is of: `host: esx-001`."""
WITH_CODES: Final = "with health errors or warnings in the vault"
"""How `with_codes` begins."""
COMPARED: Final[Mapping[str, str]] = {"firmware": "firmware", "memory_gib": "memory", "os": "operating system"}
"""Facts that both vault and vCenter tell, and what people call them."""
_HARMLESS: Final = frozenset({"memory_gib"})
"""Those that people change at any time, so that they say nothing of which machine it is."""
OTHER_HARDWARE: Final[Mapping[str, Remark]] = {
    fact: Remark(
        f"another {words} in the vault than in vCenter; that of vCenter was taken",
        MismatchKind.OTHER if fact in _HARMLESS else MismatchKind.DIFFERS,
    )
    for fact, words in COMPARED.items()
}
WHOLE: Final = (
    *(NEVER_PROTECTED, NO_DISKS, NO_OS, NOT_IN_VCENTER, ONLY_LISTED, SEVERAL_IN_VCENTER, STATIC, SNAPSHOTS),
    *(SAME_NAME_IN_VAULT, SAME_BIOS_UUID, SAME_INSTANCE_UUID, SAME_DISK_UUID, UNSEEN_DATASTORES, PERHAPS_STATIC),
    *(SILENT, ODD, OLD_FILES, OTHER_DAY, OTHER_DATE, NO_DATE, AMBIGUOUS, UNFOUND, STRANGE_VCENTER, TARGET_WITHOUT_OS),
    *(NO_GROUPS, WITH_SNAPSHOTS, OTHER_DISKS, SERVER_ADDRESS, SERVER_MEMORY, SERVER_BIOS, SERVER_WARNED),
    *(BEFORE_FAILOVER, OTHER_ADDRESSES, NO_TOOLS, RUNS_TWICE, RAN_TWICE_AFTER),
    *(SERVER_DISKS, SERVER_STORES, SAME_ADDRESS),
    *OTHER_HARDWARE.values(),
    *TROUBLES.values(),
)
"""Those that are the same in every estate."""


def protected_otherwise(provider: str) -> Remark:
    """Protected, but not by what brings machines home to VMware."""
    what = f"protected by {provider}, which does not come home to VMware; left out"
    return Remark(what, MismatchKind.OTHER_PROVIDER)


def plan_lacks(count: int) -> Remark:
    """So many machines of a recovery plan are not here."""
    return Remark(f"recovery plan with machines that are not in the estate ({count})")


def with_codes(codes: list[str]) -> Remark:
    """With these health errors or warnings, and what is known of them."""
    return Remark(f"{WITH_CODES}{codes_meant(codes)}")


def codes_meant(codes: list[str]) -> str:
    """What the codes mean, in a few words each, as far as a page says it."""
    known = [f"{code}: {CODES[code].meaning.rstrip('.')}" for code in codes if code in CODES]
    others = [f"`failback explain {code}`" for code in codes if code not in CODES]
    told = [*known, *([f"for what is known of the others, {', '.join(others)}"] if others else [])]
    return f" ({'; '.join(told)})" if told else ""


def own(text: str) -> bool:
    """Whether an import says exactly this, so that it tells nothing of the estate but what is behind it."""
    provider, count = re.search(r"protected by ([A-Za-z0-9]+),", text), re.search(r"\((\d+)\)$", text)
    filled = [
        *([protected_otherwise(provider[1])] if provider else []),
        *([plan_lacks(int(count[1]))] if count else []),
        with_codes(_codes_in(text)),
    ]
    return any(text == remark.words for remark in (*WHOLE, *filled))


def _codes_in(text: str) -> list[str]:
    """The codes of which `with_codes` made this, in its order."""
    known = [code for code in CODES if f"{code}: {CODES[code].meaning.rstrip('.')}" in text]
    return sorted({*known, *re.findall(r"`failback explain ([A-Za-z0-9]+)`", text)})
