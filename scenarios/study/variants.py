"""What a study may vary: each key with its unit, and the scenario that comes of a value."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from enum import Enum
from functools import partial
from typing import Any, Final, TypeAlias, get_type_hints

from failback.reprotect import Disk, OsFamily, VirtualMachine, Wave, out_of_bound
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.simulator import Duration, SiteParameters

from .spreading import spread, wave_batches, with_appliances, with_master_targets, with_process_servers

Value: TypeAlias = Any
"""A number, a flag or a word; what a key takes is checked at the door."""


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that may vary. `column` is its name in tables, unit included; `check` gives the value as it is used."""

    name: str
    column: str
    check: Callable[[Value], Value]
    apply: Callable[[Scenario, Value], Scenario]
    now: Callable[[Scenario], Value]


def key_named(name: str) -> Key:
    """The key of this name or column. Raises `BadInput` that names the nearest ones."""
    bare = name.strip().removeprefix("site.").removeprefix("link.").replace("-", "_")
    found = next((key for key in KEYS.values() if bare in (key.name, key.column)), None)
    if found is not None:
        return found
    known = dict.fromkeys((*KEYS, *(key.column for key in KEYS.values())))
    near = get_close_matches(bare, known, n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(f'`{n}`' for n in near)}?" if near else f"there are {', '.join(KEYS)}"
    raise refused(f"a study cannot vary `{name}`; {hint}")


def each_once(names: Iterable[str]) -> None:
    """Refuse a key that is named twice, be it in two spellings. Raises `BadInput` for it and for unknown ones."""
    written: dict[str, str] = {}
    for name in names:
        key = key_named(name).name
        if key in written:
            raise refused(f"a study names {twice(key, written[key], name)}; give all its values at once")
        written[key] = name


def by_key(values: Mapping[str, Value]) -> dict[str, Value]:
    """Values under the names of their keys, however they were spelt. Raises `BadInput` as `each_once` does."""
    each_once(values)
    return {key_named(name).name: value for name, value in values.items()}


def twice(key: str, first: str, second: str) -> str:
    """A key that was named twice, with its spellings where they differ."""
    spelt = "" if first == second else f", as `{first}` and as `{second}`"
    return f"`{key}` twice{spelt}"


def varied(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """The scenario with these values; counts of servers last, since they share the machines out."""
    named = by_key(values)
    for name in sorted(named, key=lambda name: (name in _SERVERS, name)):
        scenario = KEYS[name].apply(scenario, KEYS[name].check(named[name]))
    return scenario


def refused(message: str) -> BadInput:
    """A study that cannot be."""
    return BadInput(Mistake("", "study", 0, message))


# Checks


def _number(what: str, value: Value, key: str = "") -> float:
    """A number within the bound of `key`, which is `what` where nothing else is said."""
    try:
        number = math.inf if isinstance(value, int) and abs(value) > 10**18 else float(value)
    except (TypeError, ValueError):
        number = None
    if number is None or isinstance(value, bool):
        raise refused(f"{what} is `{str(value)[:60]}`; expected a number")
    if wrong := out_of_bound(key or what, number, what):
        raise refused(wrong)
    return number


def _count(what: str, value: Value) -> int:
    number = _number(what, value)
    if number != int(number):
        raise refused(f"{what} is {value}; expected a whole number")
    return int(number)


def _flag(what: str, value: Value) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if str(value).lower() not in words:
        raise refused(f"{what} is `{value}`; expected true or false")
    return words[str(value).lower()]


def _word(kind: type[Enum], what: str, value: Value) -> Enum:
    known = {member.value: member for member in kind}
    if isinstance(value, kind):
        return value
    if str(value) not in known:
        raise refused(f"{what} is `{value}`; there are {', '.join(map(str, known))}")
    return known[str(value)]


# Values of the site

_ON_DISKS: Final = frozenset({"changed_fraction", "churn_mib_per_s"})


def _site_key(name: str, hint: Any) -> Key | None:
    check = _site_check(name, hint)
    if check is None:
        return None
    return Key(name, name, check, partial(_set_site, name), lambda scenario: getattr(scenario.site, name))


def _site_check(name: str, hint: Any) -> Callable[[Value], Value] | None:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return partial(_word, hint, name)
    if hint is bool:
        return partial(_flag, name)
    if hint is int:
        return partial(_count, name)
    if hint is float or float in getattr(hint, "__args__", ()):
        return partial(_number, name)
    return None


def _set_site(name: str, scenario: Scenario, value: Value) -> Scenario:
    """For the whole estate: what single disks say of the same thing gives way."""
    moved = replace(scenario, site=replace(scenario.site, **{name: value}))
    if name not in _ON_DISKS:
        return moved
    return _with_machines(moved, lambda vm: replace(vm, disks=tuple(_silent(disk, name) for disk in vm.disks)))


def _silent(disk: Disk, name: str) -> Disk:
    changes: dict[str, Any] = {name: None}
    return replace(disk, **changes)


def _with_machines(scenario: Scenario, change: Callable[[VirtualMachine], VirtualMachine]) -> Scenario:
    machines = {name: change(vm) for name, vm in scenario.estate.virtual_machines.items()}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


# Link, people, durations, waves


def _set_bandwidth(scenario: Scenario, value: float) -> Scenario:
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=value)
    return replace(scenario, estate=replace(scenario.estate, link=link))


def _bandwidth(scenario: Scenario) -> float:
    return scenario.estate.link.bandwidth_mbit_per_s


def _set_people(scenario: Scenario, value: int) -> Scenario:
    if not scenario.homecoming.shifts:
        raise refused(
            "`people` cannot vary: the scenario's homecoming has no shifts, so there are always enough people"
        )
    shifts = tuple(replace(shift, people=value) for shift in scenario.homecoming.shifts)
    return replace(scenario, homecoming=replace(scenario.homecoming, shifts=shifts))


def _people(scenario: Scenario) -> int:
    return max((shift.people for shift in scenario.homecoming.shifts), default=0)


def _scale_durations(scenario: Scenario, factor: float) -> Scenario:
    return replace(scenario, durations={key: _scaled(row, factor) for key, row in scenario.durations.items()})


def _scaled(row: Duration, factor: float) -> Duration:
    def by(value: float | None) -> float | None:
        return None if value is None else value * factor

    return replace(
        row,
        fixed_s=by(row.fixed_s),
        low_s=by(row.low_s),
        mode_s=by(row.mode_s),
        high_s=by(row.high_s),
        median_s=by(row.median_s),
    )


def _set_wave_size(scenario: Scenario, size: int) -> Scenario:
    """Waves of so many machines, in the scenario's order; replication groups and recovery plans are not torn."""
    waves: list[list[str]] = []
    for batch in wave_batches(scenario):
        if not waves or len(waves[-1]) + len(batch) > size:
            waves.append([])
        waves[-1] += batch
    made = tuple(Wave(f"wave-{n}", tuple(names)) for n, names in enumerate(filter(None, waves), 1))
    return replace(scenario, plan=replace(scenario.plan, waves=made))


def _wave_size(scenario: Scenario) -> int:
    return max((len(wave.items) for wave in scenario.plan.waves), default=len(scenario.estate.virtual_machines))


# Servers

_SERVERS: Final = ("appliances", "master_targets", "process_servers", "spread")


def _spread_if(scenario: Scenario, wanted: bool) -> Scenario:
    return spread(scenario) if wanted else scenario


def _targets(scenario: Scenario) -> int:
    families = [target.os for target in scenario.estate.master_targets.values()]
    return max((families.count(family) for family in OsFamily), default=0)


def _servers(scenario: Scenario) -> int:
    return sum(server.in_azure is not False for server in scenario.estate.process_servers.values())


# fmt: off
_OWN: Final = (
    Key("bandwidth",       "bandwidth_mbit_per_s",      partial(_number, "bandwidth", key="bandwidth_mbit_per_s"),
        _set_bandwidth,       _bandwidth),
    Key("appliances",      "appliances",                partial(_count, "appliances"),
        with_appliances,      lambda scenario: len(scenario.estate.appliances)),
    Key("master_targets",  "master_targets_per_family", partial(_count, "master_targets"),
        with_master_targets,  _targets),
    Key("process_servers", "process_servers",           partial(_count, "process_servers"),
        with_process_servers, _servers),
    Key("spread",          "spread",                    partial(_flag, "spread"),
        _spread_if,           lambda _: False),
    Key("people",          "people_per_shift",          partial(_count, "people"),
        _set_people,          _people),
    Key("wave_size",       "wave_size_machines",        partial(_count, "wave_size"),
        _set_wave_size,       _wave_size),
    Key("duration_factor", "duration_factor",           partial(_number, "duration_factor"),
        _scale_durations,     lambda _: 1.0),
)
# fmt: on


def _table() -> dict[str, Key]:
    hints = get_type_hints(SiteParameters)
    site = (_site_key(f.name, hints[f.name]) for f in fields(SiteParameters))
    return {key.name: key for key in (*_OWN, *filter(None, site))}


KEYS: Final[Mapping[str, Key]] = _table()
"""All keys by name: those of link, people, waves and servers, and every number of the site's model."""
