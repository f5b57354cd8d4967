"""Seed and cutover as rows of a table."""

from datetime import datetime
from typing import Any, Final

from failback.scenarios.text.language import message, said, translated
from failback.scenarios.text.plain_words import day_words
from failback.scenarios.text.spans import span_words

from .cutover_notes import cutover_notes
from .cutover_values import Span, WaveCutover
from .cutover_words import between_words, waits_words
from .prediction import Prediction
from .words import share_words

WAVE_HEADS: Final = (
    message("wave"),
    message("machines"),
    message("disks that seed ahead"),
    message("begin to seed"),
    message("latest time, range over the cases"),
    message("seeding takes"),
    message("seeded in time"),
    message("may fail back from"),
    message("changes not yet on site when it fails back"),
    message("fails back, range over all cases"),
    message("cutover takes"),
    message("latest go/no-go decision"),
)
"""Columns of the table of waves."""


DOWN_HEADS: Final = (message("application"), message("down for"))
"""Columns of the table of applications."""


_NOT_HOME: Final = message("not home in every run")


def cutover_facts(found: Prediction) -> dict[str, Any] | None:
    """What the page's section shows; None where nobody asked for a cutover."""
    if found.cutover is None:
        return None
    return {
        "heads": tuple(map(said, WAVE_HEADS)),
        "waves": [_row(wave) for wave in found.cutover.waves],
        "down_heads": tuple(map(said, DOWN_HEADS)),
        "downs": [(translated(down.name), _span(down.down_s, _NOT_HOME)) for down in found.cutover.applications],
        "notes": list(cutover_notes(found)),
    }


def _row(wave: WaveCutover) -> tuple[str, ...]:
    known = [at for at in wave.seed_latest.values() if at is not None]
    return (
        wave.wave,
        str(wave.machines),
        said("{part} of {whole}", part=str(wave.disks_ahead), whole=str(wave.disks)),
        _begins(wave),
        _band(known),
        _span(wave.seeding_s, ""),
        _seeded(wave),
        moment(wave.opens),
        _not_arrived(wave),
        said("never") if wave.fails_back is None else _band(list(wave.fails_back)),
        _span(wave.cutover_s, _NOT_HOME),
        said("too late") if wave.last_go is None else moment(wave.last_go),
    )


def _not_arrived(wave: WaveCutover) -> str:
    """How much, and how old: the most over the runs."""
    if wave.rpo_s is None or wave.delta_gib is None:
        return ""
    return said("up to {gib} GiB, {age} old", gib=f"{wave.delta_gib[1]:.3g}", age=span_words(wave.rpo_s[1]))


def _seeded(wave: WaveCutover) -> str:
    """In the first case, and in how many cases it is not seeded in time at all."""
    if not wave.disks_ahead:
        return ""
    seeded = share_words(wave.seeded)
    if not wave.not_seeded_in:
        return seeded
    missed, cases = str(len(wave.not_seeded_in)), str(len(wave.seed_latest))
    return said("{seeded}; too late in {some} of {all} cases", seeded=seeded, some=missed, all=cases)


def _begins(wave: WaveCutover) -> str:
    if wave.begins is not None:
        return moment(wave.begins)
    if wave.disks_ahead:
        return said("has begun")
    return said("when slots become free") if wave.waits is None else waits_words(wave.waits)


def _band(known: list[datetime]) -> str:
    if not known:
        return ""
    low, high = moment(min(known)), moment(max(known))
    return low if low == high else said("{low} to {high}", low=low, high=high)


def moment(at: datetime) -> str:
    """An instant in a table: Fri 5 Jun 18:00."""
    return said("{day} {time}", day=day_words(at), time=f"{at:%H:%M}")


def _span(span: Span | None, otherwise: str) -> str:
    return (otherwise and said(otherwise)) if span is None else between_words(span)
