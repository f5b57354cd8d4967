"""The Python SDK's async client, unmodified and with default options, against the mock over TLS."""

import asyncio
import time
from typing import Any

from azure.core.credentials import AccessToken
from azure.mgmt.recoveryservicessiterecovery.aio import SiteRecoveryManagementClient

from failback.simulator.arm import ArmMock, Served

LEG_MAX_S = 2.0
LOGS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs"


class Credential:
    async def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        return AccessToken("token", 2**33)

    async def close(self) -> None:
        return None

    async def __aenter__(self) -> "Credential":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def test_the_async_client_goes_all_six_legs(served: Served, one_vm: ArmMock) -> None:
    took_s = asyncio.run(six_legs(served, one_vm))
    print({name: round(seconds, 3) for name, seconds in took_s.items()})  # noqa: T201  (pytest -s shows it)
    assert len(took_s) == 6
    assert max(took_s.values()) < LEG_MAX_S
    assert [item.phase.value for item in one_vm.world.vault.items.values()] == ["replicating_to_azure"]


async def six_legs(served: Served, arm: ArmMock) -> dict[str, float]:
    verify = str(served.ca_file)
    async with SiteRecoveryManagementClient(
        Credential(), arm.subscription, served.base_url, connection_verify=verify
    ) as client:
        vault = (arm.resource_group, arm.vault_name)
        (item,) = [str(item.id) async for item in client.replication_protected_items.list(*vault)]
        where = (*vault, *item.split("/")[10:15:2])
        return await Legs(client, vault, where).go()


class Legs:
    def __init__(self, client: SiteRecoveryManagementClient, vault: tuple[str, ...], where: tuple[str, ...]) -> None:
        anything: Any = client
        self._client, self._items, self._vault, self._where = anything, client.replication_protected_items, vault, where
        self._took_s: dict[str, float] = {}

    async def go(self) -> dict[str, float]:
        fabric: Any = (
            await self._client.replication_fabrics.get(*self._vault, self._where[2])
        ).properties.custom_details
        agent, server = fabric.reprotect_agents[0], fabric.process_servers[0]
        home = {
            "reprotectAgentId": agent.id,
            "datastoreName": agent.accessible_datastores[0],
            "logStorageAccountId": LOGS,
        }
        again = {"processServerId": server.id, "policyId": await self._policy("InMageRcm")}
        await self._leg("unplanned_failover", "PrimaryToRecovery", instanceType="InMageRcm", performShutdown="true")
        await self._leg("failover_commit")
        await self._settle("UnplannedFailoverCommitted")
        await self._leg("reprotect", "RecoveryToPrimary", instanceType="InMageRcm", **home)
        await self._settle("Protected")
        await self._leg("planned_failover", instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent")
        await self._leg("failover_commit", again="_back")
        await self._settle("PlannedFailoverCommitted")
        await self._leg("reprotect", again="_out", instanceType="InMageRcmFailback", **again)
        await self._settle("Protected")
        return self._took_s

    async def _policy(self, kind: str) -> str:
        listed = [policy async for policy in self._client.replication_policies.list(*self._vault)]
        return next(str(p.id) for p in listed if p.properties.provider_specific_details["instanceType"] == kind)

    async def _leg(self, verb: str, direction: str | None = None, again: str = "", **details: str) -> None:
        properties = {"providerSpecificDetails": details} | ({"failoverDirection": direction} if direction else {})
        body = [{"properties": properties}] if details else []
        began_s = time.perf_counter()
        poller = await getattr(self._items, f"begin_{verb}")(*self._where, *body)
        await poller.result()
        self._took_s[verb + again] = time.perf_counter() - began_s

    async def _settle(self, state: str) -> None:
        for _ in range(200):
            seen: Any = (await self._items.get(*self._where)).properties
            registered = seen.provider_specific_details["isAgentRegistrationSuccessfulAfterFailover"]
            if seen.protection_state == state and registered:
                return
        raise AssertionError(f"never {state}")
