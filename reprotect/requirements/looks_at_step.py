"""What a person looks at right before or after a step to see that a rule is met, where nothing had to be repaired.

Mostly that is the proof of the rule. Some proofs speak of what a repair has changed: these have another look here. The
places and values are those of the table of facts that nobody knows (`look_ups`).
"""

from collections.abc import Mapping
from typing import Final

from .places import AZURE_VM, ITEM, ITEMS, JOBS, LOOK_ONLY, POWERCLI
from .proofs import PROOFS

_DIALOG: Final = ITEM + " > " + LOOK_ONLY
_MOVES: Final = "vSphere client > {object} > Monitor > Tasks: no storage migration of it since the reprotect of any machine that comes home through it"
_DISKS: Final = "vSphere client > %s > Edit Settings (close it with Cancel): at most 60 hard disks, those that the reprotect attaches included"

_AGENT: Final = (
    ITEM
    + " > Overview: Agent status has a heartbeat from the last 15 minutes, and from after the last boot of {machine}; if it has none, wait up to 15 minutes after that boot"
)

# One line a rule.
# fmt: off
_LOOKS: Final[Mapping[str, str]] = {
    "R06": ITEMS + " > each of {members} > Compute: the operating system is Windows for all, or Linux for all",
    "R07": "in the dialog Re-protect of each of {members}: the same [[classic?Master Target Server¦Appliance]]",
    "R14": "vSphere client > a search for {machine} finds a virtual machine; or it does not run Windows Server 2008 R2 SP1",
    "R15": _DIALOG + " offers a VMware site as the target",
    "R16": JOBS + ": none that completed the migration of {machine}",
    "R17": AZURE_VM + " > Overview: Resource group is the one that " + ITEM + " > Compute shows",
    "R18": "Azure portal > Virtual machines: {machine} is listed",
    "R19": ITEMS + ": {machine} is listed",
    "R23": _AGENT,
    "R32": "vSphere client > {machine} > Summary: Powered Off, and no question is shown",
    "R33": "vSphere client > {machine} > Summary: Powered Off, and 15 minutes later still",
    "T03": POWERCLI + ": `Get-VM {machine} | Get-HardDisk | select CapacityGB,DiskType,Filename` prints each disk of {machine} on vSAN or of a raw device",
    "T04": "vSphere client > {datastore} > Summary: Type is VMFS or vSAN; a disk that was a raw device is still there, and attached to {machine}",
    "B06": "vSphere client > {machine} > Edit Settings (close it with Cancel): each of its disks; " + POWERCLI + ": `Get-VM | Get-HardDisk | ? Filename -match '/{machine}' | select Parent,Filename` prints no other machine under Parent",
    "B14": "vSphere client > {datastore} > Summary: Free is at least {needed}",
    "F02": ITEM + " > Overview > Latest recovery points shows a time later than its reprotect",
    "F03": ITEM + " > Overview > Latest recovery points: App-consistent has a time later than the reprotect, if App-consistent is asked for",
    "M03": _DISKS % "{master_target}",
    "M06": _MOVES,
    "M20": "an email or ticket from {owner}: no Site Recovery server runs in {machine}",
    "A02": _DISKS % "{appliance}",
    "A06": _AGENT,
    "A09": _MOVES,
    "A11": "an email or ticket from {owners} says whether the latest data, which are crash-consistent, may come home; before OK, the dialog shows Recovery Point: Latest (yes, or no answer), or Latest app-consistent (the owner of its application said no, or of another one in its replication group)",
    "G10": ITEM + " > Overview names as its virtual machine in Azure the one that the failover made",
}
# fmt: on


def look_at_step(rule: str) -> str:
    """Where, and which value counts; with the names of objects to be filled in."""
    return _LOOKS.get(rule) or PROOFS[rule].seen_by
