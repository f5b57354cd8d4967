"""The network team's table: where each machine is reached in Azure and at home, who sets it, how it is verified."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from failback.reprotect import (
    ADMINISTRATOR,
    Adapter,
    Choices,
    Estate,
    Operation,
    OsFamily,
    RequestDefaults,
    VirtualMachine,
    comes_anew,
    home_host,
    known,
    person_of,
)
from failback.scenarios.files.applications import Application, ApplicationCheck
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.work_on_site import may_lose_its_address
from failback.scenarios.text.plain_words import machines

HOST: Final = "host at home"
"""Column of the ESXi host to which the machine comes home; its steps speak of it."""
TO_BE_FILLED_IN: Final = (
    "VLAN at home",
    "prefix",
    "gateway",
    "name servers",
    "TTL of the DNS record before",
    "port group ready at",
    "DNS prepared at",
)
"""What no file has, and the steps ask for: blanks of each machine, in a table below since it would not fit beside."""
NETWORK_HEADS: Final = (
    "machine",
    "what is known",
    "address in Azure",
    "address at home",
    "port group at home",
    HOST,
    "DNS record after its Failback",
    "who sets the address",
    "how it is verified",
)
_IN_AZURE: Final = "address in Azure"
_TO_WRITE: Final = "address at home"
_ALWAYS: Final = frozenset({_IN_AZURE, _TO_WRITE, HOST})
"""Columns that the page has in any case, for people to write in what is not known."""
_COUNTED: Final = {
    "what is known": "whether the address is static",
    _IN_AZURE: _IN_AZURE,
    _TO_WRITE: _TO_WRITE,
    "port group at home": "port group",
    HOST: "host",
    "DNS record after its Failback": "DNS record",
}
"""Columns whose blanks are counted, with the words for what is blank."""


_NO_RECORD: Final = "none told"


class NetworkRow(NamedTuple):
    """One adapter of one machine, under `NETWORK_HEADS`. What is empty, people write in."""

    machine: str
    known: str
    in_azure: str
    at_home: str
    port_group: str
    host: str
    dns: str
    who: str
    verified: str


def network_rows(scenario: Scenario, names: Collection[str] | None = None) -> Iterator[NetworkRow]:
    """The rows of these machines, or of all, in the order of the estate and of their adapters."""
    everybody = tuple(scenario.estate.virtual_machines.values())
    defaults = RequestDefaults(scenario.estate, scenario.plan)
    for vm in (vm for vm in everybody if names is None or vm.name in names):
        lost = may_lose_its_address(scenario.estate, vm.name)
        served = [one for one in scenario.applications if vm.name in one.machines]
        first, *others = vm.adapters or (Adapter(),)
        others_checks = {check for one in served for check in one.checks if _is_of_another(check, vm, everybody)}
        host = _host_words(scenario.estate, vm, defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES))
        yield _row(vm, first, host, lost, [replace(one, checks=_but(one.checks, others_checks)) for one in served])
        for adapter in others:
            yield _row(vm, adapter, host, lost, [])._replace(known="", in_azure="", dns="")


def _host_words(estate: Estate, vm: VirtualMachine, choices: Choices) -> str:
    """No page says on which host a new machine is made."""
    host = home_host(estate, vm.name, choices)
    return f"{host} (inferred)" if host and comes_anew(vm) else host


def _but(checks: Sequence[ApplicationCheck], left_out: set[ApplicationCheck]) -> tuple[ApplicationCheck, ...]:
    return tuple(check for check in checks if check not in left_out)


def _is_of_another(check: ApplicationCheck, vm: VirtualMachine, everybody: Iterable[VirtualMachine]) -> bool:
    """Whether it names another machine: then it says nothing of this one. A URL of the application names none."""
    host = _host(check.target)
    return host not in _called(vm) and any(host in _called(other) for other in everybody)


def _host(target: str) -> str:
    """The name in `host:port`, a URL, or a name alone."""
    return (urlsplit(target if "//" in target else f"//{target}").hostname or target).casefold()


def _called(vm: VirtualMachine) -> frozenset[str]:
    """Names and addresses by which it is reached."""
    short = vm.name.casefold().partition(".")[0]
    addresses = (address for adapter in vm.adapters for address in adapter.addresses)
    return frozenset((vm.name.casefold(), short, vm.dns_name.casefold(), *addresses)) - {""}


@dataclass(frozen=True, slots=True)
class NetworkTable:
    """The table on a page: only columns of which something is known, and what is not, counted."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unknown: str
    left_out: str = ""
    """That machines which do not come home by this plan have no row; empty where all come home."""


_LEFT_OUT: Final = "Left out, because {they} not come home in this plan: {count}. No DNS record of {them} is changed."


def network_table(scenario: Scenario, names: Collection[str] | None = None, left_out: int = 0) -> NetworkTable:
    """The rows of these machines, without a column that is blank from top to bottom, unless people write in it.

    `left_out`: how many machines do not come home.
    """
    rows = tuple(network_rows(scenario, names))
    there = [n for n, head in enumerate(NETWORK_HEADS) if head in _ALWAYS or any(row[n] for row in rows)]
    shown = tuple(tuple(row[n] for n in there) for row in _with_blanks_told(rows))
    they, them = ("it does", "it") if left_out == 1 else ("they do", "them")
    told = _LEFT_OUT.format(they=they, them=them, count=machines(left_out)) if left_out else ""
    return NetworkTable(tuple(NETWORK_HEADS[n] for n in there), shown, "; ".join(_unknown(rows)), told)


def _with_blanks_told(rows: Iterable[NetworkRow]) -> Iterator[NetworkRow]:
    """A machine without a record, which nobody writes in; those of further adapters belong to the first."""
    seen = ""
    for row in rows:
        yield row if row.dns or row.machine == seen else row._replace(dns=_NO_RECORD)
        seen = row.machine


def _unknown(rows: Sequence[NetworkRow]) -> Iterator[str]:
    """What is not known, and of how many machines."""
    everybody = {row.machine for row in rows}
    for head, words in _COUNTED.items():
        told = {row.machine for row in rows if row[NETWORK_HEADS.index(head)]}
        if missing := len(everybody - told):
            yield f"{words} of {f'all {missing:,}' if not told else f'{missing:,} of {len(everybody):,}'} machines"


def _row(vm: VirtualMachine, adapter: Adapter, host: str, lost: bool, served: list[Application]) -> NetworkRow:
    at_home = ", ".join(adapter.addresses)
    return NetworkRow(
        vm.name,
        address_words(vm),
        ", ".join(vm.azure.addresses),
        at_home,
        adapter.network,
        host,
        record_words(vm, at_home),
        _who(vm, lost),
        "; ".join(dict.fromkeys(_verified(vm, at_home, lost, served))),
    )


def record_words(vm: VirtualMachine, at_home: str) -> str:
    """`app-01.site.example = 10.0.0.4`; empty where no file tells its name in DNS."""
    return " = ".join(filter(None, (vm.dns_name, at_home))) if vm.dns_name else ""


def shows_another(vm: VirtualMachine) -> bool:
    """Whether its DNS record shows another address while it runs in Azure, or nobody knows that it does not."""
    at_home = {each for one in vm.adapters for each in one.addresses}
    same = bool(at_home) and set(vm.azure.addresses) == at_home
    return vm.retains_ip is not True and not same


def address_words(vm: VirtualMachine) -> str:
    """What the estate knows of how the machine gets its address."""
    told = []
    if known(vm.static_ip):
        told.append("static in the guest" if vm.static_ip else "by DHCP")
    if known(vm.retains_ip):
        told.append("kept in Azure" if vm.retains_ip else "another one in Azure")
    return ", ".join(told)


def _who(vm: VirtualMachine, lost: bool) -> str:
    """The administrator of the machine sets a static address; whether it is one, the same person knows."""
    if vm.static_ip is False:
        return "DHCP"
    return person_of(ADMINISTRATOR, "", (vm.name,), {}) if lost else "nobody: it is kept"


def _verified(vm: VirtualMachine, at_home: str, lost: bool, served: list[Application]) -> Iterator[str]:
    """A DNS record is right even where nobody has set the address: that is seen on the machine."""
    shows = "ipconfig" if vm.os is OsFamily.WINDOWS else "ip addr"
    if lost and vm.static_ip is not False:
        yield f"{shows} on {vm.name} shows {at_home or 'the address at home'}"
    elif at_home and not vm.dns_name:
        yield f"ping {at_home}"
    if vm.dns_name:
        yield f"nslookup {vm.dns_name}{f' shows {at_home}' if at_home else ''}"
    yield from (f"{check.kind.value.upper()} {check.target}" for one in served for check in one.checks)
