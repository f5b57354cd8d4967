"""Bodies of operations on an item: what they ask for, in the vault's words; recorded for all six legs.

Classic names the provider that an item is to have, modernised the one that it has. Reprotect is RecoveryToPrimary both
ways and a classic failback is an unplanned failover PrimaryToRecovery, since the reprotect made the Azure machine the
primary one. The two modernised requests without a recorded direction also take the one that PowerShell asks its user
for; that the service refuses the other is inferred.
"""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.reprotect import Architecture, Choices, Operation, allowed
from failback.simulator import ProtectedItem
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import bad_request
from failback.simulator.arm.wire.wire import INMAGE, RCM, RCM_BACK, TO_PRIMARY, TO_RECOVERY, V2A, resting_phase

from . import choices_in_bodies as ids

Read: TypeAlias = Callable[[ParsedRequest, ProtectedItem, BodyFields], Choices]

_FAILOVERS: Final = ("unplannedFailover", "plannedFailover")
"""Failback is the one for classic items and the other for modernised ones."""


@dataclass(frozen=True, slots=True)
class BodyKind:
    """One row: a verb with this discriminator asks for this operation. `or_none`: the direction may be left out."""

    verb: str
    architecture: Architecture
    operation: Operation
    discriminator: str
    direction: str
    read: Read
    or_none: bool = False


def asked(request: ParsedRequest, item: ProtectedItem, verb: str) -> tuple[Operation, Choices]:
    """What this body asks for. Raises a 400 that says what to use instead."""
    properties = properties_of(request.body)
    details = properties.inner("providerSpecificDetails")
    row = _row(item, verb, details)
    direction = properties.word("failoverDirection", (TO_RECOVERY, TO_PRIMARY))
    if direction != row.direction and not (row.or_none and direction is None):
        shown, taken = direction or "missing", f"{row.direction}{' or none' if row.or_none else ''}"
        raise properties.refused("failoverDirection", f"is {shown}; a {row.discriminator} {verb} takes {taken}.")
    return row.operation, row.read(request, item, details)


def _row(item: ProtectedItem, verb: str, details: BodyFields) -> BodyKind:
    rows = [row for row in BODIES if (row.verb, row.architecture) == (verb, item.architecture)]
    wanted = details.maybe("instanceType")
    fitting = next((row for row in rows if row.discriminator.lower() == (wanted or "").lower()), None)
    expected = _expected(item, verb)
    if fitting is None or (expected is not None and fitting is not expected):
        advice = _advice(item, verb, rows, expected)
        raise details.refused("instanceType", f"is {(wanted or 'missing')[:100]}: {advice}.", advice)
    return fitting


def _expected(item: ProtectedItem, verb: str) -> BodyKind | None:
    """The row for what the item may do now by this verb, or by the other one of the two failovers."""
    verbs = _FAILOVERS if verb in _FAILOVERS else (verb,)
    now = allowed(item.architecture, resting_phase(item))
    return next(
        (r for r in BODIES if (r.architecture is item.architecture) and r.verb in verbs and r.operation in now), None
    )


def _advice(item: ProtectedItem, verb: str, rows: list[BodyKind], expected: BodyKind | None) -> str:
    if expected is not None:
        return f"use {expected.verb} with {expected.discriminator} for this item now"
    known = " or ".join(row.discriminator for row in rows)
    return f"use {known}" if known else f"{verb} is not for {item.architecture.value} items"


def _home_classic(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    target = ids.master_target(request, body)
    ids.check_policy(request, item, body, "profileId", home=True, needed=True)
    _check_exclusion(body.inner("diskExclusionInput"))
    return Choices(
        master_target=target,
        process_server=ids.process_server(request, body),
        retention_drive=body.maybe("retentionDrive"),
        datastore=ids.datastore(request, body, target, needed=False),
        account=ids.account(request, body),
    )


def _check_exclusion(body: BodyFields) -> None:
    """Leaves out the volumes with a label and the disks with a signature. No volume or disk of an estate has one."""
    for volume in body.each("volumeOptions"):
        volume.maybe("volumeLabel")
        volume.word("onlyExcludeIfSingleVolume", ("true", "false", "yes", "no"))
    for disk in body.each("diskSignatureOptions"):
        disk.maybe("diskSignature")


def _out_classic(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    ids.check_server(request, body, "masterTargetId")
    ids.check_policy(request, item, body, "policyId", home=False, needed=False)
    ids.check_storage(request, body, "storageAccountId")
    storage = ids.check_storage(request, body, "logStorageAccountId")
    return Choices(
        process_server=ids.process_server(request, body),
        account=ids.account(request, body),
        log_storage_account=storage.rpartition("/")[2] if storage else None,
    )


def _home_modernised(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    ids.check_policy(request, item, body, "policyId", home=True, needed=False)
    box = ids.appliance(request, body, "reprotectAgentId")
    return Choices(
        appliance=box,
        datastore=ids.datastore(request, body, box, needed=True),
        log_storage_account=ids.log_storage(request, body),
    )


def _out_modernised(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    ids.check_policy(request, item, body, "policyId", home=False, needed=True)
    ids.check_site_account(request, body)
    return Choices(appliance=ids.appliance(request, body, "processServerId"), account=body.maybe("runAsAccountId"))


def _failover_classic(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    _refuse_upgrade(body)
    return Choices(recovery_point=ids.recovery_point(request, item, body), shut_down_source=_source_operations(request))


def _failback_classic(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    kind = body.word("recoveryPointType", ("LatestTime", "LatestTag", "Custom"))
    named = body.has("recoveryPointId")
    if named and kind not in ("Custom", None):
        where = body.at("recoveryPointId")
        raise bad_request(f"{where} goes with the recoveryPointType Custom, not {kind}.", target=where)
    if kind == "Custom" or named:
        body.text("recoveryPointId")
        point = ids.recovery_point(request, item, body)
    else:
        point = ids.LATEST_APP if kind == "LatestTag" else ids.LATEST
    return Choices(recovery_point=point, shut_down_source=_source_operations(request))


def _failover_modernised(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    _refuse_upgrade(body)
    _source_operations(request)  # recorded beside performShutdown; that one decides [inferred]
    shut_down = body.needed_word("performShutdown", ("true", "false")) == "true"
    return Choices(recovery_point=ids.recovery_point(request, item, body), shut_down_source=shut_down)


def _failback_modernised(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    wanted = body.text("recoveryPointType")
    known = {"applicationconsistent": ids.LATEST_APP, "crashconsistent": ids.LATEST}
    return Choices(recovery_point=known.get(wanted.lower(), wanted), shut_down_source=True)


def _test(request: ParsedRequest, item: ProtectedItem, body: BodyFields) -> Choices:
    _refuse_upgrade(body)
    return Choices(recovery_point=ids.recovery_point(request, item, body))


def _refuse_upgrade(body: BodyFields) -> None:
    """Items list no version under supportedOSVersions, so none can be asked for."""
    if body.maybe("osUpgradeVersion") is not None:
        where = body.at("osUpgradeVersion")
        raise bad_request(f"{where} is not one of the item's supportedOSVersions.", "Leave it out.", target=where)


def _source_operations(request: ParsedRequest) -> bool | None:
    word = properties_of(request.body).word("sourceSiteOperations", ("Required", "NotRequired"))
    return None if word is None else word == "Required"


_C, _M, _O = Architecture.CLASSIC, Architecture.MODERNISED, Operation
# fmt: off
BODIES: Final[tuple[BodyKind, ...]] = (
    BodyKind("unplannedFailover", _C, _O.FAILOVER,                 V2A,      TO_RECOVERY, _failover_classic),
    BodyKind("reProtect",         _C, _O.REPROTECT_TO_ON_PREMISES, INMAGE,   TO_PRIMARY,  _home_classic),
    BodyKind("unplannedFailover", _C, _O.FAILBACK,                 INMAGE,   TO_RECOVERY, _failback_classic),
    BodyKind("reProtect",         _C, _O.REPROTECT_TO_AZURE,       V2A,      TO_PRIMARY,  _out_classic),
    BodyKind("testFailover",      _C, _O.TEST_FAILOVER,            V2A,      TO_RECOVERY, _test),
    BodyKind("unplannedFailover", _M, _O.FAILOVER,                 RCM,      TO_RECOVERY, _failover_modernised),
    BodyKind("reProtect",         _M, _O.REPROTECT_TO_ON_PREMISES, RCM,      TO_PRIMARY,  _home_modernised),
    BodyKind("plannedFailover",   _M, _O.FAILBACK,                 RCM_BACK, TO_PRIMARY,  _failback_modernised, True),
    BodyKind("reProtect",         _M, _O.REPROTECT_TO_AZURE,       RCM_BACK, TO_RECOVERY, _out_modernised, True),
    BodyKind("testFailover",      _M, _O.TEST_FAILOVER,            RCM,      TO_RECOVERY, _test),
)
# fmt: on
