"""A live vault is changed with all consent and not otherwise: the command line against a mock that counts as live."""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any, Final

import pytest
from azure.core.credentials import AccessToken

from failback.reprotect import Line
from failback.scenarios import load_scenario
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import Response, serve

from .consent_site import AZURE, SETTINGS, TWO_WAVES, ConsentSite, listen, settings_of

ALL_LEGS: Final = "reprotect_to_on_premises,failback,reprotect_to_azure,commit_failback"


@contextmanager
def live_vault(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[ConsentSite]:
    """A vault with the machines of the scenario in this folder."""
    mock = mock_of(load_scenario(folder / "s.yaml"), "poll")
    with serve(mock, tls=False) as served:
        (folder / "settings.yaml").write_text(settings_of(mock, served), encoding="utf-8")
        found = ConsentSite(mock, served, folder, patch)
        listen(found)
        yield found


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an estate that was rehearsed, checked and approved; made once, since it takes a second."""
    folder = tmp_path_factory.mktemp("proofs")
    (folder / "s.yaml").write_text(TWO_WAVES, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, live_vault(folder, patch) as site:
        site.has_all_consent()
        (folder / "name").write_text(site.name_of_approval, encoding="utf-8")
    return folder


@pytest.fixture
def vault(proofs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConsentSite]:
    """A vault like that one, in which nothing has happened yet but Bob's approval. Alice is signed in."""
    folder = tmp_path / "night"
    copytree(proofs, folder)
    with live_vault(folder, monkeypatch) as site:
        site.is_approved_by("bob")
        yield site


def phases(vault: ConsentSite) -> list[str]:
    return [item.phase.value for item in vault.mock.world.vault.items.values()]


def test_with_one_leg_open_a_machine_that_is_left_of_the_plan_takes_that_leg_and_no_other(vault: ConsentSite) -> None:
    without_the_second_machine(vault)
    assert vault.runs() == 0
    assert phases(vault) == ["replicating_to_on_premises", "failover_committed"]
    assert {change.split("?")[0].rsplit("/", 1)[1] for change in vault.changes()} == {"reProtect"}
    kept = [json.loads((vault.folder / f"night/{name}.json").read_text("utf-8"))["label"] for name in ("run", "result")]
    assert kept == ["live", "live"]


def without_the_second_machine(vault: ConsentSite) -> None:
    lines = (line for line in TWO_WAVES.splitlines() if "{name: app-02" not in line)
    text = "\n".join(lines).replace(", {name: second, items: [app-02]}", "")
    (vault.folder / "s.yaml").write_text(text, encoding="utf-8")


def test_a_wave_does_not_begin_by_a_check_that_is_an_hour_old_and_goes_on_after_another(
    vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert vault.runs(ALL_LEGS) == 2
    assert "check's age: it is" in capsys.readouterr().err
    assert phases(vault)[1] == "failover_committed"
    vault.checks()
    assert vault.resumes(ALL_LEGS) == 0
    assert phases(vault)[1] == "replicating_to_azure"


# One thing is missing


def edited(vault: ConsentSite) -> None:
    text = TWO_WAVES.replace("plan:\n", "plan:\n  attempts_max: 9\n")
    (vault.folder / "s.yaml").write_text(text, encoding="utf-8")


def edited_and_rehearsed_and_checked_anew(vault: ConsentSite) -> None:
    edited(vault)
    vault.rehearses()
    vault.checks()


def without_permission(vault: ConsentSite) -> None:
    (vault.folder / "settings.yaml").write_text(
        settings_of(vault.mock, vault.served, allow_changes=False), encoding="utf-8"
    )


def approved_by(who: str) -> Callable[[ConsentSite], None]:
    return lambda vault: vault.is_approved_by(who)


def a_day_passes(vault: ConsentSite) -> None:
    vault.mock.world.catch_up(vault.mock.world.env.now + 86400)
    vault.checks()


def unknown_again(vault: ConsentSite) -> None:
    (vault.folder / "accept.yaml").unlink()
    vault.checks()


def check_from_the_future(vault: ConsentSite) -> None:
    vault.mock.world.catch_up(vault.mock.world.env.now + 60)
    path = vault.folder / "check/check.json"
    value = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(value | {"at": "2026-06-05T21:00:00+00:00"}), encoding="utf-8")


def check_whose_plan_was_edited(vault: ConsentSite) -> None:
    path = vault.folder / "check/check.json"
    path.write_text(path.read_text("utf-8").replace('"attempts_max": 3', '"attempts_max": 9'), encoding="utf-8")


def rehearsal_whose_plan_was_edited(vault: ConsentSite) -> None:
    path = vault.folder / "rehearsal/scenario.json"
    path.write_text(path.read_text("utf-8").replace('"attempts_max":3', '"attempts_max":9'), encoding="utf-8")


def edited_and_checked_anew(old: str, new: str) -> Callable[[ConsentSite], None]:
    """The scenario has something else, and the check of it is as it was; the rehearsal is the approved one."""

    def edit(vault: ConsentSite) -> None:
        assert old in TWO_WAVES
        (vault.folder / "s.yaml").write_text(TWO_WAVES.replace(old, new), encoding="utf-8")
        vault.checks()

    return edit


def check_of_another_plan(vault: ConsentSite) -> None:
    edited(vault)
    vault.checks()
    (vault.folder / "s.yaml").write_text(TWO_WAVES, encoding="utf-8")


def approval_that_was_typed(vault: ConsentSite) -> None:
    """The file says who approved it; Azure's log does not."""
    vault.mock.context.resources.log.clear()
    path = vault.folder / "approval.json"
    value = json.loads(path.read_text("utf-8"))
    claims = {"http://schemas.microsoft.com/identity/claims/objectidentifier": "bob"}
    path.write_text(json.dumps({**value, "claims": claims, "status": {"value": "Succeeded"}}), encoding="utf-8")
    vault.puts_deployment(vault.name_of_approval)


LACKS: Final[dict[str, tuple[Callable[[ConsentSite], object], str]]] = {
    "the settings' permission": (without_permission, "permission: the settings do not contain"),
    "a plan as it was rehearsed": (edited, "rehearsal: it was made for another plan"),
    "an approval of the edited plan": (
        edited_and_rehearsed_and_checked_anew,
        "approval: Azure's activity log has no approval",
    ),
    "a rehearsal that nobody edited": (rehearsal_whose_plan_was_edited, "edited afterwards"),
    "a check that nobody edited": (check_whose_plan_was_edited, "check: DIR/check/check.json was edited"),
    "a check of now": (lambda v: v.mock.world.catch_up(v.mock.world.env.now + 3700), "check's age: it is"),
    "a check that is not from the future": (check_from_the_future, "in the future"),
    "a check of this plan": (check_of_another_plan, "check: it was made for another plan"),
    "the datastore that was approved": (
        edited_and_checked_anew("capacity_gib: 4096", "capacity_gib: 4096, vsphere_name: another"),
        "rehearsal: it was made for another plan (it had other datastore names)",
    ),
    "the server that was approved": (
        edited_and_checked_anew("{name: appliance-01,", "{name: appliance-01, vault_name: another,"),
        "rehearsal: it was made for another plan (it had other appliances, it had other vault names)",
    ),
    "an approval in Azure's log": (approval_that_was_typed, "approval: it is by the person who runs"),
    "accepted unknowns": (unknown_again, "unknown and not accepted"),
    "an approval by somebody else": (approved_by("alice"), "approval: it is by the person who runs"),
    "an approval by a person": (approved_by("app:robot"), "approval: it is by a program"),
    "an approval by somebody who signed in": (approved_by(""), "approval: Azure's activity log has no approval"),
    "an approval that still holds": (a_day_passes, "approval: it has expired"),
    "a person who runs": (lambda v: v.signs_in("app:robot"), "who runs: a program is signed in"),
    "a token that can be read": (lambda v: v.signs_in(""), "who runs: The access token cannot be read"),
}


@pytest.mark.parametrize("lack", LACKS)
def test_nothing_is_sent_without(lack: str, vault: ConsentSite, capsys: pytest.CaptureFixture[str]) -> None:
    break_it, words = LACKS[lack]
    break_it(vault)
    capsys.readouterr()
    assert vault.runs() == 2
    said = capsys.readouterr().err
    assert words.replace("DIR", str(vault.folder)) in said
    assert said.count("\n") == 1
    assert vault.changes() == []


TYPED: Final = {
    "another vault's name": ({"vault_name": "vault2"}, "vault's name: the vault in the settings is not"),
    "no legs": ({"legs": ""}, "legs: no leg is open"),
    "the commit first": ({"legs": "commit_failback"}, "legs are opened in the order"),
    "no rehearsal": ({"rehearsed": ""}, "rehearsal: none was given"),
    "no check": ({"checked": ""}, "check: none was given"),
    "a folder that is no check": ({"checked": "DIR/rehearsal"}, "check.json cannot be read"),
    "a folder that is no run": ({"rehearsed": "DIR/check"}, "holds no run"),
}


@pytest.mark.parametrize("typed", TYPED)
def test_nothing_is_sent_where_somebody_types(
    typed: str, vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    given, words = TYPED[typed]
    assert vault.runs(**given) == 2
    assert words in capsys.readouterr().err
    assert vault.changes() == []


def test_one_person_alone_changes_nothing_with_all_that_can_be_typed(
    vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    vault.rehearses()
    vault.checks()
    vault.mock.context.resources.log.clear()
    vault.approves()
    vault.puts_deployment(vault.name_of_approval)
    capsys.readouterr()
    assert vault.runs() == 2
    assert "Consent is missing: (1) approval: it is by the person who runs" in capsys.readouterr().err
    assert vault.changes() == []


def test_a_token_that_azure_refuses_is_nobodys(
    vault: ConsentSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An `az` of one's own can print any name; with it, Alice would have had Alice's approval of what Alice runs."""
    vault.is_approved_by("alice")
    forged = vault.mock.token_of("somebody else")
    monkeypatch.setattr("failback.adapters.consent_client.credential_of", lambda _: OwnAz(forged))
    handle = vault.mock.handle

    def as_azure(method: str, url: str, headers: Any, body: bytes) -> Response:
        sent = {name.casefold(): value for name, value in headers.items()}.get("authorization", "")
        if sent == f"Bearer {forged}":
            return Response(401, (("Content-Type", "application/json"),), b'{"error": {"code": "InvalidToken"}}')
        return handle(method, url, headers, body)

    monkeypatch.setattr(vault.mock, "handle", as_azure)
    assert vault.runs() == 2
    assert "who runs: " in capsys.readouterr().err
    assert vault.changes() == []


class OwnAz:
    """What somebody puts in the place of the Azure CLI."""

    def __init__(self, token: str) -> None:
        self._token = AccessToken(token, 2_000_000_000)

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return self._token


def test_all_that_is_missing_is_said_at_once(vault: ConsentSite, capsys: pytest.CaptureFixture[str]) -> None:
    without_permission(vault)
    assert vault.types("run", "DIR/s.yaml", "--world", "azure", "--settings", "DIR/settings.yaml") == 2
    said = capsys.readouterr().err
    rows = ("permission", "vault's name", "legs", "rehearsal", "check", "who runs", "approval")
    assert [row for row in rows if f") {row}: " not in said] == []
    assert vault.changes() == []


@pytest.mark.parametrize(
    ("name", "command"),
    [
        (
            "approval.json",
            ("approve", "DIR/rehearsal", "--settings", "DIR/settings.yaml", "--out", "DIR/approval.json"),
        ),
        (
            "check/check.json",
            ("check", "DIR/s.yaml", "--world", "azure", "--settings", "DIR/settings.yaml", "--out", "DIR/check"),
        ),
    ],
)
def test_a_file_of_somebody_else_is_not_replaced_by(name: str, command: tuple[str, ...], vault: ConsentSite) -> None:
    (vault.folder / name).write_text("{}", encoding="utf-8")
    assert vault.types(*command) == 2
    assert (vault.folder / name).read_text("utf-8") == "{}"


def full_disk(patch: pytest.MonkeyPatch, name: str = "", after: Callable[[], bool] = lambda: True) -> None:
    """No file can be kept any more, or none of this name."""
    sync = os.fsync

    def full(handle: int) -> None:
        if after() and Path(f"/proc/self/fd/{handle}").readlink().name.startswith(name):
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    patch.setattr(os, "fsync", full)


linux = pytest.mark.skipif(sys.platform != "linux", reason="tells by /proc which file is meant")


@linux
@pytest.mark.parametrize("earlier", [False, True], ids=["alone", "over an earlier one"])
def test_on_a_full_disk_no_half_approval_is_left_and_an_earlier_one_stays(
    earlier: bool, vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    file = vault.folder / "approval.json"
    before = file.read_bytes() if earlier else None
    if not earlier:
        file.unlink()
    vault.signs_in("bob")
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch)
        assert vault.types("approve", "DIR/rehearsal", *SETTINGS, "--out", "DIR/approval.json") == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "No space left on device" in said.err
    assert "az rest" not in said.out, "there is nothing to send"
    assert (file.read_bytes() if file.exists() else None) == before
    assert vault.changes() == []


@linux
def test_on_a_full_disk_a_check_leaves_the_earlier_proof_as_it_was(
    vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (vault.folder / "check/check.json").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch)
        assert vault.types("check", "DIR/s.yaml", *AZURE, "--out", "DIR/check") == 2
    assert "No space left on device" in capsys.readouterr().err
    assert (vault.folder / "check/check.json").read_bytes() == before


@linux
@pytest.mark.parametrize("sent", [0, 1, 2])
def test_a_disk_that_gets_full_ends_a_run_with_all_consent_before_its_next_change(
    sent: int, vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    without_the_second_machine(vault)
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch, "history.jsonl", lambda: len(vault.changes()) >= sent)
        assert vault.runs(ALL_LEGS) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if "No space left on device" in line]
    assert len(said) == 1
    assert "so nothing more was asked of anybody" in said[0]
    assert len(vault.changes()) == sent
    vault.checks()
    assert vault.resumes(ALL_LEGS) == 0
    assert phases(vault)[0] == "replicating_to_azure"
    assert [verb(each) for each in vault.changes()] == ["reProtect", "plannedFailover", "failoverCommit", "reProtect"]


def test_a_program_cannot_approve_and_an_approval_holds_for_three_days_at_most(vault: ConsentSite) -> None:
    given = ("approve", "DIR/rehearsal", "--settings", "DIR/settings.yaml", "--out", "DIR/other.json")
    assert vault.types(*given, "--hours", "73") == 2
    vault.signs_in("app:robot")
    assert vault.types(*given) == 2
    assert not (vault.folder / "other.json").exists()
    assert vault.changes() == []


def test_consent_is_not_given_for_a_simulated_world(vault: ConsentSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert vault.types("run", "DIR/s.yaml", "--vault-name", "vault") == 2
    assert "for world azure only" in capsys.readouterr().err


def test_consent_is_refused_where_every_endpoint_is_a_simulator(
    vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    path = vault.folder / "settings.yaml"
    path.write_text(path.read_text("utf-8").replace('"tunnel": true', '"tunnel": false'), encoding="utf-8")
    assert vault.runs() == 2
    assert "every endpoint in the settings is a simulator" in capsys.readouterr().err
    assert vault.changes() == []


def test_a_run_against_a_mock_that_goes_on_in_a_live_vault_needs_consent_and_is_called_live(
    vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """Settings that say tunnel only when the run is resumed, and the other way round, open nothing."""
    settings = vault.folder / "settings.yaml"
    declared = settings.read_text("utf-8")
    settings.write_text(declared.replace('"tunnel": true', '"tunnel": false'), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        interrupted_after(patch, 3)
        plain = ("--settings", "DIR/settings.yaml", "--out", "DIR/night")
        assert vault.types("run", "DIR/s.yaml", "--world", "azure", *plain) == 4
    sent = list(vault.changes())
    settings.write_text(declared, encoding="utf-8")
    capsys.readouterr()
    assert vault.types("resume", "DIR/night", *SETTINGS) == 2
    assert "Consent is missing: " in capsys.readouterr().err
    assert vault.changes() == sent
    assert vault.resumes(ALL_LEGS) == 2, "its check is too old for the second wave"
    assert json.loads((vault.folder / "night/run.json").read_text("utf-8"))["label"] == "live"


def interrupted_after(patch: pytest.MonkeyPatch, lines: int) -> None:
    write = HistoryFile.write

    def writing(file: HistoryFile, line: Line) -> None:
        if line.n > lines:
            raise KeyboardInterrupt
        write(file, line)

    patch.setattr(HistoryFile, "write", writing)


def test_a_live_vault_is_not_run_with_a_clock_that_is_faster_than_the_wall(
    vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = vault.folder / "settings.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('"poll_s": 0.01', '"poll_s": 0.01, "factor": 1000'), encoding="utf-8")
    assert vault.runs() == 2
    assert "clock factor 1000" in capsys.readouterr().err
    assert vault.changes() == []


def hides_that_it_is_a_mock(vault: ConsentSite, monkeypatch: pytest.MonkeyPatch, off_s: list[float]) -> None:
    """Then it has no time of its own: this computer's clock shows the vault's, set by `off_s[0]`."""
    handle, mock = vault.mock.handle, vault.mock

    def as_azure(method: str, url: str, headers: Any, body: bytes) -> Response:
        answer = handle(method, url, headers, body)
        kept = (each for each in answer.headers if each[0] != "x-failback-mock")
        return replace(answer, headers=tuple(kept))

    monkeypatch.setattr(mock, "handle", as_azure)
    monkeypatch.setattr(
        "failback.scenarios.run.vault_clock.here",
        lambda: mock.epoch + timedelta(seconds=mock.world.env.now + off_s[0]),
    )


@pytest.mark.parametrize(("off_s", "code"), [(-360.0, 2), (-240.0, 0), (240.0, 0), (360.0, 2)])
def test_a_live_vault_is_not_changed_while_its_clock_and_this_computers_are_apart(
    off_s: float, code: int, vault: ConsentSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_the_second_machine(vault)
    hides_that_it_is_a_mock(vault, monkeypatch, [off_s])
    assert vault.runs() == code
    said = capsys.readouterr().err
    assert ("This computer's clock says 2026-06-05 " in said, vault.changes() == []) == (code == 2, code == 2)
    assert code == 0 or said.count("\n") == 1


def test_a_clock_that_was_set_forward_does_not_end_a_freeze_window_when_the_run_is_resumed(
    vault: ConsentSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_the_second_machine(vault)
    off_s, journal = [0.0], vault.folder / "night/history.jsonl"
    hides_that_it_is_a_mock(vault, monkeypatch, off_s)
    with pytest.MonkeyPatch.context() as patch:
        interrupted_after(patch, 3)
        assert vault.runs() == 4
    sent, before = list(vault.changes()), journal.read_bytes()
    off_s[0] = 7200.0
    capsys.readouterr()
    assert vault.resumes("reprotect_to_on_premises") == 2
    assert "freeze windows would begin and end at other times" in capsys.readouterr().err
    assert (vault.changes(), journal.read_bytes()) == (sent, before)
    off_s[0] = 0.0
    assert vault.resumes("reprotect_to_on_premises") == 0
    assert phases(vault)[0] == "replicating_to_on_premises"


@pytest.mark.parametrize("key", ["epoch", "starts_at", "vault", "plan_hash"])
def test_a_run_whose_head_was_edited_is_not_gone_on_with(
    key: str, vault: ConsentSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """An earlier beginning would let a wave open before its time."""
    with pytest.MonkeyPatch.context() as patch:
        interrupted_after(patch, 3)
        assert vault.runs(ALL_LEGS) == 4
    sent, file = list(vault.changes()), vault.folder / "night/run.json"
    other = "0" * 32 if key in ("vault", "plan_hash") else "2026-06-01T00:00:00+00:00"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {key: other}), encoding="utf-8")
    capsys.readouterr()
    assert vault.resumes(ALL_LEGS) == 2
    assert "run.json" in capsys.readouterr().err
    assert vault.changes() == sent


@pytest.mark.parametrize("told", ["pause", "abandon", "skip app-01"])
def test_what_a_run_is_told_opens_nothing_that_is_shut(told: str, vault: ConsentSite) -> None:
    assert vault.runs(ALL_LEGS) == 2, "its check is too old for the second wave"
    sent = list(vault.changes())
    assert vault.types("tell", "DIR/night", *told.split()) == 0
    assert vault.types("tell", "DIR/night", "continue") == 0
    assert vault.types("resume", "DIR/night", *SETTINGS) == 2
    assert vault.changes() == sent


def test_legs_are_opened_one_by_one_with_a_run_each_until_the_machine_is_home(vault: ConsentSite) -> None:
    """The commit last: where all machines wait for it, a run without it sends nothing and says so."""
    without_the_second_machine(vault)
    seen, legs = [], ALL_LEGS.split(",")
    for number in range(1, len(legs) + 1):
        vault.checks()
        code = vault.runs(",".join(legs[:number]), out=f"DIR/night-{number}")
        seen.append((code, phases(vault)[0], verb(vault.changes()[-1])))
    assert seen == [
        (0, "replicating_to_on_premises", "reProtect"),
        (0, "failed_back", "plannedFailover"),
        (2, "failed_back", "plannedFailover"),
        (0, "replicating_to_azure", "reProtect"),
    ]
    assert [verb(each) for each in vault.changes()] == ["reProtect", "plannedFailover", "failoverCommit", "reProtect"]
    assert phases(vault)[1] == "failover_committed"


def verb(change: str) -> str:
    return change.split("?")[0].rsplit("/", 1)[1]
