"""Who acts, as a company knows them: the role with what it has to be allowed to, or the owner by name.

A row says which of five roles; here each says whom to wake. Every company has somebody for each.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from .row import AZURE, NETWORK, OWNER, SITE, VSPHERE, ObjectKind

PERSONS: Final[Mapping[str, str]] = {
    AZURE: f"{AZURE} (needs the roles Site Recovery Contributor on the vault and Virtual Machine Contributor)",
    VSPHERE: f"{VSPHERE} (the team that runs vCenter and the ESXi hosts)",
    NETWORK: f"{NETWORK} (firewalls, routers, VPN and ExpressRoute)",
    SITE: f"{SITE} (signs in to the servers of Site Recovery as local administrator)",
}


_OF_KIND: Final = {ObjectKind.LINK: NETWORK, ObjectKind.HOST: VSPHERE, ObjectKind.DATASTORE: VSPHERE}
"""What is at fault -> who can act at all, whomever the rule names for its usual object."""


def person_of(who: str, kind: str, machines: Sequence[str], owners: Mapping[str, str]) -> str:
    """Whom to call about these machines; `kind`: that of the object at fault, in words.

    `owners`: machine -> its application and owner, where the scenario names one.
    """
    who = next((role for each, role in _OF_KIND.items() if each.value == kind), who)
    if who != OWNER:
        return PERSONS.get(who, who)
    named = dict.fromkeys(owners[name] for name in machines if name in owners)
    nobody = [name for name in machines if name not in owners]
    rest = f"{nobody[0]}{f' (and of {len(nobody) - 1} more)' if len(nobody) > 1 else ''}" if nobody else ""
    return "; ".join((*named, *((f"owner of the application on {rest}",) if rest else ())))


_PLACES: Final = (
    ("Azure portal", AZURE),
    ("vSphere client", VSPHERE),
    ("PowerCLI", VSPHERE),
    ("in the backup software", "backup administrator"),
    ("in the firewall", NETWORK),
    ("on the VPN device", NETWORK),
    ("on the router", NETWORK),
)
"""Where a step is done -> who can sign in there."""


def with_helpers(person: str, steps: Sequence[str], first: int = 1) -> str:
    """The person, and behind it who else acts in which step; `first`: the number of the first of these steps."""
    found: dict[str, list[str]] = {}
    for n, step in enumerate(steps, first):
        places = [(step.find(place), role) for place, role in _PLACES if place in step]
        if places and not person.startswith(role := min(places)[1]):
            found.setdefault(role, []).append(str(n))
    return "; ".join((person, *(f"{role} for step {' and '.join(numbers)}" for role, numbers in found.items())))
