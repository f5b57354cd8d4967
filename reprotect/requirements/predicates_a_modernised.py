"""The predicates about the modernised architecture: the appliance and what replaces the classic servers."""

from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import DISKS_MAX, Appliance, Estate, Fact, known
from failback.reprotect.item import UNKNOWN, OsFamily

from .predicates_bfgt_way_home import disks_are_as_before, what_the_point_costs
from .predicates_mnp_servers import disks_to_return, room
from .predicates_r_article import has_the_role, reported_by, usable_from
from .predicates_shared import (
    SEE_APPLIANCES,
    appliance,
    at_either_location,
    home_datastores,
    is_gone,
    lacks,
    machine,
    mounting_host,
    named,
    new_datastore,
    not_below,
    responds,
    whose,
)
from .verdict import LINK, MET, Verdict, all_of, broken, needs, noted, unsure

POINTS: Final = (None, "latest", "latest_app_consistent")
"""Recovery points that a planned failover makes (A11)."""
SIZE: Final = 8, 16.0, 700.0
"""Cores, memory and disks in GiB of an appliance (A14)."""
MACHINES_MAX: Final = 150
"""Machines for which that size is enough."""
LARGE: Final = 16, 32.0, 1024.0
"""The size for up to 200 machines."""
PORTS: Final = frozenset({443, 9443})
"""Ports of an appliance (A15)."""


def appliance_is_healthy(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A01: the whole and each of its parts."""
    box = appliance(estate, item, choices)
    if box is None and not estate.servers_known:
        return unsure(f"{item}: which appliances the vault has, since no file lists them", SEE_APPLIANCES)
    if box is None:
        return broken(item, f"no appliance is chosen, or it does not exist: {choices.appliance}")
    look = "look at the vault" if estate.servers_known else SEE_APPLIANCES
    whole = needs(box.healthy, box.name, "the appliance is not healthy or not connected", look)
    host = responds(estate.hosts.get(box.host), f"the appliance {box.name} runs on it")
    how = "look at the appliance's own page"
    return all_of((whole, host, *(needs(p.healthy, box.name, f"its {p.name} is not healthy", how) for p in box.parts)))


def appliance_has_room(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A02."""
    box = appliance(estate, item, choices)
    verdict = MET if box is None else room(estate, item, box)
    if box is None or verdict is not MET or (disks := disks_to_return(estate, box)) <= DISKS_MAX:
        return verdict
    sentence = f"{disks} disks are to return through it, {DISKS_MAX} at a time: machines will queue"
    return noted(box.name, sentence, holds=("queues",))


@at_either_location
def appliance_sees_the_datastore(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A03: those of all its disks where it exists, the chosen one where it is made anew."""
    box, names = appliance(estate, item, choices), home_datastores(estate, item, choices)
    host = mounting_host(estate, box)
    if box is None:
        return MET
    if not all(names) and is_gone(estate, item):
        return broken(item, "no datastore is chosen for its new disks")
    if not all(names):
        return unsure(f"{item}: the datastores of its disks", "look in vCenter")
    if host is None:
        sentence = f"appliance {box.name} does not report it as accessible"
        return reported_by(box, names, sentence, f"{box.name}: the datastores that it reads and writes")
    sentence = f"appliance {box.name} cannot read and write it from {host.name}"
    return all_of(usable_from(estate, host, name, sentence) for name in names)


def log_storage_account_is_usable(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A04."""
    box = appliance(estate, item, choices)
    if choices.log_storage_account is None:
        return broken(item, "no cache storage account is given")
    if box is None:
        return MET
    if not known(box.log_storage_accounts):
        return unsure(
            f"{box.name}: the cache storage accounts that it can use", "look in Azure for the region's accounts"
        )
    usable = choices.log_storage_account in (box.log_storage_accounts or ())
    return MET if usable else broken(item, f"the cache storage account {choices.log_storage_account} cannot be used")


def replica_reaches_the_service(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A05."""
    reaches = machine(estate, item).azure.reaches_service_urls
    sentence = "its Azure virtual machine does not reach the service's URLs"
    return needs(reaches, item, sentence, "open one of the URLs from it")


def address_is_kept(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A07: concerns machines with a static IP address."""
    return lacks(
        machine(estate, item).static_ip, item, "it has a static IP address, which is not kept", "ask its owner"
    )


def no_disk_stays_behind(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A08: concerns machines that got disks in Azure."""
    vm = machine(estate, item)
    added = named(vm.disks, "added_in_azure")
    return broken(item, f"disks added in Azure stay behind: {added}") if added else disks_are_as_before(vm)


def appliance_stayed_on_its_datastore(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A09."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    sentence = "Storage vMotion moved the appliance and the disks attached to it"
    return lacks(box.storage_vmotion, box.name, sentence, "see its events in vCenter")


def another_appliance_is_healthy(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A10: concerns a retry where there are other appliances and none of them is healthy."""
    box = appliance(estate, item, choices)
    others = [other for other in estate.appliances.values() if other is not box]
    if not others or any(_health(other) is True for other in others if other.healthy is True):
        return MET
    if any(_health(other) is not False for other in others if other.healthy is not False):
        return unsure(f"{item}: whether another appliance is healthy", "look at the vault")
    sentence = "it is not healthy, so a failed reprotect cannot be retried with another appliance"
    return all_of(broken(other.name, sentence) for other in others)


def _health(other: Appliance) -> Fact[bool]:
    """Of the whole: one sick part makes it sick, one that nobody knows of leaves it unknown."""
    facts = (other.healthy, *(part.healthy for part in other.parts))
    if False in facts:
        return False
    return True if all(fact is True for fact in facts) else UNKNOWN


def asked_point_can_be_made(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A11; what the point costs is told, as the pages say it of the classic failback [inferred]."""
    point = choices.recovery_point
    if point not in POINTS:
        return broken(item, f"a planned failover creates its own recovery point; {point} cannot be requested")
    return what_the_point_costs(estate, item, choices)


@at_either_location
def failback_can_be_reverted(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A12: concerns machines of which no snapshot can be taken."""
    if is_gone(estate, item):
        return MET
    sentence = "no snapshot of it is possible, so a cancelled failback has nothing to revert to"
    return needs(machine(estate, item).snapshots_possible, item, sentence, "look for independent disks, shared buses")


def appliance_is_large_enough(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A14."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    how, machines = "look in vCenter", estate.ledger.load(box.name).machines
    cores, memory_gib, disk_gib = SIZE if machines <= MACHINES_MAX else LARGE
    many = f" for {machines} machines" if machines > MACHINES_MAX else ""
    return all_of(
        (
            not_below(box.cores, cores, box.name, f"CPU cores{many}", how, field="CPU {}"),
            not_below(box.memory_gib, memory_gib, box.name, f"memory in GB{many}", how, field="Memory {} GB"),
            not_below(
                box.disk_gib,
                disk_gib,
                box.name,
                f"disks in GB{many}",
                how,
                field="all hard disks together {} GB",
                holds=("grow_disk",),
            ),
        )
    )


def appliance_is_reached(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A15."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    ports = PORTS.intersection(box.closed_ports or ()) if known(box.closed_ports) else None
    if ports:
        return broken(box.name, f"TCP {', '.join(map(str, sorted(ports)))} towards the appliance is closed")
    line = needs(estate.link.up, LINK, "the link between Azure and the site is down", "look at the gateway")
    way: Verdict = MET
    if ports is None:
        way = unsure(
            f"{box.name}: whether TCP 443 and 9443 towards it are open", "connect from an Azure virtual machine"
        )
    return all_of((line, way, _has_a_name(box)))


def _has_a_name(box: Appliance) -> Verdict:
    if not known(box.fqdn):
        return unsure(f"{box.name}: its fully qualified name", "look at its settings")
    return MET if box.fqdn else broken(box.name, "the appliance has no fully qualified name")


def nothing_classic_is_asked_for(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A16."""
    linux = machine(estate, item).os is OsFamily.LINUX
    asked = {
        "retention drive (use a cache storage account)": choices.retention_drive,
        "process server (use the appliance)": choices.process_server,
        f"{'Linux ' if linux else ''}master target (use the appliance)": choices.master_target,
    }
    odd = ", ".join(name for name, value in asked.items() if value is not None)
    return broken(item, f"a modernised request must not have a {odd}") if odd else MET


@at_either_location
def new_datastore_is_of_the_appliances_vcenter(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A18: concerns machines that are made anew. What the appliance's host mounts its vCenter manages [inferred]."""
    box, store = appliance(estate, item, choices), new_datastore(estate, choices)
    if box is None or store is None or not is_gone(estate, item):
        return MET
    host = mounting_host(estate, box)
    if known(box.vcenter) and known(store.vcenter):
        here = box.vcenter == store.vcenter
        message = f"it is managed by vCenter {store.vcenter}, but appliance {box.name} is connected to {box.vcenter}"
        return MET if here else broken(store.name, message)
    if host is not None and store.name in host.mounted:
        return MET
    is_open = {box.name: not known(box.vcenter), store.name: not known(store.vcenter)}
    return unsure(whose("vCenter", "vCenters", is_open), "look in each vCenter")


def appliance_has_no_authenticating_proxy(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A21."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    sentence = "there is an authenticating proxy between it and Azure"
    return lacks(box.authenticating_proxy, box.name, sentence, "look at its proxy settings")


def appliance_reaches_the_service(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A22."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    sentence = "the appliance does not reach the service's URLs"
    return needs(box.reaches_service_urls, box.name, sentence, "open one of the URLs from it")


_FORBIDDEN: Final = (
    "which of these does it have: FIPS mode, another server role, another web site, antivirus without exclusions for "
    "its folders? Write those as a list; `[]` for none"
)
_ASK_FORBIDDEN: Final = (
    "on the appliance: Server Manager > Roles, IIS Manager > Sites, the antivirus's exclusions, and FIPS under Local "
    "Security Policy > Security Options > System cryptography"
)


def appliance_has_nothing_forbidden(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A23: concerns appliances with FIPS mode, other roles or a hindering antivirus; their effect is not documented."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    if not known(box.forbidden_software):
        return unsure(f"{box.name}: {_FORBIDDEN}", _ASK_FORBIDDEN)
    odd = ", ".join(box.forbidden_software or ())
    return broken(box.name, f"it has something that the appliance's support matrix forbids: {odd}") if odd else MET


def vault_is_the_appliances_own(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A24: told of an estate that has servers of both architectures; that it is one vault is inferred."""
    if not estate.configuration_servers:
        return MET
    names, box = ", ".join(estate.configuration_servers), appliance(estate, item, choices)
    sentence = f"its vault has classic servers too ({names}), and an appliance needs a separate vault"
    return noted(box.name if box else item, sentence)


def mobility_services_run(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A25."""
    stopped = machine(estate, item).azure.stopped_services
    if not known(stopped):
        return unsure(f"{item}: the services of the mobility agent", "look at the machine in Azure")
    words = "services of the mobility agent do not run on its Azure virtual machine"
    return broken(item, f"{words}: {', '.join(stopped)}") if stopped else MET


def appliance_reaches_vcenter(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A19."""
    box = appliance(estate, item, choices)
    if box is None:
        return MET
    sentence = "the appliance does not reach its vCenter"
    return needs(box.vcenter_connected, box.name, sentence, "look at the vCenter on the appliance's page")


def appliances_account_has_the_role(estate: Estate, item: str, choices: Choices) -> Verdict:
    """A20: the account that the appliance keeps, not the one that looks."""
    box = appliance(estate, item, choices)
    return MET if box is None else has_the_role(box.privileges, box.name)
