"""Who acts, as a company knows them: the role with what it has to be allowed to, or the owner by name.

A row says which of five roles; here each says whom to wake. Every company has somebody for each.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from .row import AZURE, NETWORK, OWNER, SITE, VSPHERE, ObjectKind

_BACKUP: Final = "backup administrator"
PERSONS: Final[Mapping[str, str]] = {
    AZURE: f"{AZURE} (needs the roles Site Recovery Contributor on the vault and Virtual Machine Contributor)",
    VSPHERE: f"{VSPHERE} (the team that runs vCenter and the ESXi hosts)",
    NETWORK: f"{NETWORK} (firewalls, routers, VPN and ExpressRoute)",
    SITE: f"{SITE} (signs in to the servers of Site Recovery as local administrator)",
    _BACKUP: f"{_BACKUP} (runs the backup software of the site)",
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


def who_looks(person: str, look: str) -> str:
    """Who finds out what nobody knows: what is tried on a server needs somebody who signs in there."""
    if not look.startswith("on {") or person != PERSONS[NETWORK]:
        return person
    first = "owner of the application on it (signs in on it)" if look.startswith("on {machine}") else PERSONS[SITE]
    return f"{first}; if it is not so: {person}"


SAME_FOR: Final = "do the same for"
"""How the last step begins where the others are for several machines: it is for everybody."""
_STORAGE: Final = "storage administrator"
_PLACES: Final = (
    ("Azure portal", AZURE),
    ("vSphere client", VSPHERE),
    ("PowerCLI", VSPHERE),
    ("in the backup software", _BACKUP),
    ("the server administrator", SITE),
    ("the Azure administrator", AZURE),
    ("the network team", NETWORK),
    ("the storage administrator", _STORAGE),
    ("in the firewall", NETWORK),
    ("on the VPN device", NETWORK),
    ("on the router", NETWORK),
)
"""Where a step is done -> who can sign in there."""


def with_helpers(person: str, steps: Sequence[str], first: int = 1) -> str:
    """Who acts first, and who in which step; `first`: the number of the first of these steps.

    The person of the rule stands first, unless step 1 is for somebody else: nobody is woken who has no step.
    """
    found: dict[str, list[str]] = {}
    for n, step in enumerate(steps, first):
        if step.startswith(SAME_FOR):
            continue
        found.setdefault(_role_in(step, person), []).append(str(n))
    if list(found) in ([], [""]):
        return person
    return "; ".join(f"{_named(role, person)} for {_numbers(each)}" for role, each in found.items())


def _role_in(step: str, person: str) -> str:
    """Who can sign in where this step begins; empty for the person of the rule."""
    places = [(step.find(place), role) for place, role in _PLACES if place in step]
    return min(places)[1] if places and not person.startswith(min(places)[1]) else ""


def _named(role: str, person: str) -> str:
    return PERSONS.get(role, role) if role else person


def _numbers(found: Sequence[str]) -> str:
    if len(found) == 1:
        return f"step {found[0]}"
    return f"steps {', '.join(found[:-1])} and {found[-1]}"
