"""One protected item, as a list or a single read shows it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from failback.adapters.estate_translation import (
    SILENT,
    azure_machine_id,
    configuration_server_id,
    item_facts,
    os_family,
    process_server,
    returns_through,
)
from failback.adapters.translation import V2A, Json, NotUnderstood, instant, last_segment, part, parts, text
from failback.adapters.translation_reads import architecture_of, item_from_sdk, item_name, phase_of
from failback.reprotect import Phase, phase_row

from .item_addresses import adapters_of, azure_addresses
from .records import Facts, Origin, VaultItem

_NEVER_PROTECTED: Final = frozenset({"EnablingFailed"})
"""States of an item of which nothing was ever replicated."""
_PROTECTED_ON_SITE: Final = ("Protected", "Primary")
_GOES_ON: Final = frozenset({"SwitchProtection", "ReverseReplicate", "PlannedFailover", "UnplannedFailover"})
"""Operations that only a protected item is offered: a reprotect (recorded under the first name; the SDK has the second
too) and a failback (recorded: planned where modernised, unplanned where classic)."""
_REPROTECTS: Final = frozenset({"SwitchProtection", "ReverseReplicate"})
_BEFORE_FAILOVER: Final = frozenset({(V2A, "Protected")})
_SITES: Final = {"/vmwaresites/": "vmware", "/serversites/": "physical"}
"""Kinds of site, as ids of discovered machines have them in small letters."""
_GIB: Final = 2**30
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_SIZES: Final = ("capacityInBytes", "diskCapacityInBytes")


def vault_item(item: Json, origin: Origin, now: datetime | None, servers: Mapping[str, str]) -> VaultItem:
    """The item in our words; nothing that the item leaves blank is in it. `servers` are names by id."""
    properties = part(item, "properties")
    details = part(properties, "providerSpecificDetails")
    phase, odd = _phase(item)
    disks = tuple(map(_disk, parts(details, "protectedDisks")))
    return VaultItem(
        name=item_name(item) or last_segment(text(item.get("id"))),
        origin=origin,
        facts=_facts(item, details)
        | _log_account(item, details)
        | _addresses(details, phase)
        | _serving(item, details, servers)
        | _on_its_way(item, phase, servers),
        disks=disks,
        id=text(item.get("id")),
        phase=phase,
        odd=odd,
        state=(state := (text(properties.get("protectionState")), text(properties.get("activeLocation")))),
        protected_on_site=state == _PROTECTED_ON_SITE,
        goes_on=not _GOES_ON.isdisjoint(map(text, properties.get("allowedOperations") or ())),
        never_protected=properties.get("protectionState") in _NEVER_PROTECTED,
        instance_uuid=_instance_uuid(details),
        policy=text(properties.get("policyFriendlyName")),
        silent=_silent(details, now),
        errors=tuple(_errors(properties)),
        full=any("size_gib" in disk for disk in disks),
        azure_id=azure_machine_id(item) or "",
        last_point=instant(details.get("lastRecoveryPointReceived")),
        last_failover=instant(properties.get("lastSuccessfulFailoverTime")),
        discovered=tuple(_discovered(part(details, "discoveredVmDetails"))),
    )


def _discovered(seen: Json) -> Iterator[str]:
    """The words of the appliance's own discovery."""
    if isinstance(seen.get("isDeleted"), bool):
        yield f"vault: {'deleted' if seen['isDeleted'] else 'not deleted'}"
    if vcenter := text(seen.get("vCenterFqdn")):
        yield f"vcenter: {vcenter}"
    yield from (f"datastore: {name}" for name in map(text, seen.get("datastores") or ()))
    if at := instant(seen.get("lastDiscoveryTimeInUtc")):
        yield f"last discovery: {at:%Y-%m-%d %H:%M} UTC"


def _phase(item: Json) -> tuple[Phase | None, str]:
    try:
        return phase_of(item), ""
    except NotUnderstood as odd:
        return None, str(odd)


def _facts(item: Json, details: Json) -> Facts:
    try:
        facts = item_facts(item)
    except NotUnderstood:
        facts = {}
    facts["architecture"] = architecture_of(item).value
    family = os_family(details.get("osType") or part(details, "osDetails").get("osType"))
    if family is not None:
        facts["os"] = family.value
    if (static := _static(details)) is not None:
        facts["static_ip"] = static
    return facts | _platforms(item, details)


def _platforms(item: Json, details: Json) -> Facts:
    """What it was before the failover, and what it returns to; whether its reprotect is one to the site.

    Items of the providers that are read come home to VMware alone (R15). The dialog of the reprotect goes by what the
    vault offers an item that runs in Azure [inferred].
    """
    facts: Facts = {"target": "vmware"}
    if (source := _source(item, details)) is not None:
        facts["source"] = source
    properties = part(item, "properties")
    offered = _REPROTECTS.intersection(map(text, properties.get("allowedOperations") or ()))
    if offered and properties.get("activeLocation") == "Recovery":
        facts["direction_shown"] = "azure_to_on_premises"
    return facts


def _source(item: Json, details: Json) -> str | None:
    """By the site of Azure Migrate or the vCenter that discovered it.

    A classic item is `Physical` too while it runs in Azure, and after that (recorded).
    """
    machine = text(details.get("fabricDiscoveryMachineId")).casefold()
    sites = [source for site, source in _SITES.items() if site in machine]
    if sites or part(details, "discoveredVmDetails").get("vCenterFqdn"):
        return sites[0] if sites else "vmware"
    kind = text(details.get("discoveryType")).casefold()
    if kind == "physical":
        stands = text(details.get("instanceType")), text(part(item, "properties").get("protectionState"))
        return kind if stands in _BEFORE_FAILOVER else None
    return "vmware" if kind == "vcenter" else None


def _log_account(item: Json, details: Json) -> Facts:
    """The cache storage account of its replication: by name where it is in the vault's resource group, else by id."""
    named = [text(each.get("logStorageAccountId")) for each in (details, *parts(details, "protectedDisks"))]
    ids = Counter(filter(None, named))
    if not ids:
        return {}
    (account, _), *_ = ids.most_common(1)
    vault = text(item.get("id"))
    same = _group(account) == _group(vault)
    return {"log_storage_account": last_segment(account) if same or not account.startswith("/") else account}


def _group(arm_id: str) -> str:
    """The part of an id, in lower case, up to the resource group."""
    return "/".join(arm_id.split("/")[:5]).casefold()


def _addresses(details: Json, phase: Phase | None) -> Facts:
    adapters, in_azure = adapters_of(details, phase), azure_addresses(details, phase)
    on_site: Facts = {"adapters": adapters} if adapters else {}
    return on_site | ({"azure": {"addresses": in_azure}} if in_azure else {})


def _serving(item: Json, details: Json, servers: Mapping[str, str]) -> Facts:
    """Its own configuration server and vCenter, as far as the files name them."""
    ids = {
        "configuration_server": configuration_server_id(item),
        "vcenter": text(details.get("vCenterInfrastructureId")).casefold(),
    }
    return {fact: servers[server] for fact, server in ids.items() if server in servers}


def _on_its_way(item: Json, phase: Phase | None, servers: Mapping[str, str]) -> Facts:
    """Through which servers it comes home, and how much of its resync is done."""
    facts: Facts = {}
    if phase is not None and phase_row(phase).holds_slots:
        carries = {"returns_through": returns_through(item, servers), "process_server": process_server(item, servers)}
        facts |= {fact: server for fact, server in carries.items() if server}
    if phase is not None and phase_row(phase).resyncs and (percent := item_from_sdk(item).resync_percent):
        facts["resync_done_fraction"] = min(percent, 100) / 100
    return facts


def _static(details: Json) -> bool | None:
    """Whether any adapter has a static address; None where no adapter says."""
    kinds = {kind for nic in parts(details, "vmNics") for kind in _address_kinds(nic)} - {""}
    return "Static" in kinds if kinds else None


def _address_kinds(nic: Json) -> Iterator[str]:
    yield text(nic.get("sourceIPAddressType"))
    for config in parts(nic, "ipConfigs"):
        yield text(config.get("ipAddressType"))


def _disk(disk: Json) -> Facts:
    found: Facts = {}
    size = next((disk[key] for key in _SIZES if isinstance(disk.get(key), int | float) and disk[key] > 0), None)
    if size is not None:
        found["size_gib"] = size / _GIB
    if name := text(disk.get("diskName")):
        found["name"] = name
    uuid = next((each for key in ("diskUuid", "diskId") if _UUID.match(each := text(disk.get(key)))), "")
    return found | ({"uuid": uuid} if uuid else {})


def _instance_uuid(details: Json) -> str:
    """The UUID by which vCenter knows the machine, where discovery's id ends with it [inferred]."""
    hit = _UUID.search(text(details.get("fabricDiscoveryMachineId")))
    return hit[0] if hit else ""


def _silent(details: Json, now: datetime | None) -> bool | None:
    beat = instant(details.get("lastHeartbeat")) or instant(
        part(details, "mobilityAgentDetails").get("lastHeartbeatUtc")
    )
    return None if beat is None or now is None else now - beat >= SILENT


def _errors(properties: Json) -> Iterator[str]:
    for error in parts(properties, "healthErrors"):
        if code := text(error.get("errorCode")):
            yield code
