"""Who acts, as a company knows them: the role with what it has to be allowed to, or the owner by name.

A row says which of six roles; here each says whom to wake. Every company has somebody for each.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from .on_site import AFTER_COMMIT, BEFORE_COMMIT, BEFORE_FAILBACK, ON_SITE_AT
from .row import ADMINISTRATOR, AZURE, NETWORK, OWNER, SITE, VSPHERE, ObjectKind

_BACKUP: Final = "backup administrator"
_STORAGE: Final = "storage administrator"
AZURE_NETWORK: Final = "Azure network administrator"
PERSONS: Final[Mapping[str, str]] = {
    AZURE: f"{AZURE} (roles Site Recovery Contributor, Virtual Machine Contributor)",
    AZURE_NETWORK: f"{AZURE_NETWORK} (role Network Contributor)",
    VSPHERE: f"{VSPHERE} (vCenter and ESXi)",
    NETWORK: f"{NETWORK} (firewalls, routers, VPN, addresses, DNS)",
    SITE: f"{SITE} (local administrator of the Site Recovery servers)",
    _BACKUP: f"{_BACKUP} (of the site)",
    _STORAGE: f"{_STORAGE} (of the site)",
}


_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
_OF_KIND: Final = {ObjectKind.LINK: NETWORK, ObjectKind.HOST: VSPHERE, ObjectKind.DATASTORE: VSPHERE}
"""What is at fault -> who can act at all, whomever the rule names for its usual object."""


def person_of(who: str, kind: str, machines: Sequence[str], owners: Mapping[str, str]) -> str:
    """Whom to call about these machines; `kind`: that of the object at fault, in words.

    `owners`: machine -> its application and owner, where the scenario names one.
    """
    who = next((role for each, role in _OF_KIND.items() if each.value == kind), who)
    if who == ADMINISTRATOR:
        return f"{_INSIDE}{machines[0] if len(machines) == 1 else 'each machine'}"
    if who != OWNER:
        return PERSONS.get(who, who)
    named = dict.fromkeys(owners[name] for name in machines if name in owners)
    nobody = [name for name in machines if name not in owners]
    rest = f"{nobody[0]}{f' (and of {len(nobody) - 1} more)' if len(nobody) > 1 else ''}" if nobody else ""
    return "; ".join((*named, *((f"owner of the application on {rest}",) if rest else ())))


def who_looks(roles: Sequence[str], machines: Sequence[str], owners: Mapping[str, str]) -> str:
    """Who finds out what nobody knows; `roles`: that of each step. Who asks an owner is named with him."""
    found: dict[str, list[str]] = {}
    for n, role in enumerate(roles, 1):
        found.setdefault(_looker(role, machines, owners), []).append(str(n))
    if len(found) == 1:
        return next(iter(found))
    leader, *others = (f"{each} for {_numbers(steps)}" for each, steps in found.items())
    return "; ".join((leader, *(_BRACKETS.sub("", other) for other in others)))


def _looker(role: str, machines: Sequence[str], owners: Mapping[str, str]) -> str:
    if role == OWNER:
        return f"{PERSONS[AZURE]}, who asks the {person_of(role, '', machines, owners)}"
    if role.startswith(_INSIDE) and len(machines) > 1:
        return f"{_INSIDE}each machine"
    return PERSONS.get(role, role)


SAME_FOR: Final = "do the same for"
"""How a text goes on for the other machines."""
ALSO: Final = "do step"
"""How the last step begins that names the steps to be done for the others too: it is for everybody."""
_INSIDE: Final = "administrator of "
"""The role inside of a protected machine; the machine's name follows."""
_PLACES: Final = (
    (
        r"Azure portal > (?:(?:Virtual|Local) network gateways|ExpressRoute circuits|Virtual machines > [^>]+ > Network settings)",
        AZURE_NETWORK,
    ),
    (r"Azure portal", AZURE),
    (r"vSphere client|PowerCLI|signed in by SSH|on the server management", VSPHERE),
    (
        r"^(?:(?:only )?if [^:]*: )?(?:in \S+(?:\.ya?ml\b|, under)|`failback |ask |write to |send |tell |nothing\b|wait )",
        AZURE,
    ),
    (r"in the backup software", _BACKUP),
    (r"by Remote Desktop|cspsconfigtool|as root|as administrator|on its desktop|on its console", SITE),
    (r"^(?:only if [^:]*: )?the network team|in the firewalls?|on the VPN device|on the router", NETWORK),
    (r"^(?:only if [^:]*: )?the storage administrator", _STORAGE),
    (r"sign in to (\S+)(?: in Azure)? as its administrator", _INSIDE),
    (r"sign in to (\S+) in Azure", OWNER),
)
"""Where a step is done -> who can sign in there."""
_CONDITION: Final = re.compile(
    rf"^(?:(?:{BEFORE_FAILBACK}|{ON_SITE_AT}|{BEFORE_COMMIT} of [^:]+|{AFTER_COMMIT}(?: of both)?): )?(?:(?:only )?if [^:]*: )?"
)
"""When, and what has to be so before a step is done: whoever acts is told, and does not have to see it himself."""
_SIGNED_IN: Final = re.compile(r"\bon ([\w.-]+),? `")
_BRACKETS: Final = re.compile(r" \([^)]*\)(?= for step)")
"""What a role has to be allowed to is said of who acts first alone: the line is short, and the others are known by it."""
_SEERS: Final = frozenset({AZURE, AZURE_NETWORK, VSPHERE})


def with_helpers(person: str, steps: Sequence[str], first: int = 1, owners: Mapping[str, str] = _NOBODY) -> str:
    """Who acts first, and who in which step; `first`: the number of the first of these steps.

    `owners`: machine -> its application and owner, where the scenario names one.

    The person of the rule stands first, unless step 1 is for somebody else: nobody is woken who has no step.
    """
    found = _by_role(person, steps, owners, first)
    if list(found) in ([], [""]):
        return person
    if len(found) == 1:
        return _named(next(iter(found)), person)
    leader, *others = (f"{_named(role, person)} for {_numbers(each)}" for role, each in found.items())
    return "; ".join((leader, *(_BRACKETS.sub("", other) for other in others)))


def roles_of(person: str, steps: Sequence[str]) -> tuple[str, ...]:
    """Everybody who acts, in the order of the steps; `person`: of the rule."""
    return tuple(role or person for role in _by_role(person, steps, _NOBODY)) or (person,)


def _by_role(
    person: str, steps: Sequence[str], owners: Mapping[str, str], first: int = 1
) -> Mapping[str, Sequence[str]]:
    """The numbers of the steps of each role; empty for the person of the rule."""
    found: dict[str, list[str]] = {}
    several = any(step.startswith(ALSO) for step in steps)
    for n, step in enumerate(steps, first):
        if step.startswith(ALSO):
            continue
        role = _role_in(step, person, owners)
        if role.startswith(_INSIDE) and (several or SAME_FOR in step):
            role = f"{_INSIDE}each machine"
        found.setdefault(role, []).append(str(n))
    return found


_FOR_THE_OWNER: Final = re.compile(
    r"^(?:after the (?:commit|failback, before the owner's check), |before the [a-z]+, |only if [^:]*: )?(?:(?:ask|tell|send|let|write to)\b|`failback |in \S+(?:\.yaml|, under))"
)
"""How a step begins that somebody else does before the owner of an application can act."""


def _role_in(step: str, person: str, owners: Mapping[str, str]) -> str:
    """Who can sign in where this step begins; empty for the person of the rule."""
    if person.startswith("owner of ") and _FOR_THE_OWNER.match(step):
        return AZURE
    found, role = _place_of(_CONDITION.sub("", step)) or _place_of(step) or (None, "")
    if found is not None and role == _INSIDE:
        return f"{_INSIDE}{found[1]}"
    if found is not None and role == OWNER:
        if person.startswith("owner of "):
            return ""
        return owners.get(found[1], f"owner of the application on {found[1]}")
    return "" if person.startswith(role) else role


def _place_of(text: str) -> tuple[re.Match[str], str] | None:
    """The first place that the text names, and who can sign in there."""
    places = [(found, role) for place, role in _PLACES if (found := re.search(place, text))]
    return min(places, key=lambda each: each[0].start(), default=None)


def who_sees(look: str, person: str) -> str:
    """Who can sign in where this is looked at; `person`: of the rule, where the text names no portal or client."""
    places = [found for part in look.split("; ") if (found := _place_of(part))]
    seers = dict.fromkeys(PERSONS[role] if role in _SEERS else person for _, role in places)
    return "; ".join(seers) or person


def with_prover(person: str, proof: str, machines: Collection[str]) -> str:
    """Who acts, and who sees that it is done where it is nobody of these; `machines`: names that are no server's."""
    seers = dict.fromkeys(role for part in proof.split("; ") if (role := _seer(part, machines)))
    return "; ".join((person, *(f"{role} for the proof" for role in seers if role not in person)))


def _seer(part: str, machines: Collection[str]) -> str:
    """Who can see this part of a proof; empty where nobody signs in for it: a mail is read, not looked up."""
    signed_in = _SIGNED_IN.search(part)
    if signed_in is not None and signed_in[1] not in machines:
        return SITE
    found = _place_of(part)
    return found[1] if found is not None and found[1] in _SEERS else ""


def _named(role: str, person: str) -> str:
    return PERSONS.get(role, role) if role else person


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _numbers(found: Sequence[str]) -> str:
    return f"step{'s' if len(found) > 1 else ''} {_listed(found)}"
