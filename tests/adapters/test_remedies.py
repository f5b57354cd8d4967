"""A remedy is looked at, sent once, and looked at again: whatever became of the reply, nothing is sent twice."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import requests

from failback.adapters import (
    AzureSettings,
    NotFixed,
    Pace,
    ReadOnly,
    RemedyClient,
    RemedySteps,
    ReplyLost,
    SiteRemedies,
    vault_steps,
)
from failback.reprotect import (
    Act,
    ApplyRemedy,
    Operation,
    RemedyAnswer,
    RemedyApplied,
    RemedyFailed,
    StartOperation,
    Unreachable,
    VsphereRefused,
    choose,
)
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import lab_settings, spec_of
from failback.simulator import World, WorldVault
from failback.simulator.arm import ArmMock, serve

DELETE = ApplyRemedy("web", "R04", Act.DELETE_SNAPSHOTS, "mt", None, "web/reprotect/R04/1")


class Site:
    """One act that can be seen or not, and what a test lets happen when it is sent."""

    def __init__(self, *looks: bool | Exception | None, sent: Exception | None = None) -> None:
        self.looks, self.error, self.sent = list(looks), sent, 0

    def holds(self, _: ApplyRemedy) -> bool | None:
        look = self.looks.pop(0)
        if isinstance(look, Exception):
            raise look
        return look

    def do(self, _: ApplyRemedy) -> None:
        self.sent += 1
        if self.error is not None:
            raise self.error

    def apply(self) -> RemedyAnswer:
        return SiteRemedies({Act.DELETE_SNAPSHOTS: RemedySteps(self.holds, self.do)}).apply(DELETE)


LOST = (ReplyLost("connection reset"), Unreachable("the vCenter is away"))
NO = (NotFixed("it is locked"), VsphereRefused("it is locked"))


def test_what_is_so_already_is_not_sent() -> None:
    site = Site(True)
    assert site.apply() == RemedyApplied("web", "R04", "mt", DELETE.key, already=True)
    assert site.sent == 0


def test_what_is_not_so_is_sent_once_and_looked_at() -> None:
    site = Site(False, True)
    assert site.apply() == RemedyApplied("web", "R04", "mt", DELETE.key, already=False)
    assert (site.sent, site.looks) == (1, [])


@pytest.mark.parametrize("lost", LOST, ids=lambda error: type(error).__name__)
def test_a_lost_reply_is_settled_by_a_look(lost: Exception) -> None:
    worked, failed = Site(False, True, sent=lost), Site(False, False, sent=lost)
    assert isinstance(worked.apply(), RemedyApplied)
    answer = failed.apply()
    assert isinstance(answer, RemedyFailed)
    assert "no answer came back" in answer.message
    assert (worked.sent, failed.sent) == (1, 1)


def test_what_was_answered_and_is_not_seen_has_failed() -> None:
    answer = Site(False, False).apply()
    assert isinstance(answer, RemedyFailed)
    assert "is not visible" in answer.message


def test_what_cannot_be_seen_has_worked_when_it_was_answered_and_not_when_the_reply_was_lost() -> None:
    assert isinstance(Site(None, None).apply(), RemedyApplied)
    assert isinstance(Site(None, None, sent=LOST[0]).apply(), RemedyFailed)


@pytest.mark.parametrize("no", NO, ids=lambda error: type(error).__name__)
def test_a_no_is_a_failure_with_its_reason(no: Exception) -> None:
    for site in (Site(False, sent=no), Site(no)):
        answer = site.apply()
        assert isinstance(answer, RemedyFailed)
        assert "it is locked" in answer.message


def test_where_not_even_the_first_look_is_answered_nothing_is_sent() -> None:
    site = Site(Unreachable("the vCenter is away"))
    answer = site.apply()
    assert isinstance(answer, RemedyFailed)
    assert "nothing was sent" in answer.message
    assert site.sent == 0


def test_where_the_second_look_is_not_answered_nobody_knows_and_the_run_ends() -> None:
    with pytest.raises(Unreachable):
        Site(False, Unreachable("the vCenter is away")).apply()


def test_what_nobody_can_carry_out_fails_and_says_so() -> None:
    answer = SiteRemedies().apply(DELETE)
    assert isinstance(answer, RemedyFailed)
    assert "no vCenter" in answer.message


@pytest.mark.parametrize(("seen", "answer"), [(True, RemedyApplied), (False, RemedyFailed), (None, RemedyFailed)])
def test_to_reconcile_is_to_look_and_never_to_send(seen: bool | None, answer: type) -> None:
    site = Site(seen)
    remedies = SiteRemedies({Act.DELETE_SNAPSHOTS: RemedySteps(site.holds, site.do)})
    assert isinstance(remedies.reconcile(DELETE), answer)
    assert site.sent == 0


# Against the mock, over the wire


class Lab:
    """A mock with one failed-over machine whose reprotect was refused, and remedies over the wire to it."""

    def __init__(self, story: str) -> None:
        self.scenario = load_scenario(resolve(story))
        self.world = World(spec_of(self.scenario))
        self.mock = ArmMock(self.world, epoch=self.scenario.starts_at, clock="step")
        self.vault = WorldVault(self.world)
        self.slept = 0

    def ask(self, operation: Operation) -> None:
        choices = choose(self.scenario.estate, self.scenario.plan, "app-01", operation)
        self.vault.perform(StartOperation("app-01", operation, choices, operation.value))
        while self.world.env.peek() < 3600 * 24 and self.world.vault.items["app-01"].job is not None:
            self.world.jump()

    def sleep(self, _: float) -> None:
        self.slept += 1


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Lab:
    made = Lab(request.param)
    for operation in (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
        made.ask(operation)
    return made


@pytest.fixture
def wired(lab: Lab) -> Iterator[tuple[Lab, SiteRemedies, RemedyClient]]:
    with serve(lab.mock) as served, closing(RemedyClient(lab_settings(lab.mock, served), Pace(1000.0))) as client:
        yield lab, SiteRemedies(vault_steps(client, lab.sleep)), client


STOPPED, SILENT = "replica_is_started_by_failback", "second_process_server_takes_over"
START = ApplyRemedy("app-01", "78093", Act.START_REPLICA, "app-01", None, "k")
SWITCH = ApplyRemedy("app-01", "806", Act.SWITCH_PROCESS_SERVER, "ps-azure-2", "ps-azure", "k")
REFRESH = ApplyRemedy("app-01", "M10", Act.REFRESH_PROVIDER, "cs-01", None, "k")
Wired = tuple[Lab, SiteRemedies, RemedyClient]


def asked(lab: Lab, operation: str) -> int:
    """How often the mock was asked for this operation, its refusals and lost replies among them."""
    return sum(1 for entry in lab.mock.inputs if operation in entry.url)


@pytest.mark.parametrize("lab", [STOPPED], indirect=True)
def test_the_azure_machine_is_started_and_another_client_sees_it_run(wired: Wired) -> None:
    lab, remedies, client = wired
    settings: AzureSettings = client._settings
    url = (
        f"{settings.endpoint}/subscriptions/{settings.subscription}/resourceGroups/{settings.resource_group}"
        "/providers/Microsoft.Compute/virtualMachines/app-01?api-version=2024-07-01&$expand=instanceView"
    )

    def power() -> str:
        read = requests.get(url, headers={"Authorization": "Bearer t"}, verify=settings.ca_file or True, timeout=10)
        return str(read.json()["properties"]["instanceView"]["statuses"][-1]["code"])

    assert power() == "PowerState/stopped"
    assert remedies.apply(START) == RemedyApplied("app-01", "78093", "app-01", "k")
    assert power() == "PowerState/running"
    assert remedies.apply(START) == RemedyApplied("app-01", "78093", "app-01", "k", already=True)
    assert asked(lab, "/start") == 1


@pytest.mark.parametrize("lab", [SILENT], indirect=True)
def test_the_machine_is_switched_and_the_item_shows_it(wired: Wired) -> None:
    lab, remedies, client = wired
    assert remedies.apply(SWITCH) == RemedyApplied("app-01", "806", "ps-azure-2", "k")
    item = client.below_vault("replicationProtectedItems")[0]
    shown = client.resource(str(item["id"]))["properties"]["providerSpecificDetails"]["processServerId"]
    assert shown == lab.mock.context.names.server_id("ps-azure-2")
    assert lab.world.vault.items["app-01"].choices.process_server == "ps-azure-2"


@pytest.mark.parametrize("lab", ["new_retention_drive_shows_after_a_refresh"], indirect=True)
def test_a_refresh_lets_the_drive_show(wired: Wired) -> None:
    lab, remedies, _ = wired

    def listed() -> object:
        return lab.world.site.estate.master_targets["mt-linux"].retention_drives[0].listed

    assert listed() is False
    assert remedies.apply(REFRESH) == RemedyApplied("app-01", "M10", "cs-01", "k")
    assert listed() is True


@pytest.mark.parametrize("lab", [STOPPED], indirect=True)
def test_a_reply_that_is_lost_on_the_wire_is_settled_by_a_read(wired: Wired) -> None:
    lab, remedies, _ = wired
    lab.mock.fault(kind="lost_reply", operation="compute: start machine")
    assert remedies.apply(START) == RemedyApplied("app-01", "78093", "app-01", "k")
    assert asked(lab, "/start") == 1


@pytest.mark.parametrize("lab", [STOPPED], indirect=True)
@pytest.mark.parametrize("fault", [{"kind": "dropped"}, {"kind": "status", "status": 503}], ids=["dropped", "503"])
def test_a_request_that_never_arrived_is_waited_for_and_not_sent_again(wired: Wired, fault: dict[str, object]) -> None:
    lab, remedies, _ = wired
    lab.mock.fault(operation="compute: start machine", **fault)
    answer = remedies.apply(START)
    assert isinstance(answer, RemedyFailed)
    assert "no answer came back" in answer.message
    assert lab.slept == 60
    assert lab.world.site.vm("app-01").azure.running is False


@pytest.mark.parametrize("lab", [STOPPED], indirect=True)
def test_what_azure_refuses_is_said_with_its_code(wired: Wired) -> None:
    lab, remedies, _ = wired
    lab.mock.fault(kind="status", operation="compute: start machine", status=403, code="AuthorizationFailed")
    answer = remedies.apply(START)
    assert isinstance(answer, RemedyFailed)
    assert "403 AuthorizationFailed" in answer.message


@pytest.mark.parametrize("lab", [STOPPED], indirect=True)
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (ApplyRemedy("app-01", "M10", Act.REFRESH_PROVIDER, "cs-99", None, "k"), "no configuration server cs-99"),
        (ApplyRemedy("app-01", "806", Act.SWITCH_PROCESS_SERVER, "ps-99", "ps-azure", "k"), "ps-99"),
        (ApplyRemedy("app-99", "78093", Act.START_REPLICA, "app-99", None, "k"), "app-99"),
    ],
)
def test_what_is_not_there_is_named(wired: Wired, command: ApplyRemedy, expected: str) -> None:
    answer = wired[1].apply(command)
    assert isinstance(answer, RemedyFailed)
    assert expected in answer.message


def test_a_live_vault_is_not_touched() -> None:
    client = RemedyClient(AzureSettings("s", "g", "v", credential="token", token="t"))
    with pytest.raises(ReadOnly, match="start of app-01"):
        client.post("start of app-01", "/subscriptions/s", "2024-07-01")


ACTS = ((STOPPED, START), (SILENT, SWITCH), ("new_retention_drive_shows_after_a_refresh", REFRESH))


def test_every_act_of_a_vault_is_tried_on_a_live_one() -> None:
    client = RemedyClient(AzureSettings("s", "g", "v", credential="token", token="t"))
    assert vault_steps(client).keys() == {command.act for _, command in ACTS}


@pytest.mark.parametrize(("lab", "command"), ACTS, indirect=["lab"], ids=[command.act.value for _, command in ACTS])
def test_no_act_reaches_a_vault_that_does_not_say_that_it_is_a_mock(wired: Wired, command: ApplyRemedy) -> None:
    lab, remedies, _ = wired
    handle = lab.mock.handle

    def silent(*request: Any) -> Any:
        answer = handle(*request)
        return replace(answer, headers=tuple(each for each in answer.headers if each[0] != "x-failback-mock"))

    lab.mock.handle = silent  # type: ignore[method-assign,assignment]  # the door calls it by its name
    before = len(lab.mock.inputs)
    with pytest.raises(ReadOnly, match="does not identify itself as a simulator"):
        remedies.apply(command)
    assert len(lab.mock.inputs) == before
