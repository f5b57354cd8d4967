"""What goes wrong in a night, with the live driver: nothing is lost, nothing is sent twice, and one paragraph says it.

World azure over loopback: the mock is in this process, and what the test does to it happens while the run goes on.
"""

import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import pytest

from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.outputs.run_folders.run_folder import held
from failback.simulator.arm import Response
from tests.scenarios.outputs.read_only import possible, read_only

from .night_site import FACTOR, HOME, Answer, Night, Trouble, settings_of

PAGE: Final = Response(200, (("Content-Type", "text/html"),), b"<!DOCTYPE html><form>Sign in to the proxy</form>")


# A proxy answers in the place of the vault: a page, with status 200


def pages_for_some_reads(night: Night, method: str, url: str, answer: Answer) -> Response:
    return PAGE if night.sent >= 2 and method == "GET" and 60 < len(night.asked) < 64 else answer()


def a_page_in_place_of_a_request(night: Night, method: str, url: str, answer: Answer) -> Response:
    return PAGE if method == "POST" and night.sent == 1 else answer()


def a_page_in_place_of_its_answer(night: Night, method: str, url: str, answer: Answer) -> Response:
    found = answer()
    return PAGE if method == "POST" and night.sent == 1 else found


@pytest.mark.parametrize("trouble", [pages_for_some_reads, a_page_in_place_of_a_request, a_page_in_place_of_its_answer])
def test_a_page_of_a_proxy_is_no_answer_and_the_run_ends_as_without_it(trouble: Trouble, night: Night) -> None:
    night.trouble = trouble
    assert night.runs() == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


def test_a_proxy_that_stays_ends_the_run_which_goes_on_once_it_is_gone(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.trouble = lambda night, method, _, answer: PAGE if night.sent >= 2 and method == "GET" else answer()
    assert night.runs() == 3
    said = capsys.readouterr().err.strip().splitlines()
    assert said[0] == f"To continue this run, use `failback resume {night.folder}/night`."
    assert "no proxy answers in its place" in said[1]
    night.trouble = lambda _night, _method, _url, answer: answer()
    assert night.types("resume", "DIR/night") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


# Somebody deletes a machine at midnight


def test_a_machine_whose_replication_somebody_disables_stops_by_itself_and_soon(night: Night) -> None:
    def disabled(night: Night, method: str, url: str, answer: Answer) -> Response:
        found = answer()
        items = night.mock.world.vault.items
        if night.sent >= 2 and "app-01" in items and items["app-01"].phase.value == "resyncing_to_on_premises":
            del items["app-01"]
        return found

    night.trouble = disabled
    assert night.runs() == 1
    assert night.ends()["app-02"] == "replicating_to_azure"
    [finding] = json.loads((night.folder / "night/result.json").read_text("utf-8"))["findings"]
    assert finding["rule"] == "not_in_vault"
    assert "the vault has no replication protected item app-01 any more" in finding["message"]
    at_s = next(line.line.t_s for line in read_journal(night.folder / "night/history.jsonl").lines if gone(line))
    assert at_s < 6 * 3600.0, "and not when the drill gives up"
    assert night.is_whole()


def gone(one: Any) -> bool:
    return bool(one.line.name == "ItemGone")


# A second item of one name


def second_item(since: int) -> Trouble:
    """From so many requests on, the list has another item of the name of app-01."""

    def doubled(night: Night, method: str, url: str, answer: Answer) -> Response:
        found = answer()
        if method != "GET" or night.sent < since or not url.split("?")[0].endswith("replicationProtectedItems"):
            return found
        rows = json.loads(found.body)["value"]
        twins = [{**row, "id": f"{row['id']}-b", "name": f"{row['name']}-b"} for row in rows if "app-01" in str(row)]
        return replace(found, body=json.dumps({"value": [*rows, *twins]}).encode())

    return doubled


def test_where_two_items_have_one_name_nothing_is_sent_and_one_paragraph_tells_their_ids(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.trouble = second_item(since=0)
    assert night.runs() == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "has 2 items named 'app-01' (ids " in said
    assert night.sent == 0


def test_a_second_item_that_comes_at_midnight_is_not_taken_for_the_first(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run knows the item that it began with by its id; one that is resumed has to find it, and cannot."""
    night.trouble = second_item(since=2)
    night.breaks_off()
    sent = night.sent
    capsys.readouterr()
    assert night.types("resume", "DIR/night") == 3
    assert "has 2 items named 'app-01' (ids " in capsys.readouterr().err
    assert night.sent == sent
    night.trouble = second_item(since=sent + 1)
    assert night.types("resume", "DIR/night") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


# Clocks that jump


@pytest.mark.parametrize("by_s", [3600.0, -3600.0])
def test_a_clock_that_is_set_while_the_run_goes_on_changes_nothing(by_s: float, night: Night) -> None:
    clock = time.time
    night.patch.setattr(time, "time", lambda: clock() + (by_s if night.sent >= 2 else 0.0))
    assert night.runs() == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


@pytest.mark.parametrize("by_s", [3600.0, -3600.0])
def test_a_clock_that_was_set_before_the_run_goes_on_loses_nothing(by_s: float, night: Night) -> None:
    night.breaks_off()
    before = read_journal(night.folder / "night/history.jsonl").lines
    clock = time.time
    night.patch.setattr(time, "time", lambda: clock() + by_s / FACTOR)
    assert night.types("resume", "DIR/night") == 0
    lines = read_journal(night.folder / "night/history.jsonl").lines
    assert lines[: len(before)] == before
    assert (night.ends(), night.is_whole()) == (HOME, True)


# Folders


@possible
def test_a_run_in_a_folder_that_cannot_be_written_sends_nothing(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    (night.folder / "night").mkdir()
    with read_only(night.folder / "night"):
        assert night.runs() == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert night.sent == 0


def no_room(night: Night, patch: pytest.MonkeyPatch) -> None:
    """As a full disk does it: half a line of the history is written, and no more."""
    resource = pytest.importorskip("resource")
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = (night.folder / "night/history.jsonl").stat().st_size + 50
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))


def no_sync(night: Night, patch: pytest.MonkeyPatch) -> None:
    """All is written, and the disk cannot keep it."""
    sync = os.fsync

    def full(handle: int) -> None:
        if os.fstat(handle).st_ino == (night.folder / "night/history.jsonl").stat().st_ino:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    patch.setattr(os, "fsync", full)


@contextmanager
def room_comes_back() -> Iterator[pytest.MonkeyPatch]:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as patch:
        try:
            yield patch
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("sent", [1, 2, 3, 5])
@pytest.mark.parametrize("full", [no_room, no_sync])
def test_a_disk_that_gets_full_ends_the_run_before_its_next_request_and_it_is_resumed(
    full: Callable[[Night, pytest.MonkeyPatch], None], sent: int, night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    with room_comes_back() as patch:

        def trouble(night: Night, method: str, _: str, answer: Answer) -> Response:
            if method == "POST" and night.sent == sent:
                full(night, patch)
            return answer()

        night.trouble = trouble
        assert night.runs() == 2
    said = [line for line in capsys.readouterr().err.splitlines() if "history.jsonl" in line]
    assert len(said) == 1
    assert "so nothing more was asked of anybody" in said[0]
    assert "`failback resume`" in said[0]
    journal = read_journal(night.folder / "night/history.jsonl").lines
    written = sum(one.line.name == "StartOperation" for one in journal)
    assert sent <= night.sent <= written
    assert full is no_sync or night.sent == sent
    night.trouble = lambda _night, _method, _url, answer: answer()
    assert night.types("resume", "DIR/night") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


@possible
def test_a_run_whose_folder_cannot_be_written_any_more_is_not_resumed_and_nothing_is_lost(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.breaks_off()
    sent, journal = night.sent, (night.folder / "night/history.jsonl").read_bytes()
    capsys.readouterr()
    with read_only(night.folder / "night"):
        assert night.types("resume", "DIR/night") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (night.sent, (night.folder / "night/history.jsonl").read_bytes()) == (sent, journal)
    assert night.types("resume", "DIR/night") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


@needs_links
def test_a_folder_that_is_reached_by_a_link_is_the_folder_that_another_process_has(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.breaks_off()
    sent = night.sent
    (night.folder / "link").symlink_to(night.folder / "night")
    with held(night.folder / "night"):
        assert night.types("resume", "DIR/link") == 2
        assert night.runs("DIR/link") == 2
    assert "link: another command is writing there; wait until it ends" in capsys.readouterr().err
    assert night.sent == sent
    assert night.types("resume", "DIR/link") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


@needs_links
@pytest.mark.parametrize("name", ["history.jsonl", "run.json"])
def test_a_link_in_the_place_of_a_file_of_the_run_is_not_written_through(name: str, night: Night) -> None:
    night.breaks_off()
    sent, file = night.sent, night.folder / "night" / name
    file.rename(night.folder / "elsewhere")
    file.symlink_to(night.folder / "elsewhere")
    before = (night.folder / "elsewhere").read_bytes()
    assert night.types("resume", "DIR/night") == 2
    assert (night.sent, (night.folder / "elsewhere").read_bytes()) == (sent, before)


# Signing in

AZ: Final = {
    "a damaged cache of tokens": "echo 'ERROR: Expecting value: line 1 column 1 (char 0)' >&2; exit 1",
    "half an answer": """echo '{"accessToken": '""",
    "nothing at all": "exit 0",
}


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for az is a shell script")
@pytest.mark.parametrize("broken", AZ)
def test_where_no_token_can_be_had_one_paragraph_says_how_to_get_one(
    broken: str, night: Night, capfd: pytest.CaptureFixture[str]
) -> None:
    tools = night.folder / "bin"
    tools.mkdir()
    (tools / "az").write_text(f"#!/bin/sh\n{AZ[broken]}\n", encoding="utf-8")
    (tools / "az").chmod(0o755)
    night.patch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    night.patch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    settings = settings_of(night.mock, night.served, tunnel=True)
    (night.folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    assert night.types("check", "DIR/s.yaml", "--world", "azure") == 3
    said = capfd.readouterr().err
    assert "There is no access token for the vault" in said
    assert "az account clear" in said
    assert said.count("\n") == 1
    assert night.asked == []
