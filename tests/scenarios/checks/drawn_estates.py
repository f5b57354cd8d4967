"""Estates with their plans, as hypothesis draws them: free ones, and ones that break a given rule on purpose."""

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st

from failback.reprotect import Architecture, phases_of

from .breaks import Break
from .drawn_servers import a_place, drawn_servers
from .known_estates import machine, servers

OF_MACHINES: Final[tuple[dict[str, Any], ...]] = (
    {"exists_on_premises": False}, {"migration_completed": True}, {"protection_disabled": True}, {"target": "hyper-v"},
    {"replication_health": "critical"}, {"memory_gib": 90}, {"replication_starts": False}, {"resync_required": True},
    {"agent_registered": False}, {"registered_in_vcenter": False}, {"azure": {"exists": False}},
    {"recovery_points": 0}, {"failover_cancelled": True}, {"pending_question": True},
    {"azure": {"moved": True}}, {"azure": {"running": False}}, {"azure": {"reaches_service_urls": False}},
)  # fmt: skip
PHASES: Final = {architecture.value: sorted(p.value for p in phases_of(architecture)) for architecture in Architecture}
"""Where a machine may stand when the drill begins: at rest, or in a job or a resync that is under way."""
COUNTS: Final = (*range(1, 10),) * 6 + (20, 40)
"""How many machines an estate has: mostly few, which cost little."""
TIMES: Final[tuple[dict[str, float], ...]] = (
    {}, {}, {"opens_s": 7200.0}, {"opens_s": 7200.0, "seed_opens_s": 0.0}, {"opens_s": 86400.0, "seed_opens_s": 3600.0},
)  # fmt: skip
"""When a wave opens, and from when its machines replicate home ahead of that."""
LINE_UP: Final = (*(True,) * 30, False)
FEW: Final = (2, 3, 4, 5, 6)
FEW_MACHINES: Final = (1, 2, 3, 4)
Drawn = dict[str, Any]


@st.composite
def free(
    draw: st.DrawFn, architecture: str | None = None, *, begun: bool = False, counts: Sequence[int] = COUNTS
) -> Drawn:
    """Machines, groups, plans, waves and servers as they come; some facts of machines and of servers odd.

    Without `architecture`: both in one estate, each machine of either, in recovery plans of their own. `begun`: the
    machines stand anywhere on their way.
    """
    kinds = (architecture,) if architecture else ("classic", "modernised")
    names = [f"m{n}" for n in range(draw(st.sampled_from(counts)))]
    estate = drawn_servers(draw, kinds)
    vms = {name: _machine(draw, name, draw(st.sampled_from(kinds)), a_place(draw, estate)) for name in names}
    for kind in kinds:
        _grouped(draw, vms, [name for name in names if vms[name]["architecture"] == kind], kind)
    if begun:
        _stand(draw, vms)
    halves = [part for kind in kinds for part in _cut(draw, [n for n in names if vms[n]["architecture"] == kind])]
    drawn = _scenario(draw, estate, vms, halves)
    drawn["estate"]["link"]["up"] = draw(st.sampled_from(LINE_UP))
    return drawn


def _machine(draw: st.DrawFn, name: str, architecture: str, place: tuple[str, str]) -> Drawn:
    odd = draw(st.sampled_from(({},) * 40 + OF_MACHINES))
    own = {"memory_gib": draw(st.sampled_from((4, 8, 30))), "host": place[0], "datastore": place[1]}
    return machine(name, architecture, draw(st.sampled_from((1, 1, 2, 20))), **{**own, **odd})


def _stand(draw: st.DrawFn, vms: Drawn) -> None:
    """All in one phase, or each in its own."""
    alike = {kind: draw(st.sampled_from(PHASES[kind])) for kind in PHASES}
    each = draw(st.booleans())
    for vm in vms.values():
        kind = vm["architecture"]
        vm["at"] = draw(st.sampled_from((alike[kind], *PHASES[kind]))) if each else alike[kind]


def _grouped(draw: st.DrawFn, vms: Drawn, names: Sequence[str], kind: str) -> None:
    for group in range(draw(st.sampled_from((0, 0, 1, 2)))) if names else ():
        for name in draw(st.lists(st.sampled_from(names), max_size=3, unique=True)):
            vms[name]["replication_group"] = f"{kind}-{group}"


def _cut(draw: st.DrawFn, names: Sequence[str]) -> list[Sequence[str]]:
    cut = draw(st.integers(0, len(names)))
    return [part for part in (names[:cut], names[cut:]) if part]


def _scenario(draw: st.DrawFn, estate: Drawn, vms: Drawn, parts: Sequence[Sequence[str]], **plan: Any) -> Drawn:
    plans = [{"name": f"p{n}", "groups": [list(part)]} for n, part in enumerate(parts)]
    names = list(vms)
    if draw(st.booleans()):
        plan["recovery_plans"] = [each["name"] for each in plans]
    if len(names) > 1 and draw(st.sampled_from((True, False, False, False))):
        plan["waves"] = _waves(draw, names)
    if "recovery_plans" not in plan and draw(st.booleans()):
        plan["together"] = _together(vms, plan.get("waves", []))
    whole = {"link": {"bandwidth_mbit_per_s": 500}, "recovery_plans": plans, **estate}
    return {"name": "drawn", "estate": {**whole, "virtual_machines": list(vms.values())}, "plan": plan}


def _together(vms: Drawn, waves: Sequence[Drawn]) -> list[Drawn]:
    """An entry for each wave, without machines of a replication group that more than one wave has."""
    wave_of = {name: wave["name"] for wave in waves for name in wave["items"]}
    blocks: dict[str, list[str]] = {}
    for name, vm in vms.items():
        blocks.setdefault(vm.get("replication_group", name), []).append(name)
    orders: dict[str, list[list[str]]] = {}
    for block in blocks.values():
        if len(there := {wave_of.get(name, "rest") for name in block}) == 1:
            orders.setdefault(there.pop(), []).append(block)
    return [{"name": wave, "order": order} for wave, order in orders.items()]


def _waves(draw: st.DrawFn, names: Sequence[str]) -> list[Drawn]:
    """One wave or two, of which some open late and seed before that; who is in none goes last."""
    first = draw(st.integers(1, len(names) - 1))
    second = draw(st.integers(first, len(names)))
    parts = [part for part in (names[:first], names[first:second]) if part]
    return [{"name": f"wave {n}", "items": list(part), **draw(st.sampled_from(TIMES))} for n, part in enumerate(parts)]


@st.composite
def breaking(draw: st.DrawFn, what: Break, architecture: str) -> Drawn:
    """A few machines, of which some break this rule; all of them where it is a server's or the plan's fault."""
    names = [f"m{n}" for n in range(draw(st.sampled_from(FEW)))]
    struck = draw(st.lists(st.sampled_from(names), min_size=2, max_size=len(names), unique=True))
    vms = {name: struck_machine(name, architecture, what, name in struck, name == struck[0]) for name in names}
    estate = servers(architecture)
    for section, facts in what.parts.items():
        estate[section][0].update(facts)
    for section, facts in what.more.items():
        there = estate.setdefault(section, [])
        there.append({**there[0], **facts} if there else dict(facts))
    planned = [name for name in names if not (what.unplanned and name in struck)]
    ours, others = [n for n in planned if n in struck], [n for n in planned if n not in struck]
    parts = [part for part in (ours, others) if part]
    own = {"item_choices": {struck[0]: dict(what.first_choices)}} if what.first_choices else {}
    drawn = _scenario(draw, estate, vms, parts, choices=dict(what.choices), **own)
    drawn["estate"]["link"].update(what.link)
    return drawn


def struck_machine(name: str, architecture: str, what: Break, struck: bool, first: bool) -> Drawn:
    """A machine that breaks this rule where it is struck."""
    facts = {**(what.machine if struck else {}), **(what.first if first else {})}
    vm = machine(name, architecture, **facts)
    if struck and what.grouped:
        vm["replication_group"] = "odd"
    if struck and what.disk:
        vm["disks"] = [{**vm["disks"][0], **what.disk}, *vm["disks"][1:]]
    return vm
