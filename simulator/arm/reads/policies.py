"""Replication policies: one to Azure and one for the way home, of each architecture that the vault has."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from failback.reprotect import Architecture
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import ArmError, Json, Response, not_found, resource
from failback.simulator.arm.wire.wire import INMAGE, RCM, RCM_BACK, V2A

from .resources import body_of, listed, one


@dataclass(frozen=True, slots=True)
class PolicyName:
    """One policy. `home` marks the failback policy."""

    name: str
    architecture: Architecture
    home: bool
    details: Mapping[str, Json]


_OUT: Final = {
    "recoveryPointThresholdInMinutes": 15,
    "recoveryPointHistory": 1440,
    "appConsistentFrequencyInMinutes": 60,
}

POLICIES: Final = (
    PolicyName(
        "24-hour-retention-policy",
        Architecture.CLASSIC,
        False,
        {"instanceType": V2A, **_OUT, "crashConsistentFrequencyInMinutes": 5, "multiVmSyncStatus": "Enable"},
    ),
    PolicyName(
        "24-hour-retention-policy-failback",
        Architecture.CLASSIC,
        True,
        {"instanceType": INMAGE, **_OUT, "multiVmSyncStatus": "Enable"},
    ),
    PolicyName(
        "24-hour-replication-policy",
        Architecture.MODERNISED,
        False,
        {
            "instanceType": RCM,
            "recoveryPointHistoryInMinutes": 1440,
            "appConsistentFrequencyInMinutes": 60,
            "crashConsistentFrequencyInMinutes": 5,
            "enableMultiVmSync": "True",
        },
    ),
    PolicyName(
        "24-hour-replication-policy-failback",
        Architecture.MODERNISED,
        True,
        {"instanceType": RCM_BACK, "appConsistentFrequencyInMinutes": 60, "crashConsistentFrequencyInMinutes": 5},
    ),
)


def policies_of(architecture: Architecture) -> tuple[PolicyName, ...]:
    """The policy to Azure and the failback policy."""
    return tuple(policy for policy in POLICIES if policy.architecture is architecture)


def policy_of(architecture: Architecture, *, home: bool) -> PolicyName:
    """The policy of one direction."""
    return next(policy for policy in policies_of(architecture) if policy.home is home)


def usual_details(provider: str) -> dict[str, Json]:
    """The values of a new policy that its request leaves out: as in the vault's own policy of this provider (ours)."""
    return dict(next(policy.details for policy in POLICIES if policy.details["instanceType"] == provider))


def policy_user(request: ParsedRequest, name: str) -> str | None:
    """An item that uses this policy in one of its directions, if there is one."""
    kept = request.context.resources.of_items
    users = (item for item in request.vault.items if item in kept)
    return next((item for item in users if name.lower() in map(str.lower, kept[item].policies.values())), None)


def list_policies(request: ParsedRequest) -> Response:
    """GET V/replicationPolicies."""
    return listed(request, [_policy(request, policy) for policy in own_policies(request)], "replicationPolicies")


def get_policy(request: ParsedRequest) -> Response:
    """GET V/replicationPolicies/{policy}."""
    return one(request, 2, policy_body)


def policy_body(request: ParsedRequest) -> Json:
    """The vault's own policy that the path names."""
    return _own_body(request, request.params["policy"].lower())


def named_policy(request: ParsedRequest, id_: str) -> Json | None:
    """The policy with this ARM id, the vault's own or one that a client made; None where there is none."""
    start, _, name = id_.lower().rpartition("/")
    if start != request.ids.child("replicationPolicies").lower():
        return None
    try:
        return body_of(request, f"replicationPolicies/{id_.rpartition('/')[2]}", partial(_own_body, name=name))
    except ArmError:
        return None


def _own_body(request: ParsedRequest, name: str) -> Json:
    for policy in own_policies(request):
        if policy.name == name:
            return _policy(request, policy)
    raise not_found(f"The replication policy '{name}'")


def own_policies(request: ParsedRequest) -> list[PolicyName]:
    """Those of the architectures that the vault has."""
    architectures = {found.architecture for found in request.names.fabrics}
    return [policy for policy in POLICIES if policy.architecture in architectures]


def _policy(request: ParsedRequest, policy: PolicyName) -> Json:
    properties = {"friendlyName": policy.name, "providerSpecificDetails": policy.details}
    return resource(request.ids.policy(policy.name), "replicationPolicies", properties)
