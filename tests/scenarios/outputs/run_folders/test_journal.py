"""The journal: on the disk before anything is asked, and read as far as it is whole, or refused; never misread."""

import errno
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failback.reprotect import History, Line
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.run_folders.history_file import history_continued, history_file
from failback.scenarios.outputs.run_folders.history_lines import history_lines
from failback.scenarios.outputs.run_folders.journal import read_journal, sealed
from failback.scenarios.run.player import RunAborted, play
from failback.simulator import World

STORY: Final = load_scenario(resolve("one_vm"))
EFFECTS: Final = ("StartOperation", "StartPlanOperation", "ApplyRemedy")


def lines_of_a_run() -> list[Line]:
    lines: list[Line] = []
    play(STORY, on_line=lines.append)
    return lines


LINES: Final = lines_of_a_run()
WHOLE: Final = b"".join(sealed(line.as_json().encode()) + b"\n" for line in LINES)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal") / "history.jsonl"


said: list[str] = []


def read(place: Path, content: bytes) -> list[Line] | None:
    """The lines that are read; None where it is refused."""
    place.write_bytes(content)
    try:
        return [one.line for one in read_journal(place).lines]
    except BadInput as refused:
        said.append(str(refused))
        return None


def test_what_a_run_wrote_is_read_as_it_was(tmp_path: Path) -> None:
    with history_file(tmp_path) as file:
        for line in LINES:
            file.write(line)
    assert [one.line for one in read_journal(tmp_path / "history.jsonl").lines] == LINES
    assert (tmp_path / "history.jsonl").read_bytes() == WHOLE
    notes: list[str] = []
    assert list(history_lines(tmp_path / "history.jsonl", notes)) == LINES
    assert not notes, "the report reads it too"


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(WHOLE)))
def test_cut_at_any_byte_it_is_read_as_far_as_it_is_whole(place: Path, at: int) -> None:
    whole = WHOLE[:at].count(b"\n") + (WHOLE[at : at + 1] == b"\n")
    assert read(place, WHOLE[:at]) == LINES[:whole]


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(WHOLE) - 1), bit=st.integers(0, 7), cut=st.integers(0, len(WHOLE)))
def test_with_any_bit_turned_round_it_is_never_misread(place: Path, at: int, bit: int, cut: int) -> None:
    flipped = bytearray(WHOLE)
    flipped[at] ^= 1 << bit
    found = read(place, bytes(flipped[:cut]))
    assert found is None or found == LINES[: len(found)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [*lines[:5], *lines[6:]],
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        lambda lines: [*lines[:5], lines[4], *lines[5:]],
        lambda lines: [line[: line.rfind(b',"crc"')] + b"}" for line in lines],
    ],
    ids=["a line is missing", "two are exchanged", "one is there twice", "an older version wrote no checksums"],
)
def test_whole_lines_that_do_not_belong_together_are_refused(
    place: Path, damage: Callable[[list[bytes]], list[bytes]]
) -> None:
    assert read(place, b"".join(line + b"\n" for line in damage(WHOLE.split(b"\n")[:-1]))) is None
    assert str(place) in said[-1]
    assert "\n" not in said[-1]


@pytest.mark.parametrize("cut", [1, 40, 0])
def test_what_was_cut_goes_before_more_is_written(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(WHOLE[: len(WHOLE) - cut])
    journal = read_journal(path)
    with history_continued(tmp_path, journal.size_bytes) as file:
        file.write(Line(len(journal.lines) + 1, 1e8, "note", "RunResumed", None, {}))
    assert len(read_journal(path).lines) == len(journal.lines) + 1


def test_each_command_is_on_the_disk_before_the_vault_hears_of_it() -> None:
    worlds: list[World] = []
    told: list[tuple[str, int]] = []

    def tell(word: str) -> None:
        told.append((word, len(worlds[0].vault.record.requests)))

    def on_line(line: Line) -> None:
        if line.name in EFFECTS:
            tell("wrote")

    play(STORY, on_line=on_line, sync=lambda: tell("synced"), on_world=worlds.append)
    assert told == [(word, heard) for heard in range(6) for word in ("wrote", "synced")]
    assert len(worlds[0].vault.record.requests) == 6


def test_commands_of_one_instant_are_on_the_disk_by_one_sync_before_the_first_of_them_is_sent() -> None:
    worlds: list[World] = []
    told: list[tuple[int, float, int]] = []
    written: list[Line] = []

    def on_line(line: Line) -> None:
        if line.name in EFFECTS:
            written.append(line)

    def sync() -> None:
        told.append((len(written), written[-1].t_s, len(worlds[0].vault.record.requests)))

    play(load_scenario(resolve("first_drill_modernised")), on_line=on_line, sync=sync, on_world=worlds.append)
    at_once = [now[0] - before[0] for before, now in zip([(0, 0.0, 0), *told], told, strict=False)]
    assert max(at_once) > 1, "several commands by one sync"
    assert min(at_once) == 1
    # all of the syncs before are sent, and none of this one
    assert [heard for *_, heard in told] == [0, *(synced for synced, *_ in told[:-1])], (
        "all before are sent, none after"
    )
    assert len(written) == told[-1][0] == len(worlds[0].vault.record.requests)


def syncs_of(name: str, poll_s: float, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[float, int]:
    """How often the disk was asked to keep a history, by the instant of its last line. What is sent is there before."""
    found, written = Counter[float](), list[Line]()
    worlds: list[World] = []

    def synced(_: int) -> None:
        assert len(worlds[0].vault.record.requests) == sum(line.name.startswith("Start") for line in on_the_disk)
        found[written[-1].t_s] += 1
        on_the_disk.extend(written[len(on_the_disk) :])

    def on_line(line: Line) -> None:
        file.write(line)
        written.append(line)

    on_the_disk: list[Line] = []
    with history_file(folder) as file:
        monkeypatch.setattr(os, "fsync", synced)
        play(
            replace(load_scenario(resolve(name)), poll_s=poll_s),
            on_line=on_line,
            sync=file.sync,
            on_world=worlds.append,
        )
        monkeypatch.undo()
    assert {line.t_s for line in written if line.name in EFFECTS} == found.keys()
    assert not [line for line in written[len(on_the_disk) :] if line.name in EFFECTS]
    return found


@pytest.mark.parametrize("poll_s", [0.0, 60.0, 300.0, 1800.0])
@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised", "both_architectures_side_by_side"])
def test_all_that_is_asked_at_one_instant_is_on_the_disk_by_one_sync(
    name: str, poll_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(syncs_of(name, poll_s, tmp_path, monkeypatch).values()) == {1}


def test_what_is_asked_because_of_an_answer_is_synced_after_that_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs = syncs_of("snapshot_is_deleted_by_failback", 60.0, tmp_path, monkeypatch)
    assert sorted(syncs.values())[-2:] == [1, 2], "a remedy, and the request that it makes possible"


def test_a_disk_that_is_full_ends_the_run_before_anything_more_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds: list[World] = []
    left = [3]

    def full(_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    with history_file(tmp_path) as file:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(RunAborted) as broken:
            play(STORY, on_line=file.write, sync=file.sync, on_world=worlds.append)
        monkeypatch.undo()
    assert isinstance(broken.value.cause, CannotWrite)
    assert "failback resume" in str(broken.value.cause)
    assert len(worlds[0].vault.record.requests) == 3
    asked = [one for one in read_journal(tmp_path / "history.jsonl").lines if one.line.name in EFFECTS]
    assert len(asked) == 4, "it is written down that it was about to be asked"


def test_the_history_of_a_simulation_has_no_checksums_and_is_not_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    with history_file(tmp_path, durable=False) as file:
        monkeypatch.setattr(os, "fsync", synced.append)
        file.write(LINES[0])
        file.sync()
        assert not synced
    assert (tmp_path / "history.jsonl").read_text("utf-8") == LINES[0].as_json() + "\n"


def test_lines_of_one_instant_keep_the_instant_to_the_last_digit() -> None:
    exact, rounded = History(exact=True), History()
    assert exact.note(0.1 + 0.2, "N", {}).t_s == 0.1 + 0.2
    assert rounded.note(0.1 + 0.2, "N", {}).t_s == 0.3
