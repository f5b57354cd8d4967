"""The command `watch`: opens the folder and the vault, and shows after each look how the night stands."""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from failback.adapters.application_checks import check_all
from failback.adapters.watched_vault import ALL
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import refuse_what_is_not_ours
from failback.scenarios.text.local_time import after, read_time, zone_of
from failback.scenarios.usage_error import UsageError

from .changes import command_words, tell
from .clock import NightClock
from .folder import Night, alone, earlier, last_second, opened
from .notes import take_notes
from .pages import FILES, PAGE, publish, write_page
from .places import Place, place
from .planned import planned_way
from .record import TWINS, Record
from .recorder import Recorder
from .shown import as_json, print_standing
from .standing import Standing, Watched
from .watch import Watch, reads_max

EVERY_MIN_S: Final = 10.0
EVERY_MAX_S: Final = 3600.0
"""A look more often spends what others need to read; one more seldom misses what happens."""


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What was asked at the command line."""

    scenario: str
    world: str
    out: Path
    settings: Any = None
    publish: Path | None = None
    on_change: str = ""
    once: bool = False
    every_s: float = 60.0
    start: str = ""
    tz: str = ""
    """Time zone of `start`, `by` and what is shown; where it is empty, that of the scenario or of its start."""
    by: str = ""
    predicts: bool = True
    checks: bool = True
    as_json: bool = False


def run_watch(request: WatchRequest) -> Standing:
    """Watch until all machines are home, or once. Raises `BadInput`, `UsageError`, `Unreachable`, `CannotWrite`."""
    if not EVERY_MIN_S <= request.every_s <= EVERY_MAX_S:
        raise UsageError(f"--every is {request.every_s:g}; give {EVERY_MIN_S:g} to {EVERY_MAX_S:g} seconds.")
    scenario = load_scenario(resolve(request.scenario))
    words = command_words(request.on_change) if request.on_change else ()
    with ExitStack() as stack:
        watch, night = _opened(stack, scenario, request)
        return _watched(watch, night, request, words)


def _opened(stack: ExitStack, scenario: Scenario, request: WatchRequest) -> tuple[Watch, Night]:
    """The folder first, then the vault, which tells what time it is, then the history."""
    stack.enter_context(alone(request.out))
    refuse_what_is_not_ours(request.out / PAGE, FILES[PAGE])
    if request.publish is not None:
        stack.enter_context(reserved(request.publish, FILES))
    identity, names = earlier(request.out, scenario), tuple(scenario.estate.virtual_machines)
    last_s = 0.0 if identity is None else last_second(request.out)
    since = None if identity is None else after(identity.starts_at, last_s)
    found = stack.enter_context(place(request.world, scenario.estate, request.settings, since))
    look = found.look(ALL if request.once else reads_max(request.every_s / found.factor))
    night = stack.enter_context(opened(request.out, scenario, request.world, look.at))
    record = Record(names)
    record.recall(night.recorded)
    watch = _watch(found, Recorder(record, night.history, night.zero), scenario, request)
    watch.begin(look)
    _tell_twins(watch.recorder, found.twins(names))
    return watch, night


def _tell_twins(recorder: Recorder, twins: Sequence[str]) -> None:
    """Once in a night, also where it is watched again."""
    known = {told.text for told in recorder.record.told}
    for why in twins:
        if why not in known:
            recorder.note(recorder.record.now_s, TWINS, {"why": why})


def _watch(found: Place, recorder: Recorder, scenario: Scenario, request: WatchRequest) -> Watch:
    clock = NightClock(recorder.zero, recorder.record.now_s, found.factor)
    starts_at = _starts_at(request, scenario, recorder.zero)
    watched = Watched(scenario, request.world, planned_way(scenario, starts_at), {})
    how: dict[str, Any] = {
        "by": _by(request, scenario, starts_at),
        "predicts": request.predicts,
        "check": check_all if request.checks else None,
    }
    return Watch(found, recorder, watched, clock, request.every_s, found.factor, **how)


def _by(request: WatchRequest, scenario: Scenario, starts_at: datetime) -> datetime | None:
    return read_time(request.by, "by", zone_of(request.tz, scenario.starts_at), starts_at) if request.by else None


def _starts_at(request: WatchRequest, scenario: Scenario, zero: datetime) -> datetime:
    """When the plan begins: as was asked, as the scenario says, else when the watch began."""
    if request.start:
        return read_time(request.start, "start", zone_of(request.tz, scenario.starts_at), zero - timedelta(days=1))
    return zero if scenario.start_is_example else scenario.starts_at


def _watched(watch: Watch, night: Night, request: WatchRequest, words: Sequence[str]) -> Standing:
    """Show, wait, look again; until all are home."""
    zone = zone_of(request.tz, watch.watched.scenario.starts_at)
    refresh_s = 0 if request.once else max(5, round(request.every_s / watch.factor))
    while True:
        take_notes(night.folder, watch.recorder)
        stands = watch.standing().in_zone(zone)
        write_page(stands, night.folder, refresh_s)
        if request.publish is not None:
            publish(stands, request.publish, refresh_s)
        if request.once or stands.over:
            return stands
        watch.wait()
        changes = watch.look()
        _told(changes, words)


def _told(changes: Sequence[str], words: Sequence[str]) -> None:
    """On the terminal, and to the person's own program."""
    for change in changes:
        print(change, flush=True)
    if words and changes and (wrong := tell(words, changes)):
        print(wrong, file=sys.stderr, flush=True)


def show(stands: Standing, request: WatchRequest) -> None:
    """Print the end of it, or the one look."""
    if request.as_json:
        print(json.dumps(as_json(stands), indent=2))
        return
    print_standing(stands, width=None if sys.stdout.isatty() else 200)
    print(f"Page: {request.out / PAGE}")
