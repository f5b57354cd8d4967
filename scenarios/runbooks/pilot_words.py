"""A pilot in words, for the terminal: who goes, what each tries and takes, what is not tried, and what to think of."""

from collections.abc import Iterator, Sequence

from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import h_min, machines

from .pilot import Pilot
from .pilot_passed_over import passed_over
from .pilot_rows import pilot_rows
from .pilot_times import ends_s
from .planned_requests import PlannedRequest
from .untried_words import untried_lines


def told_lines(
    scenario: Scenario,
    found: Pilot,
    requests: Sequence[PlannedRequest] = (),
    shorter: Sequence[PlannedRequest] = (),
) -> Iterator[str]:
    """All of it. `requests` are those of the pilot's plan, `shorter` those of its shorter choice."""
    of = len(scenario.estate.virtual_machines)
    early = f"Bring {machines(len(found.machines))} of {of} home early"
    yield f"{early}; {_how_much(found)}."
    for row in pilot_rows(scenario, found, requests):
        yield ""
        yield f"{', '.join(row.machines)} ({row.size_gib:,.0f} GiB{row.tier and f', tier {row.tier}'})"
        yield f"  tries first: {', '.join(row.proves) or 'nothing that the others do not try'}"
        if row.takes:
            yield f"  takes: {row.takes} (simulated)"
        yield from (f"  comes home to {place}" for place in row.places)
        yield from (f"  back out: {sentence}" for sentence in row.back_out)
    for line in (*notes(found, requests, shorter), *(f"Not tried: {line}" for line in untried_lines(scenario, found))):
        yield ""
        yield line
    yield from _without_mates(scenario, found.machines)
    yield ""
    yield (
        "The pilot also measures how much data has changed, if `failback watch` follows it: afterwards give the folder "
        "of the watch to `failback calibrate`."
    )


def notes(found: Pilot, requests: Sequence[PlannedRequest], shorter: Sequence[PlannedRequest]) -> Iterator[str]:
    """What there is to decide about the choice, and who was passed over."""
    if found.shorter is not None and requests and shorter:
        asked = {"--with": found.shorter.taken, "--without": found.shorter.without}
        options = " ".join(f"{option} {name}" for option, names in asked.items() for name in names)
        loses = f"It does not try: {listed(found.shorter.loses)}" if found.shorter.loses else "It tries the same"
        yield (
            f"Shorter: with {options}, the pilot ends {h_min(ends_s(shorter))} after its start instead of "
            f"{h_min(ends_s(requests))} (simulated), with {listed(found.shorter.machines)}. {loses}. Decide whether "
            "that is worth the time."
        )
    yield from passed_over(found)


def _how_much(found: Pilot) -> str:
    """How much of the way home they try."""
    tries = "it tries" if len(found.machines) == 1 else "together they try"
    if not found.untried:
        return f"{tries} every kind of way home that the plan needs"
    tried = {one for group in found.groups for one in found.proves[group.machines]}
    every = len(tried) + len(found.untried)
    return f"{tries} {len(tried)} of the {every} properties and warnings of the way home, and the rest is listed below"


def _without_mates(scenario: Scenario, chosen: Sequence[str]) -> Iterator[str]:
    """Applications of which the pilot brings only some machines home."""
    for one in scenario.applications:
        early = [name for name in one.machines if name in chosen]
        rest = [name for name in one.machines if name not in chosen]
        if early and rest:
            yield ""
            yield (
                f"Of {one.name}, only {listed(early)} comes home early, and not {listed(rest)}. Ask the owner whether "
                "the application works like that, across the link."
            )
