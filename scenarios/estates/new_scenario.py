"""What `failback new` does: from an estate and a list of machines with applications to a scenario with waves."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from failback.adapters.importing.application_lists import ApplicationRow, read_applications
from failback.adapters.importing.records import CannotImport
from failback.reprotect import Estate, Wave
from failback.scenarios.files.applications import Application, ApplicationCheck, CheckKind
from failback.scenarios.files.loader import load_estate
from failback.scenarios.files.schema import STARTS_AT
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.kinds import new_mark
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text
from failback.scenarios.text.plain_words import counted, date_words, machines
from failback.scenarios.text.yaml_text import yaml_text

from .list_needs import ListNeeds, in_order, needs_of
from .list_tiers import most_important, tiers_words
from .machines_left_out import Absent, strangers, without_absent
from .new_request import NEW, NewRequest
from .new_times import NewTimes, new_times
from .one_server import one_server_words
from .plan_comments import comments, plan_comments
from .planned_targets import open_promises, own_downtimes, own_words, planned_targets
from .planned_waves import PlannedWave, planned_waves
from .together_entries import TogetherEntries, together_entries
from .wave_order import DependencyCircle
from .waves_words import CHECK, CHECKED, waves_words
from .work_on_site_step import work_steps, work_words


def run_new(asked: NewRequest) -> str:
    """Write the scenario; returns what is to be said about it. Raises `BadInput` and `CannotWrite`."""
    refuse_what_is_not_ours(asked.out, NEW)
    estate = load_estate(asked.estate)
    try:
        listed = read_applications(asked.machines)
    except CannotImport as refused:
        raise BadInput(Mistake("", refused.file, 0, refused.message)) from None
    rows, absent = without_absent(asked.estate, estate, listed.rows)
    _refuse_strangers(asked, estate, rows)
    needs = _needs(asked, rows, absent)
    applications = tuple(_applications(rows, absent, needs))
    waves = _waves(asked, estate, applications)
    not_here = (*absent.words(), *needs.dropped)
    parts = _Parts(asked, estate, rows, applications, waves, together_entries(estate, rows, waves), not_here)
    times = new_times(asked, lambda file: _text(parts, file, NewTimes()))
    write_text(asked.out, _signed(_text(parts, asked.out, times)), NEW)
    rest = sum(len(one.wave.items) for one in waves if not one.applications)
    left = f" Of no application, and so in the last wave: {machines(rest)}." if rest else ""
    counts = f"{counted(len(waves), 'wave')}, {counted(len(applications), 'application')}, {machines(len(rows))}"
    told = (
        f"{asked.out}: {counts}.{left}",
        *not_here,
        *tiers_words(applications),
        *parts.together.words(),
        *(words for one in waves for words in one.to_decide()),
        *open_promises(estate, rows),
        *own_words(own_downtimes(estate, rows, applications)),
        *waves_words(estate, applications, waves, parts.together.entries),
        *one_server_words(estate),
        CHECKED,
        *work_words(estate),
        *_start_told(asked, times),
        *times.doubts,
        *_ignored(listed.ignored),
        *_without_value(listed.without_value),
    )
    return "\n".join((*told, f"Decide what its comments ask, then: failback check {asked.out}"))


def _start_told(asked: NewRequest, times: NewTimes) -> Iterator[str]:
    if times.begins is not None and asked.cutover is not None:
        yield (
            f"The machines begin to replicate home on {date_words(times.begins)}, and may fail back from "
            f"{date_words(asked.cutover)} on, wave after wave. The starts are those of the slowest case of `failback "
            "predict --cutover` that is seeded in time (simulated)."
        )
    elif asked.starts_at is None:
        yield f"The start is an example ({STARTS_AT:%a %Y-%m-%d %H:%M} UTC), since --start was not given."
    else:
        yield f"The way home starts on {asked.starts_at:%a %Y-%m-%d %H:%M %Z}."


def _ignored(columns: Sequence[str]) -> Iterator[str]:
    if columns:
        yield f"Columns of the list of which nothing is taken: {', '.join(columns)}."


def _without_value(cells: Sequence[str]) -> Iterator[str]:
    if cells:
        yield (
            f"Cells with a formula of which the file keeps no value, taken as empty: {', '.join(cells)}. Open the file "
            "in a spreadsheet program, save it, and run this again."
        )


def _refuse_strangers(asked: NewRequest, estate: Estate, rows: Sequence[ApplicationRow]) -> None:
    strange = dict.fromkeys(row.machine for row in rows if row.machine not in estate.virtual_machines)
    mistakes, seen = list(strangers(asked.estate, estate, tuple(strange))), dict[str, str]()
    for row in rows:
        if row.machine in strange:
            continue
        if seen.setdefault(row.machine, row.application) != row.application:
            mistakes.append(f"`{row.machine}` is in `{seen[row.machine]}` and `{row.application}`; keep one of them")
    if not rows:
        mistakes.append("no row has a machine and an application; add one row per machine")
    if mistakes:
        raise BadInput(*(Mistake("", asked.machines.name, 0, mistake) for mistake in mistakes))


def _needs(asked: NewRequest, rows: Sequence[ApplicationRow], absent: Absent) -> ListNeeds:
    needs = needs_of(rows, absent)
    if needs.mistakes:
        raise BadInput(*(Mistake("", asked.machines.name, 0, text) for text in needs.mistakes))
    return needs


def _applications(rows: Sequence[ApplicationRow], absent: Absent, needs: ListNeeds) -> Iterator[Application]:
    by_name: dict[str, list[ApplicationRow]] = {}
    for row in rows:
        by_name.setdefault(row.application, []).append(row)
    for name, own in by_name.items():
        checks = dict.fromkeys(check for row in own for check in row.checks)
        tier = most_important(row.tier for row in own)
        yield Application(
            name,
            in_order(own, rows),
            tier,
            _first(row.owner for row in (*own, *absent.of(name))),
            _first(row.phone for row in (*own, *absent.of(name))),
            needs.of(name),
            tuple(ApplicationCheck(CheckKind(kind), target) for kind, target in checks),
            {row.machine: row.tier for row in own if row.tier not in ("", tier)},
        )


def _first(texts: Iterator[str]) -> str:
    return next(filter(None, texts), "")


def _waves(asked: NewRequest, estate: Estate, applications: Sequence[Application]) -> tuple[PlannedWave, ...]:
    try:
        return planned_waves(estate, applications)
    except DependencyCircle as circle:
        text = f"applications wait for one another ({circle}), so that none can be first; remove one dependency"
        raise BadInput(Mistake("", asked.machines.name, 0, text)) from None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the text is made of."""

    asked: NewRequest
    estate: Estate
    rows: Sequence[ApplicationRow]
    applications: Sequence[Application]
    waves: Sequence[PlannedWave]
    together: TogetherEntries
    not_here: Sequence[str]
    """What the list has and this scenario has not, in a sentence each."""


def _text(parts: _Parts, file: Path, times: NewTimes) -> str:
    """The text for a file there; the estate is named from its folder."""
    asked, estate, applications, waves = parts.asked, parts.estate, parts.applications, parts.waves
    where = os.path.relpath(asked.estate.absolute(), file.absolute().parent)
    targets = planned_targets(estate, parts.rows, applications)
    own = own_downtimes(estate, parts.rows, applications)
    return "\n".join(
        (
            _yaml({"name": asked.name, "title": f"{asked.name}: the way home", "estate_file": Path(where).as_posix()})
            + _start(asked, times),
            comments(
                (
                    *parts.not_here,
                    *parts.together.words(),
                    *times.doubts,
                    *waves_words(estate, applications, waves, parts.together.entries),
                )
            )
            + plan_comments(estate, waves, applications)
            + comments(times.words())
            + _yaml({"plan": _plan(parts, times)}),
            comments(tiers_words(applications))
            + _yaml({"applications": [_plain(replace(one, downtime_s=own.get(one.name))) for one in applications]}),
            _HOMECOMING
            + comments(f"Decide: {words}" for words in open_promises(estate, parts.rows))
            + comments(own_words(own))
            + comments(work_words(estate))
            + _yaml({"homecoming": {"manual_steps": [*work_steps(estate, applications), CHECK], "targets": targets}}),
        )
    )


def _plan(parts: _Parts, times: NewTimes) -> Mapping[str, Any]:
    together = [{"name": one.name, "order": [list(names) for names in one.order]} for one in parts.together.entries]
    waves = [_wave(one.wave, times) for one in parts.waves]
    return {"waves": waves, **({"together": together} if together else {})}


def _wave(wave: Wave, times: NewTimes) -> Mapping[str, Any]:
    return {"name": wave.name, **times.windows(wave.name), "items": list(wave.items)}


def _start(asked: NewRequest, times: NewTimes) -> str:
    """The instant as text, with its offset; without one a comment says what is assumed."""
    zone = _yaml({"time_zone": asked.time_zone}) if asked.time_zone else ""
    begins = times.begins or asked.starts_at
    if begins is None:
        example = f"# Decide: when does the way home begin? This is an example.\n# starts_at: {STARTS_AT.isoformat()}\n"
        return example + zone
    return _yaml({"starts_at": begins.isoformat()}) + zone


_HOMECOMING: Final = """\
# Decide: how long is each machine checked before its failback is committed, and who is there when? The seconds below
# are an assumption. For instance:
#   shifts: [{name: weekend, people: 4, days: [sat, sun], from_hour: 8, to_hour: 20}]
"""


def _plain(one: Application) -> Mapping[str, Any]:
    found: dict[str, Any] = {"name": one.name, "machines": list(one.machines)}
    found |= {key: getattr(one, key) for key in ("tier", "owner", "phone", "downtime_s") if getattr(one, key)}
    if one.tiers:
        found["tiers"] = dict(one.tiers)
    if one.depends_on:
        found["depends_on"] = list(one.depends_on)
    if one.checks:
        found["checks"] = [{"kind": check.kind.value, "target": check.target} for check in one.checks]
    return found


def _yaml(data: Mapping[str, Any]) -> str:
    """Lists of names in one line each; the outermost mapping is never written in braces."""
    flow = None if any(isinstance(value, list | dict) for value in data.values()) else False
    return yaml_text(dict(data), flow=flow)


def _signed(body: str) -> str:
    """With a first line by which it is known whether somebody has edited the file: then it is not replaced."""
    return f"{new_mark(body)}\n{body}"
