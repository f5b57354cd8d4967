"""For every rule: what one of its steps could destroy or interrupt."""

from collections.abc import Mapping
from typing import Final

# One line a rule.
# fmt: off
CAREFUL: Final[Mapping[str, str]] = {
    "R01": "[[link_down?a reset of the connection interrupts all traffic between Azure and the site for some minutes¦]]",
    "R02": "a restore puts {configuration_server} back in time: machines that were protected after that backup are lost to it",
    "M20": "{machine} has to be off on site when {machine}-restored is turned on: two servers of one name disturb each other",
    "78093": "a restart or redeploy stops the application for some minutes, and empties the temporary disk: tell {owner} first",
    "G09": "format only the new, empty disk",
    "G11": "restore to the share, never over the files of {machine}",
    "B07": "format only the new, empty disk",
    "A15": "[[link_down?a reset of the connection interrupts all traffic between Azure and the site for some minutes¦]]",
    "A23": "remove nothing that Site Recovery itself has installed: {appliance} would stop",
    "R03": "a restore puts {configuration_server} back in time: machines that were protected after that backup are lost to it",
    "R04": "delete snapshots of {object} only",
    "R08": "open the ports only between the addresses named, not to the internet",
    "R11": "[[machine_clash?never change the UUID of a machine that runs in Azure: Site Recovery finds it by its UUID¦[[server_clash?never change the UUID of {machine}: Site Recovery finds it by its UUID¦a wrong path gives another disk a new UUID; look twice]]]]",
    "R10": "the account then has this role only; other programs that sign in with it may stop",
    "A20": "the account then has this role only; other programs that sign in with it may stop",
    "R13": "an evaluation licence ends after 60 days, and {object} then powers no machine on: assign none",
    "R18": "delete nothing on site: its old disks may be the only copy left",
    **dict.fromkeys(("R14", "R15", "R16", "R17", "R19", "G10"), "never delete the Azure machine: it has the only current data"),
    "R20": "Delete from Disk cannot be undone",
    "R32": "[[runs_twice?what was written to the copy that does not count is lost: ask first¦]]",
    "R33": "a resync overwrites what was written on site since, and Disable replication ends the way home: ask first",
    "T03": "the wrong LUN or file would be overwritten by the data that comes home",
    "T04": "do not restore over a machine that runs, and never delete the Azure machine: it has the newer data",
    "T06": "shut it down on site only: {machine} in Azure goes on running",
    "T05": "the original and the rebuilt server must never run at the same time under one address",
    "T10": "renaming does not move the files; rename only after the UUID is compared",
    **dict.fromkeys(("A17", "G04"), "never tick Delete files from datastore: the copy on site would be lost"),
    "G05": "Delete from Disk cannot be undone: look twice which one runs",
    "F05": "the commit cannot be undone",
    "F06": "a clone with network would be a second running {machine}",
    "F07": "Disable replication discards its recovery points in Azure",
    "B06": "never tick Delete files from datastore: it would delete the disk of {machine}",
    "B14": "never delete a .vmdk file or the folder of a machine: it may be the disk that comes home",
    "B16": "never delete a .vmdk file or the folder of a machine: it may be the disk that comes home",
    "M05": "machines whose resync runs through {master_target} stand still while it is off",
    "M06": "do not delete {master_target} and do not remove disks from it with their files: they are the disks of the returned machines",
    "M07": "machines whose resync runs through {master_target} stand still while it is off",
    "M08": "formatting destroys what is on a volume",
    "M12": "a new datastore formats its LUN: all that is on it is lost",
    "M16": "machines whose resync runs through {master_target} stand still while it is off",
    "M21": "a snapshot of {master_target} stops the reprotect",
    "N01": "[[link_down?a reset of the connection interrupts all traffic between Azure and the site for some minutes¦]]",
    "N02": "[[link_down?a reset of the connection interrupts all traffic between Azure and the site for some minutes¦]]",
    "N04": "[[link_down?a reset of the connection interrupts all traffic between Azure and the site for some minutes¦]]",
    "8038": "shut no machine down without its owner's agreement, and move none of the Site Recovery servers",
    "P06": "[[loaded?end no program whose use nobody can name¦]]",
    "A01": "do not disable the protection of a machine whose resync runs through {appliance}: it cannot change to another appliance, and its way home would end",
    "A09": "do not delete {appliance} and do not remove disks from it with their files: they are the disks of the returned machines",
    "A14": "machines whose resync runs through {appliance} stand still while it is off",
}
# fmt: on
LOSES_DATA: Final = frozenset({"R32"})
"""Rules that, where they do not block, let a machine come home without what was written on site since its failover."""
