"""Seed and cutover as rows of a table, as sentences and as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from failback.scenarios.text.plain_words import day_words
from failback.scenarios.text.spans import span_words

from .cutover_values import Cutover, Span, WaveCutover
from .cutover_words import between_words
from .prediction import Prediction
from .words import share_words

WAVE_HEADS: Final = (
    "wave",
    "machines",
    "disks that seed ahead",
    "begin to seed",
    "latest time, range over all cases",
    "seeding takes",
    "seeded in time",
    "may fail back from",
    "not arrived at the cutover",
    "fails back, range over all cases",
    "cutover takes",
    "latest go/no-go decision",
)
"""Columns of the table of waves."""
DOWN_HEADS: Final = ("application", "down for")
"""Columns of the table of applications."""


def cutover_facts(found: Prediction) -> dict[str, Any] | None:
    """What the page's section shows; None where nobody asked for a cutover."""
    if found.cutover is None:
        return None
    return {
        "heads": WAVE_HEADS,
        "waves": [_row(wave) for wave in found.cutover.waves],
        "down_heads": DOWN_HEADS,
        "downs": [(down.name, _span(down.down_s, "not home in every run")) for down in found.cutover.applications],
        "notes": list(cutover_notes(found)),
    }


def cutover_notes(found: Prediction) -> Iterator[str]:
    """What the table does not say."""
    seeds, runs = found.cutover, found.question.runs_tried
    if seeds is None:
        return
    if _any_ahead(seeds):
        yield (
            f"Begin to seed: with {_runs(runs)} for each minute that was tried, a wave that begins one minute later is "
            f"not seeded when it may fail back, in this case: {seeds.case.words}. Seeded in time: runs of the "
            f"{found.first.case.name} case with these starts."
        )
    yield from _not_ahead(found, seeds)
    yield (
        "Latest go/no-go decision: if the wave has not begun to fail back by then, not everything is home by the "
        f"deadline ({found.first.case.name} case, {_runs(runs)})."
    )


def _not_ahead(found: Prediction, seeds: Cutover) -> Iterator[str]:
    """Cases and disks for which seeding ahead does not work."""
    late = [case.case.words for case in found.cases if seeds.starts[case.case.name] is None]
    if late and _any_ahead(seeds):
        those = "; ".join(late)
        yield f"Even a start at once is too late for: {those}. What is not seeded then fails back when it is."
    left = {wave.wave: wave.disks - wave.disks_ahead for wave in seeds.waves if wave.disks_ahead < wave.disks}
    if left:
        waves, count = ", ".join(left), sum(left.values())
        disks = f"{count} disk{'s' if count > 1 else ''} ({waves})"
        yield f"{disks} cannot seed ahead: slots are held until the commit. They seed as slots come free."


def _runs(count: int) -> str:
    return f"{count} run{'s' if count > 1 else ''}"


def cutover_data(seeds: Cutover) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "at": seeds.at.isoformat(),
        "begins": seeds.begins.isoformat(),
        "case": seeds.case.name,
        "latest_per_case": _dates(seeds.starts),
        "waves": [_wave_data(wave) for wave in seeds.waves],
        "applications": [asdict(down) for down in seeds.applications],
    }


def _any_ahead(seeds: Cutover) -> bool:
    return any(wave.begins is not None for wave in seeds.waves)


def _row(wave: WaveCutover) -> tuple[str, ...]:
    known = [at for at in wave.seed_latest.values() if at is not None]
    return (
        wave.wave,
        str(wave.machines),
        f"{wave.disks_ahead} of {wave.disks}",
        _begins(wave),
        _band(known),
        _span(wave.seeding_s, ""),
        _seeded(wave),
        moment(wave.opens),
        _not_arrived(wave),
        "never" if wave.fails_back is None else _band(list(wave.fails_back)),
        _span(wave.cutover_s, "not home in every run"),
        "too late" if wave.last_go is None else moment(wave.last_go),
    )


def _not_arrived(wave: WaveCutover) -> str:
    """How much, and how old: the most over the runs."""
    if wave.rpo_s is None or wave.delta_gib is None:
        return ""
    return f"up to {wave.delta_gib[1]:.3g} GiB, {span_words(wave.rpo_s[1])} old"


def _seeded(wave: WaveCutover) -> str:
    """In the first case, and in how many cases it is not seeded in time at all."""
    if not wave.disks_ahead:
        return ""
    missed = f"; too late in {len(wave.not_seeded_in)} of {len(wave.seed_latest)} cases" if wave.not_seeded_in else ""
    return f"{share_words(wave.seeded)}{missed}"


def _begins(wave: WaveCutover) -> str:
    if wave.begins is not None:
        return moment(wave.begins)
    return "has begun" if wave.disks_ahead else "when slots come free"


def _band(known: list[datetime]) -> str:
    if not known:
        return ""
    return moment(min(known)) if min(known) == max(known) else f"{moment(min(known))} to {moment(max(known))}"


def moment(at: datetime) -> str:
    """An instant in a table: Fri 5 Jun 18:00."""
    return f"{day_words(at)} {at:%H:%M}"


def _span(span: Span | None, otherwise: str) -> str:
    return otherwise if span is None else between_words(span)


def _wave_data(wave: WaveCutover) -> dict[str, Any]:
    dates = {name: at and at.isoformat() for name, at in (("begins", wave.begins), ("last_go", wave.last_go))}
    seeded = {"met": wave.seeded.met, "runs": wave.seeded.runs}
    per_case = _dates(wave.seed_latest)
    band = None if wave.fails_back is None else [at.isoformat() for at in wave.fails_back]
    return {
        **asdict(wave),
        **dates,
        "fails_back": band,
        "opens": wave.opens.isoformat(),
        "seed_latest": per_case,
        "seeded": seeded,
    }


def _dates(dates: Mapping[str, datetime | None]) -> dict[str, str | None]:
    return {name: None if at is None else at.isoformat() for name, at in dates.items()}
