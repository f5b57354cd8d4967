"""Replication policies that clients make, change and remove."""

from collections.abc import Mapping
from typing import Final

from failback.simulator.arm.reads.policies import own_policies, policy_body, policy_user, usual_details
from failback.simulator.arm.reads.resources import below, body_of, drop, keep, made_at
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply
from failback.simulator.arm.wire.wire import INMAGE, RCM, RCM_BACK, V2A

from .instant_jobs import conflict, instant_job

_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    V2A: (
        "crashConsistentFrequencyInMinutes",
        "recoveryPointThresholdInMinutes",
        "recoveryPointHistory",
        "appConsistentFrequencyInMinutes",
    ),
    INMAGE: ("recoveryPointThresholdInMinutes", "recoveryPointHistory", "appConsistentFrequencyInMinutes"),
    RCM: ("recoveryPointHistoryInMinutes", "appConsistentFrequencyInMinutes", "crashConsistentFrequencyInMinutes"),
    RCM_BACK: ("appConsistentFrequencyInMinutes", "crashConsistentFrequencyInMinutes"),
}
MINUTES: Final[Mapping[str, tuple[int, int]]] = {
    "recoveryPointHistory": (0, 4320),
    "recoveryPointHistoryInMinutes": (0, 21_600),
    "appConsistentFrequencyInMinutes": (0, 720),
    "crashConsistentFrequencyInMinutes": (0, 720),
    "recoveryPointThresholdInMinutes": (0, 1440),
}
"""The least and most of each. Documented: points are kept for 72 hours (classic) or 15 days, and one that is
consistent for applications is made every 12 hours at least, or never (0). The last two are inferred.
"""
_SYNC: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    V2A: ("multiVmSyncStatus", ("Enable", "Disable")),
    INMAGE: ("multiVmSyncStatus", ("Enable", "Disable")),
    RCM: ("enableMultiVmSync", ("true", "false")),
}


def create_policy(request: ParsedRequest) -> Response:
    """PUT V/replicationPolicies/{policy}."""
    given = _details(properties_of(request.body).inner("providerSpecificInput"))
    details = usual_details(given["instanceType"]) | {key: value for key, value in given.items() if value is not None}
    if made_at(request, below(request, 2)) is None and _is_own(request):
        raise conflict("PolicyAlreadyExists", f"The policy '{request.params['policy']}' already exists.")
    keep(request, below(request, 2), {"friendlyName": request.params["policy"], "providerSpecificDetails": details})
    return instant_job(request, 2, "policy", "AddProtectionProfile", "Create replication policy")


def update_policy(request: ParsedRequest) -> Response:
    """PATCH V/replicationPolicies/{policy}."""
    path = below(request, 2)
    own = body_of(request, path, policy_body)["properties"]
    given = properties_of(request.body).inner("replicationProviderSettings")
    changes = {key: value for key, value in _details(given).items() if value is not None}
    if changes["instanceType"] != own["providerSpecificDetails"]["instanceType"]:
        raise conflict("PolicyMismatch", "A policy keeps its provider; make another policy instead.")
    keep(request, path, own | {"providerSpecificDetails": own["providerSpecificDetails"] | changes})
    return instant_job(request, 2, "policy", "ModifyProtectionProfile", "Modify settings of the replication policy")


def delete_policy(request: ParsedRequest) -> Response:
    """DELETE V/replicationPolicies/{policy}: not while it is mapped."""
    body_of(request, below(request, 2), policy_body)
    policy = f"/replicationpolicies/{request.params['policy'].lower()}"
    made = request.context.resources.made.values()
    mapped = any(str(one.get("policyId", "")).lower().endswith(policy) for one in made)
    if mapped or (made_at(request, below(request, 2)) is None and _is_own(request) and request.vault.items):
        why = f"The policy '{request.params['policy']}' is mapped to a container; remove that first."
        raise conflict("PolicyInUse", why)
    user = policy_user(request, request.params["policy"])
    if user is not None:
        raise conflict("PolicyInUse", f"The item '{user}' uses the policy '{request.params['policy']}'.")
    answer = instant_job(request, 2, "policy", "RemoveProtectionProfile", "Delete replication policy")
    drop(request, below(request, 2))
    return answer


def policy_result(request: ParsedRequest) -> Response:
    """GET V/replicationPolicies/{policy}/operationresults/{operation}."""
    return result(request, _policy_now)


def _policy_now(request: ParsedRequest) -> Response:
    return reply(body_of(request, below(request, 2), policy_body))


def _is_own(request: ParsedRequest) -> bool:
    return any(policy.name == request.params["policy"].lower() for policy in own_policies(request))


def _minutes(given: BodyFields, name: str) -> int | None:
    value, (least, most) = given.number(name), MINUTES[name]
    if value is not None and not least <= value <= most:
        why = f"{given.at(name)} is {value}; it must be from {least} to {most} minutes."
        raise bad_request(why, target=given.at(name))
    return value


def _details(given: BodyFields) -> dict[str, Json]:
    kind = given.needed_word("instanceType", tuple(_NUMBERS))
    details: dict[str, Json] = {"instanceType": kind} | {name: _minutes(given, name) for name in _NUMBERS[kind]}
    if kind in _SYNC:
        name, words = _SYNC[kind]
        details[name] = given.word(name, words)
    return details
