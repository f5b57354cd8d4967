"""What a test failover and its cleanup are asked with, as their jobs show it."""

from collections.abc import Iterable

from failback.simulator.arm.reads.linked import NETWORKS, check_linked
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import Json


def network_of_test(request: ParsedRequest, bodies: Iterable[BodyFields]) -> dict[str, Json]:
    """The network of a test, which must be there, and its type; a later body goes before an earlier one."""
    shown: dict[str, Json] = {}
    for body in bodies:
        network = check_linked(request, body.maybe("networkId"), NETWORKS, body.at("networkId"))
        if network is not None:
            shown |= {"networkName": network, "networkFriendlyName": network.rpartition("/")[2]}
        if body.maybe("networkType") is not None:
            shown["networkType"] = body.maybe("networkType")
    return shown


def details_of_test(request: ParsedRequest, job_id: str, status: str) -> Json:
    """The customDetails of such a job."""
    none = dict.fromkeys(("comments", "networkName", "networkFriendlyName", "networkType"))
    head = {"instanceType": "TestFailoverJobDetails", "affectedObjectDetails": {}, "testFailoverStatus": status}
    return head | none | request.context.resources.tests.get(job_id, {}) | {"protectedItemDetails": []}
