"""One row of the table of facts that nobody knows, and the words that its rows share."""

from typing import Final, NamedTuple

from .places import POWERCLI

INSIDE: Final = "administrator of {machine}"
"""Who signs in to a protected machine."""


class LookUp(NamedTuple):
    """Who looks, where, and which value is written in which case; `before`: what others have to say first.

    `for_all`: one call that shows it of all machines, for him who would else look at each of them.
    """

    who: str
    where: str
    value: str
    before: tuple[tuple[str, str], ...] = ()
    for_all: str = ""

    def steps(self) -> tuple[tuple[str, str], ...]:
        """Who does what in order, where this value alone is looked for."""
        return (*self.before, (self.who, f"{self.where}{'' if self.where.endswith('?') else ':'} {self.value}"))


def yes_if(seen: str) -> str:
    """A flag that is true if this is seen."""
    return f"`true` if {seen}, `false` if not"


def no_if(seen: str) -> str:
    """A flag that is false if this is seen."""
    return f"`false` if {seen}, `true` if not"


ANSWER: Final = "`true` for yes, `false` for no"
NUMBER_GB: Final = "that number, in GB"
NAMES: Final = "their names as a list, such as `[a, b]`; `[]` for none"
VERSION: Final = "that version in quotes, such as `'9.62'`"
OWN_NAME: Final = "its name, as the file has it"
IDS_OF_DISKS: Final = "{$_.ExtensionData.Backing.Uuid}"
BIOS_UUID: Final = POWERCLI + ": `(Get-VM %s).ExtensionData.Config.Uuid`"
"""With the name of a machine or server."""
TREE: Final = "vSphere client > a search for %s: the vCenter at the top of its tree"
ENABLE_UUID: Final = POWERCLI + ": `(Get-VM %s | Get-AdvancedSetting disk.EnableUUID).Value`"
HEARTBEAT: Final = "a heartbeat from the last 15 minutes"
ROLE_IDS: Final = "the list of ids that it prints, such as `[Datastore.Browse, Task.Create]`"
