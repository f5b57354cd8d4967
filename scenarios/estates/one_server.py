"""Machines that all come home through one server: what that costs when it stops, and what would change it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from failback.reprotect import (
    DISKS_MAX,
    Appliance,
    Estate,
    MasterTarget,
    Operation,
    Plan,
    RequestDefaults,
    own_disks,
    slots_of,
    through,
)
from failback.scenarios.judging.passed_over import barred_servers
from failback.scenarios.study.repaired import unwell
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, machines

from .wave_slots import pool_of_server

_Server: TypeAlias = Appliance | MasterTarget


def one_server_words(estate: Estate) -> Iterator[str]:
    """A sentence or three for each server that is the only one for two machines or more."""
    defaults, through_it = RequestDefaults(estate, Plan()), dict[str, list[str]]()
    for name in estate.virtual_machines:
        server = through(defaults.choose(name, Operation.REPROTECT_TO_ON_PREMISES))
        if server is not None:
            through_it.setdefault(server, []).append(name)
    servers: Mapping[str, _Server] = {**estate.appliances, **estate.master_targets}
    for server, names in through_it.items():
        alike = [other for other in servers.values() if pool_of_server(other) == pool_of_server(servers[server])]
        if len(names) > 1 and not any(other.name != server and other.name in through_it for other in alike):
            unfit = barred_servers(defaults, names[-1])
            others = {other.name: unfit.get(other.name, "") for other in alike if other.name != server}
            yield _words(estate, servers[server], names, others)


def _words(estate: Estate, server: _Server, names: Sequence[str], others: Mapping[str, str]) -> str:
    whole = len(names) == len(estate.virtual_machines)
    disks = sum(slots_of(estate.virtual_machines[name]) for name in names)
    slots = DISKS_MAX - own_disks(estate, server)
    queue = f"; {disks - slots} of the disks wait for the first to be home" if disks > slots else ""
    return (
        f"{'All ' if whole else ''}{machines(len(names))} ({counted(disks, 'disk')}) come home through {_kind(server)} "
        f"{server.name}, which takes {slots} disks at once{queue}. If it fails, none of them comes home until it is "
        f"repaired. {_change(estate, server, names, others)}"
    )


def _change(estate: Estate, server: _Server, names: Sequence[str], others: Mapping[str, str]) -> str:
    """What one would do about it. `others`: servers of the kind, each with the rule that refuses it for the last."""
    able = [name for name, rule in others.items() if not rule]
    if able:
        key = "appliance" if isinstance(server, Appliance) else "master_target"
        return (
            f"To change that, send some through {listed(able)}: under `plan`, for instance "
            f"`item_choices: {{{names[-1]}: {{{key}: {able[0]}}}}}`."
        )
    if others:
        refused = listed([f"{name} ({rule})" for name, rule in others.items()])
        if set(others) <= {*unwell(estate, "appliances"), *unwell(estate, "master_targets")}:
            return f"To change that, repair {refused} before you add another; `failback check` says how."
        return f"To change that, first fix what blocks the way home through {refused}; `failback check` says how."
    return f"To change that, set up a second {_kind(server)}, and import again."


def _kind(server: _Server) -> str:
    return "appliance" if isinstance(server, Appliance) else f"{server.os.value.capitalize()} master target"
