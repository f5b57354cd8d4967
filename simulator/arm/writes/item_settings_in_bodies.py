"""What a body sets of an item: read whole before anything is kept, so that a refused request changes nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.simulator.arm.reads.policies import named_policy
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.resource_store import ItemSettings
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.item_settings import (
    CLASSIC_DISK,
    DISK,
    ENABLING,
    IP_CONFIG,
    NIC,
    NOT_TAKEN,
    OLD_NIC,
    UPDATING,
    Setting,
)
from failback.simulator.arm.wire.response import Json, bad_request
from failback.simulator.arm.wire.wire import RCM, V2A

from .disk_numbers import numbers_of
from .setting_values import value_of, values_of


def enabled_with(
    request: ParsedRequest, machine: str, body: BodyFields, details: BodyFields, kind: str
) -> ItemSettings:
    """What a request that enables protection sets."""
    settings = ItemSettings(_values(request, ENABLING[kind], body, details))
    form = _FORMS[kind]
    settings.nic |= form.subnets(request, details)
    rows = form.disk
    default = values_of(
        request, details.inner("disksDefault") if form.has_disks_default else details, _only_disks(rows)
    )
    for number in range(len(request.world.site.vm(machine).disks)):
        settings.disks[number] = dict(default)
    _set_disks(request, machine, details.each("disksToInclude"), rows, settings)
    if body.has("policyId"):
        settings.policies[False] = policy_in(request, body, "policyId", kind)
    return settings


def update_with(request: ParsedRequest, machine: str, body: BodyFields, details: BodyFields, kind: str) -> ItemSettings:
    """What an update sets."""
    _refuse(body, NOT_TAKEN[kind], kind)
    settings = ItemSettings(_values(request, UPDATING[kind], body, details))
    form = _FORMS[kind]
    for nic in [*body.each("vmNics"), *(details.each("vmNics") if form.has_nics_in_details else ())]:
        settings.nic |= _nic(request, machine, nic, kind)
    _set_disks(request, machine, details.each("vmDisks"), form.disk, settings)
    return settings


def disks_with(request: ParsedRequest, machine: str, disks: Iterable[BodyFields]) -> ItemSettings:
    """What a request that adds disks of a modernised item sets of them."""
    settings = ItemSettings()
    _set_disks(request, machine, disks, DISK, settings)
    return settings


def keep_settings(request: ParsedRequest, name: str, changes: ItemSettings) -> None:
    """Lay them over what was set before."""
    kept = request.context.resources.of_item(name)
    kept.details |= changes.details
    kept.home |= changes.home
    kept.nic |= changes.nic
    kept.policies |= changes.policies
    for number, values in changes.disks.items():
        kept.disks[number] = kept.disks.get(number, {}) | values


def modernised(kept: ItemSettings) -> ItemSettings:
    """What was set of a classic item, as it goes on as a modernised one: what both kinds have."""
    names = {row.sent: row.shown for row in UPDATING[RCM] if not row.below} | {
        "recoveryAzureResourceGroupId": "targetResourceGroupId"
    }
    both = {row.shown for row in ENABLING[RCM] if row.kind in ("text", "machine name", "licence")}
    details = {names.get(key, key): value for key, value in kept.details.items() if key in names or key in both}
    tags = {key: value for key, value in kept.details.items() if isinstance(value, dict)}
    lists = {key: [{"tagName": n, "tagValue": v} for n, v in value.items()] for key, value in tags.items()}
    return ItemSettings(details | lists)


def policy_in(request: ParsedRequest, body: BodyFields, field: str, kind: str) -> str:
    """The name of the policy that this field names, which must be of this provider. Raises a 400."""
    wanted = body.text(field)
    policy, where = named_policy(request, wanted), body.at(field)
    if policy is None:
        raise bad_request(f"{where} '{wanted[:200]}' is not a policy of this vault.", "Create it first.", target=where)
    found = policy["properties"]["providerSpecificDetails"]["instanceType"]
    if found != kind:
        raise bad_request(f"{where} '{wanted[:200]}' is a policy for {found}, not for {kind}.", target=where)
    return str(policy["name"])


def _values(request: ParsedRequest, rows: Iterable[Setting], body: BodyFields, details: BodyFields) -> dict[str, Json]:
    values = {}
    for row in rows:
        value = value_of(request, details if row.below else body, row.sent, row.kind)
        if value is not None and (value or row.kind != "tag list" or details.has(row.sent)):
            values[row.shown] = value
    return values


def _refuse(body: BodyFields, names: Iterable[str], kind: str) -> None:
    for name in names:
        if body.has(name):
            raise bad_request(f"{body.at(name)} is not kept for {kind}: no such item shows it.", target=body.at(name))


def _classic_subnet(_: ParsedRequest, details: BodyFields) -> dict[str, Json]:
    subnet = details.maybe("targetAzureSubnetId")
    config = {"name": "ipConfig1", "isPrimary": True, "recoverySubnetName": subnet}
    return {} if subnet is None else {"ipConfigs": [config]}


def _subnets(request: ParsedRequest, details: BodyFields) -> dict[str, Json]:
    return values_of(request, details, {name: (name, "text") for name in ("targetSubnetName", "testSubnetName")})


def _only_disks(rows: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {name: row for name, row in rows.items() if name not in ("targetDiskName",) and row[0]}


def _set_disks(
    request: ParsedRequest,
    machine: str,
    disks: Iterable[BodyFields],
    rows: Mapping[str, tuple[str, str]],
    settings: ItemSettings,
) -> None:
    for disk in disks:
        (number,) = numbers_of(request, machine, [(disk.text("diskId"), disk.at("diskId"))])
        own = values_of(request, disk, rows)
        own.pop("", None)
        settings.disks[number] = settings.disks.get(number, {}) | own


def _nic(request: ParsedRequest, machine: str, nic: BodyFields, kind: str) -> dict[str, Json]:
    wanted = nic.text("nicId")
    if wanted.rpartition("/")[2].lower() != request.names.guid("nic", machine):
        where = nic.at("nicId")
        raise bad_request(
            f"{where} '{wanted[:100]}' is not a NIC of '{machine}'.", "Take it from vmNics[].", target=where
        )
    return values_of(request, nic, NIC[kind]) | _FORMS[kind].ip_configs(request, nic)


def _classic_ip_configs(request: ParsedRequest, nic: BodyFields) -> dict[str, Json]:
    configs = [values_of(request, config, IP_CONFIG) for config in nic.each("ipConfigs")]
    old = {shown: nic.maybe(sent) for sent, shown in OLD_NIC.items() if nic.has(sent)}
    if not configs and old:
        configs = [{"name": "ipConfig1", "isPrimary": True}]
    return {"ipConfigs": [old | config for config in configs]} if configs else {}


def _no_ip_configs(_: ParsedRequest, __: BodyFields) -> dict[str, Json]:
    return {}


_Read: TypeAlias = Callable[[ParsedRequest, BodyFields], dict[str, Json]]


@dataclass(frozen=True, slots=True)
class _Form:
    """Where the bodies of one provider have what they set."""

    disk: Mapping[str, tuple[str, str]]
    subnets: _Read
    ip_configs: _Read
    has_disks_default: bool
    """Whether values for all disks stand in disksDefault; else in the details themselves."""
    has_nics_in_details: bool


_FORMS: Final[Mapping[str, _Form]] = {
    V2A: _Form(CLASSIC_DISK, _classic_subnet, _classic_ip_configs, has_disks_default=False, has_nics_in_details=False),
    RCM: _Form(DISK, _subnets, _no_ip_configs, has_disks_default=True, has_nics_in_details=True),
}
