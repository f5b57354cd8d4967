"""Replication policies that clients make, change and remove."""

from collections.abc import Mapping
from typing import Final

from failback.simulator.arm.reads.kept import below, body_of, drop, keep, made_at
from failback.simulator.arm.reads.policies import own_policies, policy_body
from failback.simulator.arm.state.long_running import result
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.body_fields import BodyFields, properties_of
from failback.simulator.arm.wire.response import Json, Response, reply
from failback.simulator.arm.wire.wire import INMAGE, RCM, RCM_BACK, V2A

from .errands import conflict, errand

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
_SYNC: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    V2A: ("multiVmSyncStatus", ("Enable", "Disable")),
    INMAGE: ("multiVmSyncStatus", ("Enable", "Disable")),
    RCM: ("enableMultiVmSync", ("true", "false")),
}


def create_policy(ask: Ask) -> Response:
    """PUT V/replicationPolicies/{policy}."""
    details = _details(properties_of(ask.body).inner("providerSpecificInput"))
    if made_at(ask, below(ask, 2)) is None and _is_own(ask):
        raise conflict("PolicyAlreadyExists", f"The policy '{ask.params['policy']}' is there already.")
    keep(ask, below(ask, 2), {"friendlyName": ask.params["policy"], "providerSpecificDetails": details})
    return errand(ask, 2, "policy", "AddProtectionProfile", "Create replication policy")


def update_policy(ask: Ask) -> Response:
    """PATCH V/replicationPolicies/{policy}."""
    path = below(ask, 2)
    own = body_of(ask, path, policy_body)["properties"]
    given = properties_of(ask.body).inner("replicationProviderSettings")
    said = {key: value for key, value in _details(given).items() if value is not None}
    if said["instanceType"] != own["providerSpecificDetails"]["instanceType"]:
        raise conflict("PolicyMismatch", "A policy keeps its provider; make another policy instead.")
    keep(ask, path, own | {"providerSpecificDetails": own["providerSpecificDetails"] | said})
    return errand(ask, 2, "policy", "UpdateProtectionProfile", "Update replication policy")


def delete_policy(ask: Ask) -> Response:
    """DELETE V/replicationPolicies/{policy}: not while it is mapped."""
    body_of(ask, below(ask, 2), policy_body)
    policy = f"/replicationpolicies/{ask.params['policy'].lower()}"
    mapped = [made for made in ask.around.kept.made.values() if str(made.get("policyId", "")).lower().endswith(policy)]
    if mapped or (made_at(ask, below(ask, 2)) is None and _is_own(ask) and ask.vault.items):
        why = f"The policy '{ask.params['policy']}' is mapped to a container; remove that first."
        raise conflict("PolicyInUse", why)
    answer = errand(ask, 2, "policy", "RemoveProtectionProfile", "Delete replication policy")
    drop(ask, below(ask, 2))
    return answer


def policy_result(ask: Ask) -> Response:
    """GET V/replicationPolicies/{policy}/operationresults/{operation}."""
    return result(ask, _policy_now)


def _policy_now(ask: Ask) -> Response:
    return reply(body_of(ask, below(ask, 2), policy_body))


def _is_own(ask: Ask) -> bool:
    return any(policy.name == ask.params["policy"].lower() for policy in own_policies(ask))


def _details(given: BodyFields) -> dict[str, Json]:
    kind = given.needed_word("instanceType", tuple(_NUMBERS))
    details: dict[str, Json] = {"instanceType": kind} | {name: given.number(name) for name in _NUMBERS[kind]}
    if kind in _SYNC:
        name, words = _SYNC[kind]
        details[name] = given.word(name, words)
    return details
