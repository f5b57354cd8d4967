"""The code that a vault's job shows for a broken rule, and why some rules have none that Microsoft has published.

Microsoft has published few codes of reprotect and failback, each with a cause. Where a rule's cause is like one of
these, a simulated vault fails with that code [inferred: no recording shows it]. The rule is still named at the start
of the possible causes. Where no published cause is like it, the code is ours (FB-...), for the reason given here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from failback.reprotect.item import Operation

from .judging import by_code, by_id
from .row import Requirement


class ServiceCode(NamedTuple):
    """A published code, and why it is taken to fit [inferred]."""

    code: str
    why: str


_HOME, _AGAIN, _BACK = Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE, Operation.FAILBACK
_UNREGISTERED: Final = ServiceCode("95226", "its published cause: the machine is not registered")
_SILENT: Final = ServiceCode("78174", "its published cause: the agent does not reach the configuration server")
_NO_SERVER: Final = ServiceCode(
    "95226", "the machine cannot reach a configuration server that is down, has a new address or was rebuilt"
)
_NO_BEAT: Final = ServiceCode("78022", "its published cause: the master target does not reach the configuration server")
_NO_PS_BEAT: Final = ServiceCode("806", "its published cause: the services of the process server do not run")

SERVICE_CODES: Final[Mapping[tuple[str, Operation], ServiceCode]] = {
    ("R23", _HOME): _UNREGISTERED,
    ("R23", _AGAIN): _SILENT,
    ("A06", _HOME): _UNREGISTERED,
    ("A06", _AGAIN): ServiceCode(
        "78174", "published for an agent that does not reach its configuration server; we use it for an appliance too"
    ),
    ("A25", _HOME): ServiceCode("95226", "its published cause: a service of the agent does not run in Azure"),
    ("R02", _HOME): _NO_SERVER,
    ("R02", _AGAIN): ServiceCode("78174", "the agent cannot reach a configuration server that is down"),
    ("T05", _HOME): _NO_SERVER,
    ("T11", _HOME): _NO_SERVER,
    ("R08", _HOME): ServiceCode("95226", "its published remedy: open the network from the machine to its servers"),
    ("R18", _HOME): ServiceCode("78093", "a machine that was deleted neither runs nor can be reached"),
    ("R32", _BACK): ServiceCode("8038", "its published text: the machine on site could not be started"),
    ("A03", _HOME): ServiceCode("8061", "its published text: no access to the datastore"),
    ("M17", _HOME): _NO_BEAT,
    ("M18", _HOME): _NO_BEAT,
    ("M19", _HOME): _NO_BEAT,
    ("P03", _HOME): ServiceCode(
        "806", "a process server that does not reach the configuration server sends no heartbeat"
    ),
    ("P07", _HOME): _NO_PS_BEAT,
}
"""By rule and operation: what a job fails with. All are inferred."""

_NOT_OFFERED: Final = "the portal does not offer such a request, and no page says what the API answers"
_NO_CODE: Final = "the page that states the rule gives no code"
_BACK_ONLY: Final = "the only code published for a failback is 8038, about a machine that does not start"
_APPLIANCE: Final = "no code is published for an appliance"
_GROUPS: Final[Mapping[str, str]] = {
    _NOT_OFFERED: "R01 R12 R14 R15 R16 R21 R22 R26 R27 R28 R29 R30 T02 T04 T09 F07 F08 M01 M08 M10 M11 M12 M14 M20 "
    "A04 A11 A16 A18",
    _NO_CODE: "R04 R06 R07 R10 R11 R17 R33 T03 G08 G10 M02 M03 M05 M07 M13 M15 P04 P08 N02 N03 A20",
    _BACK_ONLY: "R02 R03 R04 R09 R13 R19 F01 F02 F03 B08 B11 M06 A09 A19",
    _APPLIANCE: "A01 A02 A15 A21 A22",
    "78186 is published only for port 9443, but R08 is also about other ports": "R08",
    "8038 is published for a machine that cannot be started, not for one that has to be turned off": "R32",
    "no page describes the case; the rule is inferred": "B14 B16",
    "the pages say that the disks are attached to the master target, but not what happens if this is not possible": "B06",
    "78186 and 78028 are about the connection to the process server, not about the connection from there to the site": "N01",
    "78174 is published for jobs, not for the health of a machine": "A05",
    "8061 is published for jobs; no code is published for a datastore that is lost while data is replicated": "A03",
}
OWN_CODE_REASONS: Final[Mapping[str, str]] = {
    name: "; ".join(reason for reason, names in _GROUPS.items() if name in names.split())
    for name in dict.fromkeys(" ".join(_GROUPS.values()).split())
} | {
    "FB-INJECTED": "the job fails because of a fault in the scenario, or one injected into the mock, for which no `code` is set",
    "FB-VSPHERE": "no page says which error the vault shows if vSphere refuses an action of a job",
}
"""By rule or code: why a vault of ours shows an own code (FB-...), at least for some operation or as a health error."""

_NAMED: Final = re.compile(r"(\w+) does not hold: ")


def service_code(rule: str, operation: Operation) -> ServiceCode | None:
    """The published code that a job of this operation fails with where the rule is broken, if there is one."""
    return SERVICE_CODES.get((rule, operation))


def service_codes_of(rule: str) -> Iterator[tuple[Operation, ServiceCode]]:
    """By operation: what its jobs fail with where this rule is broken."""
    return ((operation, sent) for (name, operation), sent in SERVICE_CODES.items() if name == rule)


def rule_behind(code: str, possible_causes: str = "") -> Requirement | None:
    """The rule that a failure is about: the one that its causes name, as our vault does, or the one of its code."""
    named = _NAMED.match(possible_causes)
    row = by_id(named[1]) if named else None
    sent = {row.code, *(each.code for _, each in service_codes_of(row.id))} if row else set()
    return row if code in sent else by_code(code)
