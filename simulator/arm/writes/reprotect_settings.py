"""What a reprotect's body sets of the item besides the operation's choices, by the keys that show it afterwards."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from failback.reprotect import Architecture, Operation
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.resource_store import ItemSettings
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import bad_request

from .choices_in_bodies import appliance_shown, check_policy
from .disk_numbers import numbers_of

Read: TypeAlias = Callable[[ParsedRequest, ProtectedItem, BodyFields], ItemSettings]


def reprotect_settings(request: ParsedRequest, item: ProtectedItem, operation: Operation) -> ItemSettings | None:
    """What this body sets; None where the operation sets nothing of the item."""
    read = _READS.get((item.architecture, operation))
    if read is None:
        return None
    body = properties_of(request.body).inner("providerSpecificDetails")
    _refuse_some_disks(request, item, body)
    return read(request, item, body)


def _home_classic(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> ItemSettings:
    return _policy(request, item, body, "profileId", home=True)


def _out_classic(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> ItemSettings:
    settings = _policy(request, item, body, "policyId", home=False)
    for sent, shown in _STORAGE.items():
        if body.maybe(sent):
            settings.details[shown] = body.maybe(sent)
    return settings


_STORAGE: Final = {
    "masterTargetId": "masterTargetId",
    "storageAccountId": "recoveryAzureStorageAccount",
    "logStorageAccountId": "recoveryAzureLogStorageAccountId",
}


def _home_modernised(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> ItemSettings:
    settings = _policy(request, item, body, "policyId", home=True)
    settings.home["logStorageAccountId"] = body.text("logStorageAccountId")
    return settings


def _out_modernised(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> ItemSettings:
    settings = _policy(request, item, body, "policyId", home=False)
    settings.details |= appliance_shown(request, body)
    return settings


def _out(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> ItemSettings:  # noqa: ARG001  (as all)
    group = body.maybe("targetCapacityReservationGroupId")
    return ItemSettings({"targetCapacityReservationGroupId": group} if group else {})


def _policy(request: ParsedRequest, item: ProtectedItem, body: BodyFields, field: str, *, home: bool) -> ItemSettings:
    name = check_policy(request, item, body, field, home=home, needed=False)
    return ItemSettings(policies={home: name} if name else {})


def _refuse_some_disks(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> None:
    """Resyncs here copy all protected disks, so a request that leaves one out would not be kept."""
    named = body.words("disksToInclude")
    where = body.at("disksToInclude")
    wanted = numbers_of(request, item.name, [(name, where) for name in named])
    every = frozenset(range(len(request.world.site.vm(item.name).disks))) - item.left_out
    if named and wanted != every:
        why = f"{where} leaves out disks of '{item.name}' that are protected; this mock copies all of them."
        raise bad_request(why, "Name all protected disks, or leave the field out.", target=where)


_C, _M = Architecture.CLASSIC, Architecture.MODERNISED
_READS: Final[Mapping[tuple[Architecture, Operation], Read]] = {
    (_C, Operation.REPROTECT_TO_ON_PREMISES): _home_classic,
    (_C, Operation.REPROTECT_TO_AZURE): _out_classic,
    (_M, Operation.FAILOVER): _out,
    (_M, Operation.REPROTECT_TO_ON_PREMISES): _home_modernised,
    (_M, Operation.REPROTECT_TO_AZURE): _out_modernised,
}
