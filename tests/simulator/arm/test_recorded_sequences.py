"""The requests that were recorded against a vault, asked of the mock: statuses, jobs, tasks, states, step by step."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

DATA: Final = yaml.safe_load((Path(__file__).parent / "recorded_sequences.yaml").read_text(encoding="utf-8"))
SEQUENCES: Final = DATA["sequences"]
GUID: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Recording:
    """One machine's way, asked of one mock."""

    def __init__(self, call: Any, machine: str) -> None:
        names, self.call, self.machine = call.arm.context.names, call, machine
        self.path = call.item_path(machine)
        container = self.path.partition("/replicationProtectedItems")[0]
        out, home = (
            m["properties"]["policyId"]
            for m in call.get(f"{container}/replicationProtectionContainerMappings")["value"]
        )
        site = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.OffAzure/VMwareSites/site/runAsAccounts"
        self.words = {
            "POLICY": out,
            "HOME_POLICY": home,
            "FABRIC": self.path.partition("/replicationProtectionContainers")[0],
            "MASTER_TARGET": names.server_id("mt-win"),
            "PROCESS_SERVER": names.server_id("ps-site"),
            "ACCOUNT": "1",
            "AGENT": names.component("box1", "reprotect-agent"),
            "APPLIANCE_SERVER": names.component("box1", "process-server"),
            "LOGS": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/logs",
            "SITE_ACCOUNT": call.get(site)["value"][0]["id"],
        }

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.filled(inner) for key, inner in value.items()}
        return self.words.get(value, value) if isinstance(value, str) else value

    def ask(self, step: Any) -> str:
        """Send the step's request; its job's path."""
        body = {"properties": self.filled(step["body"])} if "body" in step else None
        answer = self.call("POST", f"{self.path}/{step['ask']}", body)
        assert (answer.status, answer.body) == (202, None), answer.body
        ids = [value for name, value in answer.headers if name == "x-ms-request-id"]
        assert len(ids) == 2
        assert ids[0] == ids[1]
        assert answer.header("Retry-After") == "30"
        assert answer.header("Location").partition("?")[0].endswith("/operationresults/" + ids[0].rpartition("/")[2])
        assert "/replicationOperationStatus/" in answer.header("Azure-AsyncOperation")
        return str(ids[0])

    def looks(self, job: str) -> Iterator[Any]:
        """What a client that looks all the time would see of the job, until it is over."""
        while True:
            seen = self.call.get(job)["properties"]
            yield seen
            if "endTime" in seen:
                return
            self.call.arm.world.jump()

    def settle(self) -> None:
        while not self.call.arm.world.is_over:
            self.call.arm.world.jump()


def tasks_of(job: Any) -> list[str]:
    def id_of(task: Any) -> str:
        return (
            "-"
            if GUID.fullmatch(task["taskId"]) or (task["taskId"] == task["name"] and task["name"] in NO_ID)
            else task["taskId"]
        )

    return [" / ".join((t["name"], t["friendlyName"], id_of(t), state_of(t))) for t in job["tasks"]]


NO_ID: Final = ("CancelFailoverPreflightChecksTask", "CancelFailoverRecovery", "StartVmOnPrimary")
"""Their ids were not seen; a name stands there until they are."""


def state_of(thing: Any) -> str:
    done = thing["state"] not in ("NotStarted", "InProgress")
    return f"{thing['state']} {thing['stateDescription']}" if done else str(thing["state"])


def check_job(recording: Recording, wanted: Any, looks: list[Any]) -> None:
    first, last = looks[0], looks[-1]
    assert {(look["scenarioName"], look["friendlyName"]) for look in looks} == {(wanted["scenario"], wanted["shown"])}
    assert (first["allowedActions"], last["allowedActions"]) == (["Cancel"], [])
    assert (last["state"], last["stateDescription"]) == ("Succeeded", "Completed")
    assert wanted["first"] in [tasks_of(look) for look in looks]
    if "last" in wanted:
        assert tasks_of(last) == wanted["last"]
    check_details(recording, wanted, looks)
    children = wanted.get("children", {})
    seen = {task["name"]: task["groupTaskCustomDetails"] for task in last["tasks"]}
    for task, scenario in children.items():
        (child,) = seen[task]["childTasks"]
        assert child["customDetails"]["jobTask"]["jobScenarioName"] == scenario
    if children:
        assert {name for name, group in seen.items() if group} == set(children)


def check_details(recording: Recording, wanted: Any, looks: list[Any]) -> None:
    details = [look["customDetails"] for look in looks]
    assert {one["instanceType"] for one in details} == {wanted["details"]}
    affected = details[-1]["affectedObjectDetails"]
    if "capitals" in wanted:
        assert affected
        assert all(key[0].isupper() for key in affected)
        new = [one["newReplicationProtectedItemId"] for one in details]
        assert new[0] is None
        assert new[-1].startswith("/subscriptions/")
        assert any(one is not None for look, one in zip(looks, new, strict=True) if look["state"] == "InProgress")
        assert new[-1].lower() == recording.path.lower()
        check_affected(affected, recording)
    else:
        assert affected == {}
    if "protected" in wanted:
        assert {str(one["protectedItemDetails"]) for one in details} == {"[]"}


def check_affected(affected: dict[str, str], recording: Recording) -> None:
    """Recorded in short: both sides are the fabric on site."""
    assert (affected["PrimaryVmName"], affected["RecoveryVmName"]) == (recording.machine, recording.machine)
    parts = ("VmId", "VmName", "CloudId", "CloudName", "VmmId", "VmmName", "FabricProviderId")
    assert affected.keys() == {f"{s}{part}" for s in ("Primary", "Recovery") for part in parts}
    assert affected["PrimaryCloudId"] == f"cloud_{affected['PrimaryVmmId']}"
    assert affected["PrimaryFabricProviderId"] in ("VMware", "InMageRcm")


def check_item(recording: Recording, wanted: Any) -> None:
    item = recording.call.item(recording.machine)
    seen = (item["protectionState"], item["protectionStateDescription"], item["activeLocation"])
    assert seen == (wanted["state"], wanted["shown"], wanted["active"])
    assert item["allowedOperations"] == wanted["allowed"]
    details = item["providerSpecificDetails"]
    assert details["instanceType"] == wanted["provider"]
    assert {key: details.get(key) for key in wanted.get("details", {})} == wanted.get("details", {})
    keys = {
        "recoveryFabricId": "recoveryFabricId",
        "point": "failoverRecoveryPointId",
        "policy": "policyId",
        "protectable": "protectableItemId",
    }
    for name, key in keys.items():
        if name in wanted:
            assert item[key] == recording.filled(wanted[name]), key
    if "scenario" in wanted:
        assert item["currentScenario"]["scenarioName"] == wanted["scenario"]


def check_later(recording: Recording, wanted: Any) -> None:
    """Jobs that the vault ran of itself afterwards, the newest first in its list."""
    jobs = [job["properties"] for job in recording.call.get("replicationJobs")["value"]]
    own = [(job["scenarioName"], job["friendlyName"]) for job in jobs]
    assert list(reversed(own[: len(wanted)])) == list(wanted.items())


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_recorded_way_is_answered_as_it_was_recorded(name: str, call: Any) -> None:
    recording = Recording(call, SEQUENCES[name]["machine"])
    check_item(recording, SEQUENCES[name]["before"])
    for step in SEQUENCES[name]["steps"]:
        job = recording.ask(step)
        check_job(recording, step["job"], list(recording.looks(job)))
        if "between" in step:
            check_item(recording, step["between"])
        recording.settle()
        check_later(recording, step.get("later", {}))
        if "item" in step:
            check_item(recording, step["item"])


def test_an_order_to_shut_down_is_carried_out(call: Any) -> None:
    """The recorded ones said NotRequired and False, and their tasks were skipped; these say the opposite."""
    for machine, details in (
        ("sql0", {"instanceType": "InMageAzureV2"}),
        ("web0", {"instanceType": "InMageRcm", "performShutdown": "True"}),
    ):
        recording = Recording(call, machine)
        body = {
            "failoverDirection": "PrimaryToRecovery",
            "sourceSiteOperations": "Required",
            "providerSpecificDetails": details,
        }
        last = list(recording.looks(recording.ask({"ask": "unplannedFailover", "body": body})))[-1]
        assert {state_of(task) for task in last["tasks"]} == {"Succeeded Completed"}
