"""A pilot in words, for the terminal: who goes, what each tries and takes, what is not tried, and what to think of."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min, machines

from .pilot import Pilot
from .pilot_after import after_words
from .pilot_less_at_stake import LessAtStake
from .pilot_notes import Note, NoteKind
from .pilot_options import Longer, OtherChoice
from .pilot_parts import in_parts
from .pilot_passed_over import passed_over
from .pilot_rows import pilot_rows, ways_back
from .pilot_times import ends_s
from .planned_requests import PlannedRequest
from .untried_words import untried_lines


def told_lines(
    scenario: Scenario,
    found: Pilot,
    requests: Sequence[PlannedRequest] = (),
    shorter: Sequence[PlannedRequest] = (),
    times: Sequence[str] = (),
    fix_first: Sequence[str] = (),
) -> Iterator[str]:
    """All of it. `requests` are those of the pilot's plan, `shorter` those of its shorter choice."""
    of = len(scenario.estate.virtual_machines)
    yield f"Bring {machines(len(found.machines))} of {of} home early; {_how_much(found)}."
    yield from times
    if fix_first:
        yield from ("", "Fix first (known before, so the pilot proves nothing about it):")
        yield from (f"  {line}" for line in fix_first)
    yield from _rows(scenario, found, requests)
    left = (Note(NoteKind.NOT_TRIED, line) for line in untried_lines(scenario, found))
    yield from _kind_by_kind((*notes(found, requests, shorter), *left))
    for line in in_parts(scenario, found).values():
        yield from ("", line)
    yield from ("", after_words(scenario, found), "")
    yield (
        "The pilot also measures how much data has changed, if `failback watch` follows it: afterwards give the folder "
        "of the watch to `failback calibrate`."
    )


def _rows(scenario: Scenario, found: Pilot, requests: Sequence[PlannedRequest]) -> Iterator[str]:
    """Each group, then how one backs out."""
    for row in pilot_rows(scenario, found, requests):
        yield ""
        yield f"{', '.join(row.machines)} ({row.size_gib:,.0f} GiB{row.tier and f', tier {row.tier}'})"
        yield f"  tries first: {', '.join(row.proves) or 'nothing that the others do not try'}"
        if row.takes:
            yield f"  takes: {row.takes} (simulated)"
        yield from (f"  comes home to {place}" for place in row.places)
        yield from (f"  {line}" for line in (*row.fix_first, *row.clear_up))
    for heading, sentences in ways_back(scenario, found):
        yield from ("", f"{heading}:", *(f"  {sentence}" for sentence in sentences))


def _kind_by_kind(told: Iterable[Note]) -> Iterator[str]:
    """With an empty line before each kind."""
    for _, same in groupby(told, key=lambda note: note.kind):
        yield from ("", *(note.line() for note in same))


def notes(found: Pilot, requests: Sequence[PlannedRequest], shorter: Sequence[PlannedRequest]) -> Iterator[Note]:
    """What there is to decide about the choice, and who was passed over."""
    if found.longer is not None:
        yield Note(NoteKind.FOR_TIME, _longer_words(found.longer))
    other, less = found.shorter, found.less_at_stake
    is_one = other is not None and less is not None and set(other.machines) == set(less.other.machines)
    if other is not None and requests and shorter:
        also = f" {_at_stake(less)[:1].upper()}{_at_stake(less)[1:]} then." if is_one and less else ""
        yield Note(
            NoteKind.SHORTER,
            f"with {_options(other.taken, other.without)}, the pilot ends {h_min(ends_s(shorter))} after its start "
            f"instead of {h_min(ends_s(requests))} (simulated), with {listed(other.machines)}.{also} {_loses(other)} "
            "Decide whether that is worth the time.",
        )
    if less is not None and not is_one:
        yield Note(NoteKind.LESS_AT_STAKE, _less_at_stake_words(less))
    yield from passed_over(found)


def _less_at_stake_words(found: LessAtStake) -> str:
    other = found.other
    return (
        f"with {_options(other.taken, other.without)}, {_at_stake(found)}; it brings home {listed(other.machines)}. "
        f"{_loses(other)} Decide whether that is worth it."
    )


def _at_stake(found: LessAtStake) -> str:
    whole = "no application is in parts" if found.whole else ""
    tier = f"no machine is of tier {found.tier:g}" if found.tier else ""
    return " and ".join(filter(None, (whole, tier)))


def _loses(choice: OtherChoice) -> str:
    return f"It does not try: {listed(choice.loses)}." if choice.loses else "It tries the same."


def _longer_words(longer: Longer) -> str:
    options = _options((*longer.taken, *(name for name in longer.slow if name in longer.machines)), longer.left_out)
    told = f"{listed(longer.slow)}. With {options}, the pilot would also try {listed(longer.tries)}, "
    if longer.late_by_s is None:
        return (
            f"{told}but end {h_min(longer.ends_s)} after its start (simulated). Decide whether that is worth the time."
        )
    return (
        f"{told}but may end {h_min(longer.ends_s)} after its start (simulated), and so after the way home of all "
        f"machines begins. To try that in time, begin {h_min(longer.late_by_s)} earlier, or more."
    )


def _options(taken: Sequence[str], left_out: Sequence[str]) -> str:
    """All that is typed, also what was asked for before."""
    asked = {"--with": taken, "--without": left_out}
    return " ".join(f"{option} {name}" for option, names in asked.items() for name in names)


def _how_much(found: Pilot) -> str:
    """How much of the way home they try."""
    tries = "it tries" if len(found.machines) == 1 else "together they try"
    if not found.untried:
        return f"{tries} every kind of way home that the plan needs"
    tried = {one for group in found.groups for one in found.proves[group.machines]}
    every = len(tried) + len(found.untried)
    return f"{tries} {len(tried)} of the {every} properties of the way home, and the rest is listed below"
