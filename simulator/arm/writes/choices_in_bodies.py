"""Ids in request bodies, translated to the names that the vault knows; an id that nothing has is a 400."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from failback.reprotect import LOG_STORAGE_ACCOUNT, Architecture, datastore_here, known
from failback.simulator import ProtectedItem
from failback.simulator.arm.reads.containers import is_mapped
from failback.simulator.arm.reads.linked import ACCOUNTS, check_linked
from failback.simulator.arm.reads.policies import named_policy, policy_of
from failback.simulator.arm.reads.recovery_points import point_number
from failback.simulator.arm.reads.servers import accounts_now
from failback.simulator.arm.reads.vmware_sites import site_account_ids
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.naming import FabricName
from failback.simulator.arm.wire.response import ArmError, Json, bad_request

LATEST, LATEST_APP = "latest", "latest_app_consistent"
"""The vault's own words for a recovery point that is not named."""


def master_target(request: ParsedRequest, body: BodyFields) -> str | None:
    """The master target's name for masterTargetId (recorded: two roles on one machine share its id)."""
    return _server(request, body, "masterTargetId", request.world.site.estate.master_targets)


def process_server(request: ParsedRequest, body: BodyFields) -> str | None:
    """The process server's name for processServerId."""
    return server_named(request, body, "processServerId")


def server_named(request: ParsedRequest, body: BodyFields, field: str) -> str | None:
    """The process server's name for the id in this field."""
    return _server(request, body, field, request.world.site.estate.process_servers)


def check_server(request: ParsedRequest, body: BodyFields, field: str) -> None:
    """A server's id that asks for nothing here must still be one (recorded on the way out: the process server's)."""
    estate = request.world.site.estate
    _server(request, body, field, (*estate.process_servers, *estate.master_targets))


def appliance(request: ParsedRequest, body: BodyFields, field: str) -> str:
    """The appliance's name for the id of its re-protection agent or process server."""
    ids = request.names.agents if field == "reprotectAgentId" else request.names.appliance_servers
    name = ids.get(body.text(field).lower())
    if name is None:
        raise _unknown(body, field, "take it from the fabric or from V/replicationAppliances")
    return name


def appliance_shown(request: ParsedRequest, body: BodyFields) -> dict[str, Json]:
    """What an item shows of the appliance whose process server this body names, and of the account that it uses."""
    name = appliance(request, body, "processServerId")
    shown: dict[str, Json] = {
        "processServerId": request.names.component(name, "process-server"),
        "processServerName": request.names.shown(name),
    }
    account_id = body.maybe("runAsAccountId")
    return shown | ({"runAsAccountId": account_id} if account_id else {})


def appliance_named(request: ParsedRequest, wanted: str) -> str | None:
    """The name of the appliance with this name or id, in lower case."""
    boxes = request.world.site.estate.appliances
    return next(
        (
            name
            for name in boxes
            if wanted in (request.names.shown(name).lower(), request.names.guid("appliance", name))
        ),
        None,
    )


def account_shown(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> dict[str, Json]:
    """What an item shows of the account that a body names."""
    return _ACCOUNTS_SHOWN[item.architecture](request, body)


def _classic_account(request: ParsedRequest, body: BodyFields) -> dict[str, Json]:
    account(request, body)
    return {}


def _site_account(request: ParsedRequest, body: BodyFields) -> dict[str, Json]:
    check_site_account(request, body)
    wanted = body.maybe("runAsAccountId")
    return {"runAsAccountId": wanted} if wanted else {}


_ACCOUNTS_SHOWN: Final[Mapping[Architecture, Callable[[ParsedRequest, BodyFields], dict[str, Json]]]] = {
    Architecture.CLASSIC: _classic_account,
    Architecture.MODERNISED: _site_account,
}


def not_here(body: BodyFields, field: str, what: str) -> ArmError:
    """The 400 for an id that names nothing of this vault."""
    where = body.at(field)
    return bad_request(f"{where} '{body.text(field)[:200]}' is no {what} of this vault.", target=where)


def check_site_account(request: ParsedRequest, body: BodyFields) -> None:
    """An appliance's account must be one of the VMware site's."""
    wanted = body.maybe("runAsAccountId")
    if wanted is not None and wanted.rpartition("/")[2].lower() not in site_account_ids(request):
        raise _unknown(body, "runAsAccountId", "take it from the VMware site's runAsAccounts")


def datastore(request: ParsedRequest, body: BodyFields, server: str | None, *, needed: bool) -> str | None:
    """The datastore's name in the estate; of two of one name that which the host of this server mounts."""
    wanted = body.text("datastoreName") if needed else body.maybe("datastoreName")
    if wanted is None:
        return None
    estate = request.world.site.estate
    through = estate.master_targets.get(server or "") or estate.appliances.get(server or "")
    found = datastore_here(estate, wanted, (str(through.host),) if through else ())
    if found not in estate.datastores:
        raise _unknown(body, "datastoreName", "take it from dataStores[].symbolicName or accessibleDatastores[]")
    return found


def log_storage(request: ParsedRequest, body: BodyFields) -> str:
    """The log storage account's name, the end of its ARM id."""
    body.text("logStorageAccountId")
    return (check_storage(request, body, "logStorageAccountId") or "").rpartition("/")[2]


def check_storage(request: ParsedRequest, body: BodyFields, field: str) -> str | None:
    """A storage account that is there, or that the estate names; which of those can be used, a rule says (A04)."""
    boxes = request.world.site.estate.appliances.values()
    listed = [box.log_storage_accounts for box in boxes if known(box.log_storage_accounts)]
    if listed:
        return body.maybe(field)
    return check_linked(request, body.maybe(field), ACCOUNTS, body.at(field), also=(LOG_STORAGE_ACCOUNT,))


def account(request: ParsedRequest, body: BodyFields) -> str | None:
    """The run-as account's name; one that the server no longer keeps is for the rules to refuse (F08)."""
    wanted = body.maybe("runAsAccountId")
    if wanted is None:
        return None
    names = {number: name for name, number in request.names.account_ids(accounts_now(request)).items()}
    if wanted not in names:
        raise _unknown(body, "runAsAccountId", "take it from runAsAccounts[].accountId")
    return names[wanted]


def check_policy(
    request: ParsedRequest, item: ProtectedItem, body: BodyFields, field: str, *, home: bool, needed: bool
) -> str | None:
    """The policy's name. It must be one of the direction: a failback policy on the way home."""
    wanted = body.text(field) if needed else body.maybe(field)
    if wanted is None:
        return None
    usual = policy_of(item.architecture, home=home)
    policy = named_policy(request, wanted)
    kind = usual.details["instanceType"]
    if policy is None or policy["properties"]["providerSpecificDetails"]["instanceType"] != kind:
        where, expected = body.at(field), request.ids.policy(usual.name)
        raise bad_request(
            f"{where} '{wanted[:200]}' is not a policy of this direction.", f"Use {expected}.", target=where
        )
    check_mapped(request, request.names.fabric_of(item.name, item.architecture), wanted, where=body.at(field))
    return str(policy["name"])


def check_mapped(request: ParsedRequest, found: FabricName, policy_id: str, *, where: str) -> None:
    """A policy acts on items by a mapping of their container that carries it (PowerShell takes it from there)."""
    if not is_mapped(request, found, policy_id):
        why = f"{where} '{policy_id[:200]}' is not mapped to the protection container '{found.container}'."
        raise bad_request(why, "Create a protection container mapping with this policy first.", target=where)


def recovery_point(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> str:
    """The recovery point that recoveryPointId names; the latest when it is left out (F03)."""
    wanted = body.maybe("recoveryPointId")
    if wanted is None:
        return LATEST
    name = wanted.rpartition("/")[2]
    if point_number(request, item, name) is None:
        raise _unknown(body, "recoveryPointId", "take it from the item's recoveryPoints")
    return name


def point_id(request: ParsedRequest, item: ProtectedItem, point: str | None) -> str | None:
    """The id of a recovery point of this name; None for those that go without one."""
    named = point is not None and point_number(request, item, point) is not None
    return f"{request.ids.item(item.name, item.architecture)}/recoveryPoints/{point}" if named else None


def _server(request: ParsedRequest, body: BodyFields, field: str, names: Iterable[str]) -> str | None:
    wanted = body.maybe(field)
    if wanted is None:
        return None
    for name in names:
        if request.names.server_id(name).lower() == wanted.lower():
            return name
    raise _unknown(body, field, "take it from the fabric's customDetails")


def _unknown(body: BodyFields, field: str, action: str) -> ArmError:
    where = body.at(field)
    return bad_request(f"{where} '{body.text(field)[:100]}' is not known to this vault.", action, target=where)
