"""The vault's port over the real SDK and a small local service: what is sent, how often, and what becomes of it."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from failback.adapters import AzureSettings, NotUnderstood, ReadOnly, SiteRecoveryVault
from failback.reprotect import (
    Accepted,
    Choices,
    ItemSeen,
    JobSeen,
    JobState,
    Operation,
    Phase,
    RequestRefused,
    StartOperation,
    StartPlanOperation,
    Unanswered,
    Unreachable,
)

RECORDED = Path(__file__).parent / "recorded"
ENDPOINT = "https://127.0.0.1:7443"
OURS = "5d9a6f2e-0000-4000-8000-000000000001"
THEIRS = "5d9a6f2e-0000-4000-8000-0000000000ff"
Reply = tuple[int, dict[str, str], str]


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def as_listed(item: dict[str, Any]) -> dict[str, Any]:
    """Recorded: the list leaves blank what only a single GET fills."""
    listed = deepcopy(item)
    listed["properties"]["providerSpecificDetails"].update(protectedDisks=[], masterTargetId=None, osDetails=None)
    listed["properties"]["healthErrors"] = []
    return listed


def path_of(url: str) -> str:
    return url.removeprefix(ENDPOINT).partition("?")[0].casefold()


class Service:
    """Answers by path, counts what comes, and does to the next POST what a test says."""

    def __init__(self) -> None:
        self.items = [recorded("item_inmage_azure_v2"), recorded("item_inmage_rcm")]
        self.jobs: dict[str, Any] = {}
        self.plan: dict[str, Any] = {"name": "plan-1", "properties": {"friendlyName": "plan-1"}}
        self.calls: list[tuple[str, str]] = []
        self.bodies: list[Any] = []
        self.on_post: Callable[[requests.PreparedRequest], Reply] = lambda _: accepted()

    def get(self, request: requests.PreparedRequest) -> Reply:
        path = path_of(str(request.url))
        self.calls.append(("GET", path))
        found = self._found(path)
        if found is None:
            return 404, {}, json.dumps({"error": {"code": "ResourceNotFound", "message": "There is none."}})
        return 200, {"Content-Type": "application/json"}, json.dumps(found)

    def _found(self, path: str) -> Any:
        singles = {item["id"].casefold(): item for item in self.items}
        if path in singles:
            return singles[path]
        name = path.rpartition("/")[2]
        if "/replicationjobs/" in path:
            return self.jobs.get(name)
        if path.endswith("/replicationrecoveryplans/plan-1"):
            return self.plan
        lists: dict[str, Any] = {
            "replicationjobs": {"value": list(self.jobs.values()), "nextLink": None},
            "replicationprotecteditems": {"value": [as_listed(item) for item in self.items], "nextLink": None},
            "replicationprotectioncontainermappings": recorded(
                "mappings_rcm" if "/replication-fabric/" in path else "mappings_vmware"
            ),
            "replicationappliances": recorded("appliances"),
            "replication-fabric": recorded("fabric_rcm"),
            "3f1a" * 16: recorded("fabric_vmware"),
        }
        return lists.get(name)

    def post(self, request: requests.PreparedRequest) -> Reply:
        self.calls.append(("POST", path_of(str(request.url))))
        self.bodies.append(json.loads(request.body) if request.body else None)
        return self.on_post(request)

    def lock(self, job_id: str, scenario: str = "UnplannedFailover", at: int = 0) -> None:
        """The item shows a running job."""
        job = f"/Subscriptions/s/x/replicationJobs/{job_id}"
        self.items[at]["properties"]["currentScenario"] = {"scenarioName": scenario, "jobId": job, "startTime": None}

    def posts(self) -> int:
        return sum(method == "POST" for method, _ in self.calls)

    def gets(self) -> int:
        return sum(method == "GET" for method, _ in self.calls)


def accepted(**changed: str) -> Reply:
    """Recorded: 202, no body, addresses on another host, the request id sent twice."""
    host = "https://northeurope.management.azure.com/Subscriptions/s"
    headers = {
        "Location": f"{host}/replicationProtectedItems/i/operationresults/{OURS}?api-version=2025-08-01",
        "Azure-AsyncOperation": f"{host}/replicationOperationStatus/{OURS}?api-version=2025-08-01",
        "Retry-After": "30",
        "x-ms-request-id": f"/Subscriptions/s/replicationJobs/{OURS}, /Subscriptions/s/replicationJobs/{OURS}",
    }
    return 202, {key: value for key, value in (headers | changed).items() if value}, ""


@pytest.fixture
def service() -> Iterator[Service]:
    fake = Service()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_callback("GET", re.compile(f"{ENDPOINT}/.*"), as_mock(fake.get), content_type=None)
        mock.add_callback("POST", re.compile(f"{ENDPOINT}/.*"), as_mock(fake.post), content_type=None)
        yield fake


def as_mock(answer: Callable[[requests.PreparedRequest], Reply]) -> Callable[[requests.PreparedRequest], Reply]:
    """The same answers of a service that says that it is no live one."""

    def reply(request: requests.PreparedRequest) -> Reply:
        status, headers, body = answer(request)
        return status, headers | {"x-failback-mock": "asr"}, body

    return reply


SETTINGS = AzureSettings("c183865e-6077-46f2-a3b1-deb0f4f4650a", "dr-rg", "dr-vault", base_url=ENDPOINT)


@pytest.fixture
def vault(service: Service) -> SiteRecoveryVault:
    return SiteRecoveryVault(SETTINGS)


FAILOVER = StartOperation("web-01", Operation.FAILOVER, Choices(shut_down_source=True), "web-01/failover/1")
ACCEPTED = Accepted("web-01", Operation.FAILOVER, "web-01/failover/1", OURS)


def again(key: str) -> StartOperation:
    return StartOperation("web-01", Operation.FAILOVER, Choices(shut_down_source=True), key)


# Asking


def test_items_are_named_as_people_know_them(vault: SiteRecoveryVault) -> None:
    assert vault.items() == ("web-01", "app-01")


def test_items_that_vmware_replication_does_not_own_are_left_out(service: Service, vault: SiteRecoveryVault) -> None:
    service.items[1]["properties"]["providerSpecificDetails"]["instanceType"] = "HyperVReplicaAzure"
    assert vault.items() == ("web-01",)


def test_only_the_wanted_items_are_read(service: Service) -> None:
    assert SiteRecoveryVault(SETTINGS, names=["app-01"]).items() == ("app-01",)


def test_two_items_of_one_name_are_not_guessed_at(service: Service, vault: SiteRecoveryVault) -> None:
    service.items[1]["properties"]["friendlyName"] = "web-01"
    with pytest.raises(NotUnderstood, match="2 items named 'web-01'"):
        vault.items()


@pytest.mark.parametrize(
    "missing", [{}, {"Location": ""}, {"Location": "", "Azure-AsyncOperation": ""}], ids=["both", "async", "id"]
)
def test_an_accepted_request_names_its_job(service: Service, vault: SiteRecoveryVault, missing: dict[str, str]) -> None:
    service.on_post = lambda _: accepted(**missing)
    assert vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 1
    assert service.calls[-1][1].endswith("/unplannedfailover")
    assert service.bodies[0]["properties"]["failoverDirection"] == "PrimaryToRecovery"


def test_an_id_of_the_request_alone_names_no_job_and_the_item_tells(service: Service, vault: SiteRecoveryVault) -> None:
    def answer(_: requests.PreparedRequest) -> Reply:
        service.lock(OURS)
        alone = {"x-ms-request-id": "0b1c6a9e-7f0e-4f2b-9d2b-3a1f00000001"}
        return accepted(**{"Location": "", "Azure-AsyncOperation": ""}, **alone)

    service.on_post = answer
    assert vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 1


def test_the_same_key_is_sent_once(service: Service, vault: SiteRecoveryVault) -> None:
    assert vault.perform(FAILOVER) == vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 1


def test_a_bodiless_request_is_sent_without_a_body(service: Service, vault: SiteRecoveryVault) -> None:
    vault.perform(StartOperation("web-01", Operation.COMMIT_FAILOVER, Choices(), "k"))
    assert (service.bodies, service.calls[-1][1].endswith("/failovercommit")) == ([None], True)


def taken_then(
    service: Service, status: int, retry_after: str = "", scenario: str = "UnplannedFailover"
) -> Callable[[requests.PreparedRequest], Reply]:
    def post(_: requests.PreparedRequest) -> Reply:
        service.lock(OURS, scenario)
        headers = {"Retry-After": retry_after} if retry_after else {}
        return status, headers, json.dumps({"error": {"code": "InternalServerError", "message": "Oops."}})

    return post


@pytest.mark.parametrize("status", [500, 502, 503, 504, 409, 429, 408])
@pytest.mark.parametrize("retry_after", ["", "0", "1"])
def test_an_error_after_the_service_took_it_is_not_sent_again(
    service: Service, vault: SiteRecoveryVault, status: int, retry_after: str
) -> None:
    service.on_post = taken_then(service, status, retry_after)
    assert vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 1


def test_a_connection_dropped_after_the_service_took_it_is_reconciled(
    service: Service, vault: SiteRecoveryVault
) -> None:
    def post(_: requests.PreparedRequest) -> Reply:
        service.lock(OURS)
        raise requests.ConnectionError("Connection aborted.")

    service.on_post = post
    assert vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 1


def test_a_connection_dropped_before_leaves_it_unanswered(service: Service, vault: SiteRecoveryVault) -> None:
    def post(_: requests.PreparedRequest) -> Reply:
        raise requests.ConnectionError("Connection aborted.")

    service.on_post = post
    answer = vault.perform(FAILOVER)
    assert isinstance(answer, Unanswered)
    assert "no answer came back" in answer.message
    assert service.posts() == 1


def test_a_job_that_shows_late_is_found_by_the_next_try(service: Service, vault: SiteRecoveryVault) -> None:
    service.on_post = lambda _: (500, {}, "")
    assert isinstance(vault.perform(FAILOVER), Unanswered)
    service.lock(OURS)
    assert vault.perform(again("web-01/failover/2")) == Accepted(
        "web-01", Operation.FAILOVER, "web-01/failover/2", OURS
    )
    assert service.posts() == 1


def test_an_unanswered_key_is_looked_for_before_it_is_sent_again(service: Service, vault: SiteRecoveryVault) -> None:
    service.on_post = lambda _: (503, {}, "")
    assert isinstance(vault.perform(FAILOVER), Unanswered)
    service.on_post = lambda _: accepted()
    assert vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 2


def test_somebody_elses_job_is_not_ours(service: Service, vault: SiteRecoveryVault) -> None:
    service.lock(THEIRS)
    service.on_post = lambda _: (409, {}, json.dumps(recorded("refusal")))
    answer = vault.perform(FAILOVER)
    assert isinstance(answer, RequestRefused)
    assert vault.read(["web-01"])[0] == vault.read(["web-01"])[-1]


def test_a_job_of_another_kind_is_not_ours(service: Service, vault: SiteRecoveryVault) -> None:
    service.on_post = taken_then(service, 500, scenario="TestFailover")
    assert isinstance(vault.perform(FAILOVER), Unanswered)


def test_a_refusal_carries_the_code_of_its_first_detail(service: Service, vault: SiteRecoveryVault) -> None:
    service.on_post = lambda _: (409, {}, json.dumps(recorded("refusal")))
    message = "The operation is not allowed in the present state of the protected item."
    assert vault.perform(FAILOVER) == RequestRefused("web-01", Operation.FAILOVER, FAILOVER.key, "150261", message)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"error": {"code": "OperationNotAllowed", "message": "No."}}', "OperationNotAllowed"),
        ('{"code": "Flat", "message": "No."}', "Flat"),
        ("", "400"),
        ("<html>", "400"),
    ],
)
def test_other_error_bodies_are_read_as_they_come(
    service: Service, vault: SiteRecoveryVault, body: str, code: str
) -> None:
    service.on_post = lambda _: (400, {}, body)
    answer = vault.perform(FAILOVER)
    assert isinstance(answer, RequestRefused)
    assert answer.code == code


def test_an_unknown_item_is_refused_without_a_request(service: Service, vault: SiteRecoveryVault) -> None:
    answer = vault.perform(StartOperation("nobody", Operation.FAILOVER, Choices(), "k"))
    assert isinstance(answer, RequestRefused)
    assert (answer.code, service.posts()) == ("ResourceNotFound", 0)


def test_a_missing_choice_is_refused_without_a_request(service: Service, vault: SiteRecoveryVault) -> None:
    answer = vault.perform(StartOperation("web-01", Operation.REPROTECT_TO_ON_PREMISES, Choices(), "k"))
    assert isinstance(answer, RequestRefused)
    assert (answer.code, service.posts()) == ("MissingChoice", 0)
    assert "master_target" in answer.message


@pytest.mark.parametrize("status", [401, 403])
def test_no_permission_says_what_to_check(service: Service, vault: SiteRecoveryVault, status: int) -> None:
    service.on_post = lambda _: (status, {}, '{"error": {"code": "AuthorizationFailed", "message": "no"}}')
    with pytest.raises(Unreachable, match="Site Recovery Operator"):
        vault.perform(FAILOVER)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("tunnel", [False, True])
def test_a_live_vault_is_not_asked(operation: Operation, tunnel: bool) -> None:
    base_url = ENDPOINT if tunnel else ""
    live = SiteRecoveryVault(AzureSettings("s", "g", "v", token="t", base_url=base_url, tunnel=tunnel))
    with responses.RequestsMock():
        with pytest.raises(ReadOnly, match=f"{operation.value} of web-01"):
            live.perform(StartOperation("web-01", operation, Choices(), "k"))
        with pytest.raises(ReadOnly, match=f"{operation.value} of plan-1"):
            live.perform(StartPlanOperation("plan-1", ("web-01",), operation, Choices(), "k"))


def test_names_are_looked_up_in_the_fabric_once(service: Service, vault: SiteRecoveryVault) -> None:
    home = Choices(
        master_target="mt-windows", process_server="cs01", retention_drive="F", account="administrator-windows"
    )
    for n in "12":
        vault.perform(StartOperation("web-01", Operation.REPROTECT_TO_ON_PREMISES, home, n))
    details = service.bodies[-1]["properties"]["providerSpecificDetails"]
    assert (details["masterTargetId"], details["runAsAccountId"]) == ("91B2C3D4-5869-8E44-B8AF6AA66E3ECC91", "2")
    assert sum(path.endswith("3f1a") for _, path in service.calls) == 1


def test_a_modernised_reprotect_finds_its_appliance(service: Service, vault: SiteRecoveryVault) -> None:
    home = Choices(appliance="appliance-2", datastore="datastore1", log_storage_account="logs")
    answer = vault.perform(StartOperation("app-01", Operation.REPROTECT_TO_ON_PREMISES, home, "k"))
    assert isinstance(answer, Accepted)
    details = service.bodies[-1]["properties"]["providerSpecificDetails"]
    assert details["reprotectAgentId"] == "c3c3c3c3-0000-4000-8000-000000000002"


def test_a_request_of_an_earlier_run_is_looked_for_and_not_sent(service: Service, vault: SiteRecoveryVault) -> None:
    assert isinstance(vault.reconcile(FAILOVER), Unanswered)
    service.lock(OURS)
    assert vault.reconcile(FAILOVER) == ACCEPTED
    assert service.posts() == 0


def listed(job_id: str, scenario: str, at: str, target: str = "web-01") -> Any:
    properties = {"scenarioName": scenario, "state": "Succeeded", "startTime": at, "targetObjectName": target}
    return {"name": job_id, "id": f"/Subscriptions/s/replicationJobs/{job_id}", "properties": properties}


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ((), ACCEPTED),
        (("CommitFailover", "2026-06-05T20:00:00Z", "web-01"), Unanswered),
        (("CommitFailover", "2026-06-05T20:00:00Z", "app-01"), ACCEPTED),
        (("DiscoverReplica", "2026-06-05T20:00:00Z", "web-01"), ACCEPTED),
    ],
    ids=["newest", "another operation since", "of another item", "a job of the vault's own"],
)
def test_a_job_that_has_ended_since_is_found_in_the_list(
    service: Service, vault: SiteRecoveryVault, later: tuple[str, str, str] | tuple[()], expected: Any
) -> None:
    service.jobs[OURS] = listed(OURS, "UnplannedFailover", "2026-06-05T19:00:00Z")
    if later:
        service.jobs[THEIRS] = listed(THEIRS, *later)
    found = vault.reconcile(FAILOVER)
    assert type(found) is Unanswered if expected is Unanswered else found == expected
    assert service.posts() == 0


def test_a_job_that_was_ours_before_is_not_taken_for_the_answer_of_a_later_request(
    service: Service, vault: SiteRecoveryVault
) -> None:
    service.jobs[OURS] = listed(OURS, "UnplannedFailover", "2026-06-05T19:00:00Z")
    vault.adopt(Accepted("web-01", Operation.FAILOVER, "web-01/failover/1", OURS))
    assert isinstance(vault.reconcile(FAILOVER), Unanswered)


# Reading


def job(state: str = "InProgress", job_id: str = OURS) -> Any:
    found = recorded("job_reprotect_running")
    found["name"] = job_id
    found["properties"].update(state=state, stateDescription=state)
    return found


def test_a_job_comes_before_its_item(service: Service, vault: SiteRecoveryVault) -> None:
    vault.perform(FAILOVER)
    service.jobs[OURS] = job()
    service.lock(OURS)
    seen = vault.read(["app-01", "web-01"])
    assert [type(s) for s in seen] == [ItemSeen, JobSeen, ItemSeen]
    first, running, item = seen
    assert isinstance(first, ItemSeen)
    assert first.item == "app-01"
    assert running == JobSeen("web-01", Operation.FAILOVER, OURS, JobState.RUNNING, "Reprotecting virtual machine")
    assert isinstance(item, ItemSeen)
    assert item.phase is Phase.FAILING_OVER


def test_an_item_is_read_whole_where_the_list_is_blank(vault: SiteRecoveryVault) -> None:
    (item,) = vault.read(["web-01"])
    assert isinstance(item, ItemSeen)
    assert item.health_errors == (), "161011 is about test failovers"


def test_a_job_that_has_ended_is_told_again_and_not_read_again(service: Service, vault: SiteRecoveryVault) -> None:
    vault.perform(FAILOVER)
    service.jobs[OURS] = job("Succeeded")
    first = vault.read(["web-01"])
    assert vault.read(["web-01"]) == first
    assert sum("replicationjobs" in path for _, path in service.calls) == 1


def test_a_suspended_job_is_read_again(service: Service, vault: SiteRecoveryVault) -> None:
    vault.perform(FAILOVER)
    service.jobs[OURS] = job("Suspended")
    vault.read(["web-01"])
    service.jobs[OURS] = job("Succeeded")
    seen = vault.read(["web-01"])[0]
    assert isinstance(seen, JobSeen)
    assert seen.state is JobState.SUCCEEDED


def test_an_adopted_job_is_read(service: Service, vault: SiteRecoveryVault) -> None:
    vault.adopt(ACCEPTED)
    service.jobs[OURS] = job()
    assert isinstance(vault.read(["web-01"])[0], JobSeen)


def test_an_item_that_went_away_is_not_told(service: Service, vault: SiteRecoveryVault) -> None:
    vault.items()
    del service.items[0]
    assert vault.read(["web-01"]) == ()


def test_an_item_that_moved_is_found(service: Service, vault: SiteRecoveryVault) -> None:
    vault.items()
    service.items[0]["id"] = service.items[0]["id"].replace("0b6c7d5e", "1b6c7d5e")
    assert len(vault.read(["web-01"])) == 1


# Plans

PLAN = StartPlanOperation(
    "plan-1", ("web-01", "app-01"), Operation.FAILOVER, Choices(shut_down_source=True), "plan-1/1"
)
PLAN_JOB, FIRST, SECOND = (f"5d9a6f2e-0000-4000-8000-00000000000{n}" for n in (4, 5, 6))


@pytest.fixture
def running_plan(service: Service, vault: SiteRecoveryVault) -> SiteRecoveryVault:
    async_url = f"https://management.azure.com/replicationOperationStatus/{PLAN_JOB}?x=1"
    service.on_post = lambda _: accepted(**{"Location": "", "Azure-AsyncOperation": async_url})
    assert vault.perform(PLAN) == Accepted("plan-1", Operation.FAILOVER, "plan-1/1", PLAN_JOB)
    service.jobs = {
        PLAN_JOB: recorded("job_plan_running"),
        FIRST: job("Succeeded", FIRST),
        SECOND: job("InProgress", SECOND),
    }
    return vault


def test_a_plan_is_one_request(service: Service, running_plan: SiteRecoveryVault) -> None:
    assert service.posts() == 1
    providers = service.bodies[0]["properties"]["providerSpecificDetails"]
    assert [p["instanceType"] for p in providers] == ["InMageAzureV2", "InMageRcm"]


def test_a_plans_children_come_under_their_items(running_plan: SiteRecoveryVault) -> None:
    seen = running_plan.read(["plan-1", "web-01", "app-01"])
    found = [(s.subject, s.job_id) if isinstance(s, JobSeen) else s.item for s in seen]
    assert found == [("plan-1", PLAN_JOB), ("web-01", FIRST), "web-01", ("app-01", SECOND), "app-01"]
    plan, first = seen[0], seen[1]
    assert isinstance(plan, JobSeen)
    assert isinstance(first, JobSeen)
    assert (plan.task, plan.state, first.operation, first.state) == (
        "Group 2",
        JobState.RUNNING,
        Operation.FAILOVER,
        JobState.SUCCEEDED,
    )


def test_a_plan_is_read_once_for_all_of_its_items(service: Service, running_plan: SiteRecoveryVault) -> None:
    service.calls.clear()
    running_plan.read(["web-01", "app-01"])
    assert sum(path.endswith(PLAN_JOB) for _, path in service.calls) == 1


def test_a_child_that_has_not_begun_is_taken_when_it_has(service: Service, running_plan: SiteRecoveryVault) -> None:
    children = service.jobs[PLAN_JOB]["properties"]["tasks"][1]["groupTaskCustomDetails"]["childTasks"]
    entity = children[0]["customDetails"]["jobTask"]
    entity["jobId"], begun = "/Subscriptions/s/replicationJobs/None", entity["jobId"]
    assert [type(s) for s in running_plan.read(["app-01"])] == [ItemSeen]
    entity["jobId"] = begun
    assert [type(s) for s in running_plan.read(["app-01"])] == [JobSeen, ItemSeen]


def test_an_items_own_next_job_replaces_the_plans(service: Service, running_plan: SiteRecoveryVault) -> None:
    running_plan.read(["web-01"])
    service.on_post = lambda _: accepted()
    running_plan.perform(StartOperation("web-01", Operation.COMMIT_FAILOVER, Choices(), "k"))
    service.jobs[OURS] = job()
    seen = running_plan.read(["web-01"])[0]
    assert isinstance(seen, JobSeen)
    assert (seen.job_id, seen.operation) == (OURS, Operation.COMMIT_FAILOVER)


def test_an_unknown_plan_is_refused(vault: SiteRecoveryVault) -> None:
    answer = vault.perform(StartPlanOperation("plan-9", ("web-01",), Operation.FAILOVER, Choices(), "k"))
    assert isinstance(answer, RequestRefused)
    assert answer.code == "ResourceNotFound"


# What cannot be read


@pytest.mark.parametrize(
    ("status", "text"), [(401, "az account show"), (403, "Site Recovery Reader"), (400, "could not be read")]
)
def test_a_vault_that_does_not_answer_is_unreachable(status: int, text: str) -> None:
    with responses.RequestsMock() as mock:
        mock.get(re.compile(f"{ENDPOINT}/.*"), status=status, json={"error": {"code": "x", "message": "y"}})
        with pytest.raises(Unreachable, match=text):
            SiteRecoveryVault(SETTINGS).items()


def test_a_dropped_read_is_tried_again_and_then_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    with responses.RequestsMock() as mock:
        mock.get(re.compile(f"{ENDPOINT}/.*"), body=requests.ConnectionError("refused"))
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
            SiteRecoveryVault(SETTINGS).items()
        assert len(mock.calls) == 4


@pytest.fixture
def lost_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteRecoveryVault:
    """A vault whose file of certificates vanishes after the start, as that of a mock does when it ends."""
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    ca_file = tmp_path / "ca.pem"
    ca_file.touch()
    vault = SiteRecoveryVault(AzureSettings("s", "g", "v", ENDPOINT, token="t", ca_file=str(ca_file)))
    ca_file.unlink()
    return vault


def test_a_vault_whose_certificates_are_gone_is_unreachable(lost_certificates: SiteRecoveryVault) -> None:
    with pytest.raises(Unreachable, match=r"CA certificate bundle.*ca\.pem"):
        lost_certificates.items()


def test_plain_http_on_loopback_carries_the_token() -> None:
    settings = AzureSettings("s", "g", "v", base_url="http://127.0.0.1:7001", token="hunter2")
    with responses.RequestsMock() as mock:
        mock.get(re.compile("http://127.0.0.1:7001/.*"), json={"value": [], "nextLink": None})
        assert SiteRecoveryVault(settings).items() == ()
        assert mock.calls[0].request.headers["Authorization"] == "Bearer hunter2"


def test_the_pace_that_the_vault_asks_for_is_kept(service: Service, vault: SiteRecoveryVault) -> None:
    assert vault.retry_after_s is None
    with responses.RequestsMock() as mock:
        mock.add_callback("GET", re.compile(f"{ENDPOINT}/.*"), lambda r: _paced(service.get(r)), content_type=None)
        vault.read(["web-01"])
    assert vault.retry_after_s == 17.0


def _paced(reply: Reply) -> Reply:
    return reply[0], reply[1] | {"Retry-After": "17"}, reply[2]


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "body", [DEEP, '{"error": ' + DEEP, "\ud800"], ids=["deep", "deep in an error", "half a character"]
)
@pytest.mark.parametrize("status", [202, 409, 500])
def test_an_answer_that_cannot_be_read_is_no_answer_and_the_item_tells(
    status: int, body: str, service: Service, vault: SiteRecoveryVault
) -> None:
    def post(_: requests.PreparedRequest) -> Reply:
        service.lock(OURS)
        headers = {"Content-Type": "application/json"}
        return status, headers, body.encode("utf-8", "surrogatepass")  # type: ignore[return-value]  # bytes, as sent

    service.on_post = post
    assert vault.perform(FAILOVER) == ACCEPTED
    assert service.posts() == 1
