"""What a person should know of the waves of a new scenario: who comes home alone, or one after the other, and why."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from failback.reprotect import Estate, Together
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.stand_ins import MAYBE, StandIns, in_one_group
from failback.scenarios.text.name_lists import listed

from .list_tiers import NAMED_MAX
from .planned_waves import PlannedWave
from .turns import Because, Turns, turns_of, without_turns

CHECK: Final[Mapping[str, Any]] = {
    "name": "check the application",
    "takes": {"low_s": 300, "mode_s": 600, "high_s": 1800},
}
"""The check of a machine before its commit, as long as nobody has said how long it takes."""
CHECKED: Final = (
    "Each machine is planned to be checked for 5 to 30 minutes before its commit, most often 10 (`manual_steps`): an "
    "assumption."
)
_WHY: Final[Mapping[Because, Callable[[str], str]]] = {
    Because.ONE_UUID: lambda groups: (
        f"In different waves, because they have the same BIOS UUID, so that Site Recovery may take one for the other "
        f"(inferred, R11): {groups}. Before the commit of each, which deletes its copy in Azure, ask its owner whether "
        "its data are its own; a later one begins only after a yes. A gate makes the drill wait for the answer: "
        "`gates: [{name: own-data, before: commit_failback, items: [MACHINE], question: Are its data its own?}]`."
    ),
    Because.STAND_IN: lambda groups: (
        f"In different waves, because {MAYBE}: {groups}. That takes longer. Where the names mislead, put them into one "
        "wave; where more than half must always run, for instance in a cluster, give each member a wave."
    ),
}
_TOGETHER: Final[Mapping[Because, str]] = {
    Because.ONE_UUID: "they have the same BIOS UUID (R11)",
    Because.STAND_IN: MAYBE,
}


def waves_words(
    estate: Estate, applications: Sequence[Application], waves: Sequence[PlannedWave], together: Sequence[Together] = ()
) -> Iterator[str]:
    """The sentences; none for applications of one machine."""
    several = [one.name for one in applications if len(one.machines) > 1 and not in_one_group(estate, one.machines)]
    as_one = [frozenset(entry.items) for entry in together]
    apart = [one.name for one in applications if not any(items.issuperset(one.machines) for items in as_one)]
    if parts := [name for name in several if name in apart]:
        yield (
            "Not all machines of these fail back together, so for a time some may run on site and others in Azure: "
            f"{listed(parts, NAMED_MAX)}. The runbook says for how long."
        )
    wave_of = {name: one.wave.name for one in waves for name in one.wave.items}
    groups = turns_of(estate, applications)
    for because in Because:
        yield from _apart([one for one in groups if one.because is because], because, wave_of)
    yield from _together(groups, wave_of)
    yield from _not_apart(one for one in without_turns(estate, applications) if _in_one_wave(one, wave_of))


def _apart(groups: Iterable[Turns], because: Because, wave_of: Mapping[str, str]) -> Iterator[str]:
    told = [_in_order(one, wave_of) for one in groups if not _clash(one, wave_of)]
    if told:
        yield _WHY[because](_some(told))


def _some(groups: Sequence[str]) -> str:
    more = f"; and {len(groups) - NAMED_MAX} more groups, see the waves" if len(groups) > NAMED_MAX else ""
    return f"{'; '.join(groups[:NAMED_MAX])}{more}"


def _in_order(group: Turns, wave_of: Mapping[str, str]) -> str:
    """`dc-01 (wave-1) before dc-02 (wave-2)`, in the order of the waves."""
    waves: dict[str, list[str]] = {wave: [] for wave in dict.fromkeys(wave_of.values())}
    for name in group.machines:
        waves[wave_of[name]].append(name)
    return " before ".join(f"{listed(names)} ({wave})" for wave, names in waves.items() if names)


def _in_one_wave(group: StandIns, wave_of: Mapping[str, str]) -> bool:
    return len({wave_of[name] for name in group.machines}) == 1


def _not_apart(groups: Iterable[StandIns]) -> Iterator[str]:
    """Why stand-ins are not in different waves."""
    if named := [f"{listed(one.machines)} ({one.application}, with {listed(one.alone)})" for one in groups]:
        yield (
            f"In one wave, although {MAYBE}: {_some(named)}. Nothing stands in for the machines behind `with`, so the "
            "application is down while these come home, and a later wave for some of its machines would only make its "
            "downtime longer. Where it runs without them, list the stand-ins as an application of their own."
        )


def _together(groups: Iterable[Turns], wave_of: Mapping[str, str]) -> Iterator[str]:
    for group in groups:
        for wave, names in _clash(group, wave_of).items():
            yield (
                f"{wave}: {listed(names)} come home at once, although {_TOGETHER[group.because]}: a replication group "
                "keeps them in one wave (R07). Decide: may they?"
            )


def _clash(group: Turns, wave_of: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Waves in which machines of several turns are, with these machines."""
    turns: dict[str, dict[int, list[str]]] = {}
    for turn, names in enumerate(group.turns):
        for name in names:
            turns.setdefault(wave_of[name], {}).setdefault(turn, []).append(name)
    return {
        wave: [name for names in found.values() for name in names] for wave, found in turns.items() if len(found) > 1
    }
