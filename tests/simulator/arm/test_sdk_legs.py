"""The SDK's own client, with its default options, goes all six legs through both doors in clock mode poll."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from simpy import Event

from failback.simulator import World
from failback.simulator.arm import ArmMock, mock, serve

LOOKS_MAX = 200
LOGS = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/logs"
Door = Callable[[ArmMock, Callable[..., Any]], Any]


@contextmanager
def in_process(arm: ArmMock, make_sdk: Callable[..., Any]) -> Iterator[Any]:
    with mock(arm):
        yield make_sdk()


@contextmanager
def over_tls(arm: ArmMock, make_sdk: Callable[..., Any]) -> Iterator[Any]:
    with serve(arm) as served, make_sdk(base_url=served.base_url, connection_verify=str(served.ca_file)) as client:
        yield client


@contextmanager
def over_tls_with_operations_elsewhere(arm: ArmMock, make_sdk: Callable[..., Any]) -> Iterator[Any]:
    with (
        serve(arm, operations_host="localhost") as served,
        make_sdk(base_url=served.base_url, connection_verify=str(served.ca_file)) as client,
    ):
        yield client


@contextmanager
def over_http_on_another_base(arm: ArmMock, make_sdk: Callable[..., Any]) -> Iterator[Any]:
    with mock(arm, base_url="https://region.example"):
        yield make_sdk(base_url="https://region.example")


class Legs:
    """One item and the six requests that take it away and home."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._items = client, client.replication_protected_items
        listed = self._items.list("rg", "v")
        self._path = next(item.id for item in listed if item.properties.friendly_name == name).split("/")[10:15:2]
        self._fabric = client.replication_fabrics.get("rg", "v", self._path[0]).properties.custom_details

    def read(self) -> Any:
        return self._items.get("rg", "v", *self._path)

    def settle(self, state: str) -> Any:
        looks = (self.read() for _ in range(LOOKS_MAX))
        return next(seen for seen in looks if seen.properties.protection_state == state and registered(seen))

    def request(self, verb: str, details: Any = None, **properties: Any) -> Any:
        begin = getattr(self._items, f"begin_{verb}")
        if details is None:
            return begin("rg", "v", *self._path).result()
        body = {"properties": properties | {"providerSpecificDetails": details}}
        return begin("rg", "v", *self._path, body).result()

    def policy(self, instance_type: str) -> str:
        listed = self._client.replication_policies.list("rg", "v")
        return str(
            next(p.id for p in listed if p.properties.provider_specific_details["instanceType"] == instance_type)
        )

    def go_home_classic(self) -> Any:
        target, server = self._fabric.master_target_servers[0], self._fabric.process_servers[0]
        home = {
            "instanceType": "InMage",
            "masterTargetId": target.id,
            "processServerId": server.id,
            "retentionDrive": target.retention_volumes[0].volume_name,
            "runAsAccountId": self._fabric.run_as_accounts[0].account_id,
            "datastoreName": target.data_stores[0].symbolic_name,
            "profileId": self.policy("InMage"),
        }
        return self.request("reprotect", home, failoverDirection="RecoveryToPrimary")

    def classic(self) -> Iterator[Any]:
        server = self._fabric.process_servers[0]
        out = {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required"}
        again = {"instanceType": "InMageAzureV2", "masterTargetId": server.id, "processServerId": server.id}
        yield self.request("unplanned_failover", {"instanceType": "InMageAzureV2"}, **out)
        yield self.request("failover_commit")
        self.settle("UnplannedFailoverCommitted")
        yield self.go_home_classic()
        self.settle("Protected")
        yield self.request("unplanned_failover", {"instanceType": "InMage", "recoveryPointType": "LatestTime"}, **out)
        yield self.request("failover_commit")
        self.settle("UnplannedFailoverCommitted")
        yield self.request("reprotect", again, failoverDirection="RecoveryToPrimary")
        yield self.settle("Protected")

    def modernised(self) -> Iterator[Any]:
        agent, server = self._fabric.reprotect_agents[0], self._fabric.process_servers[0]
        out = {"instanceType": "InMageRcm", "performShutdown": "true"}
        home = {
            "instanceType": "InMageRcm",
            "reprotectAgentId": agent.id,
            "datastoreName": agent.accessible_datastores[0],
        }
        again = {
            "instanceType": "InMageRcmFailback",
            "processServerId": server.id,
            "policyId": self.policy("InMageRcm"),
        }
        yield self.request("unplanned_failover", out, failoverDirection="PrimaryToRecovery")
        yield self.request("failover_commit")
        self.settle("UnplannedFailoverCommitted")
        yield self.request("reprotect", home | {"logStorageAccountId": LOGS}, failoverDirection="RecoveryToPrimary")
        self.settle("Protected")
        yield self.request(
            "planned_failover", {"instanceType": "InMageRcmFailback", "recoveryPointType": "CrashConsistent"}
        )
        committed = self.request("failover_commit")
        yield committed
        self.settle(committed.properties.protection_state)
        yield self.request("reprotect", again)
        yield self.settle("Protected")


def registered(seen: Any) -> bool:
    details = seen.properties.provider_specific_details
    if details["instanceType"].startswith("InMageRcm"):
        return bool(details["isAgentRegistrationSuccessfulAfterFailover"])
    failed_over = seen.properties.last_successful_failover_time
    return failed_over is None or details.last_heartbeat >= failed_over


WAYS = {
    "classic": [
        ("InMageAzureV2", "UnplannedFailoverCommitPendingStatesBegin", "Recovery"),
        ("InMageAzureV2", "UnplannedFailoverCommitted", "Recovery"),
        ("InMage", "InitialReplicationInProgress", "Primary"),
        ("InMage", "UnplannedFailoverCommitPendingStatesBegin", "Recovery"),
        ("InMage", "UnplannedFailoverCommitted", "Recovery"),
        ("InMageAzureV2", "InitialReplicationInProgress", "Primary"),
        ("InMageAzureV2", "Protected", "Primary"),
    ],
    "modernised": [
        ("InMageRcm", "UnplannedFailoverCommitPendingStatesBegin", "Recovery"),
        ("InMageRcm", "UnplannedFailoverCommitted", "Recovery"),
        ("InMageRcmFailback", "InitialReplicationInProgress", "Primary"),
        ("InMageRcmFailback", "CommitPendingStatesBegin", "Recovery"),
        ("InMageRcmFailback", "PlannedFailoverCommitted", "Recovery"),
        ("InMageRcm", "InitialReplicationInProgress", "Primary"),
        ("InMageRcm", "Protected", "Primary"),
    ],
}


@pytest.mark.parametrize("door", [in_process, over_tls, over_tls_with_operations_elsewhere, over_http_on_another_base])
@pytest.mark.parametrize(("way", "name"), [("classic", "sql0"), ("modernised", "web0")])
def test_the_sdk_goes_all_six_legs(world: World, make_sdk: Any, door: Any, way: str, name: str) -> None:
    with door(ArmMock(world), make_sdk) as client:
        seen = [shown(item) for item in getattr(Legs(client, name), way)()]
    assert seen == WAYS[way]


def shown(item: Any) -> tuple[str, str, str]:
    properties = item.properties
    return properties.provider_specific_details["instanceType"], properties.protection_state, properties.active_location


def test_a_failed_job_reaches_the_sdk_as_an_error_with_the_published_code(world: World, make_sdk: Any) -> None:
    with mock(ArmMock(world)):
        legs = Legs(make_sdk(), "sql0")
        steps = legs.classic()
        next(steps)
        next(steps)
        legs.settle("UnplannedFailoverCommitted")
        world.site.change("cs1", connected=False)
        with pytest.raises(HttpResponseError) as refused:
            next(steps)
    assert refused.value.error is not None
    assert refused.value.error.code == "95226"


def test_what_is_not_allowed_now_and_what_is_not_there_are_the_sdks_own_exceptions(world: World, sdk: Any) -> None:
    with mock(ArmMock(world)):
        with pytest.raises(ResourceExistsError):
            Legs(sdk, "sql0").request("failover_commit")
        with pytest.raises(ResourceNotFoundError):
            sdk.replication_jobs.get("rg", "v", "no-such-job")


def test_the_sdk_follows_pages(make_world: Any, make_estate: Any, sdk: Any) -> None:
    world = make_world(make_estate(classic=23, modernised=14))
    with mock(ArmMock(world, page_size=10)):
        names = [item.properties.friendly_name for item in sdk.replication_protected_items.list("rg", "v")]
    assert names == list(world.vault.items)


def test_the_same_request_after_a_failed_one_has_waited(world: World, make_sdk: Any) -> None:
    """A script that reads nothing between two tries would otherwise see one instant for ever."""
    with mock(ArmMock(world)):
        legs = Legs(make_sdk(), "sql0")
        steps = legs.classic()
        next(steps)
        next(steps)
        legs.settle("UnplannedFailoverCommitted")
        world.site.change("cs1", connected=False)
        world.env.process(back_in_ten_minutes(world))
        with pytest.raises(HttpResponseError):
            legs.go_home_classic()
        assert legs.go_home_classic().properties.protection_state == "InitialReplicationInProgress"


def back_in_ten_minutes(world: World) -> Generator[Event, Any, None]:
    yield world.env.timeout(600)
    world.site.change("cs1", connected=True)
