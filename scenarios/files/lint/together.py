"""Machines that fail back together (`plan: together`): each in one entry, and none of an entry elsewhere."""

from collections.abc import Iterator
from itertools import pairwise

from failback.scenarios.files.yaml_source import KeyPath

from .subject import LintFinding, Subject


def a_machine_fails_back_with_two(subject: Subject) -> Iterator[LintFinding]:
    """A machine stands in one list of one entry."""
    taken: dict[str, str] = {}
    for path, entry, name in _members(subject):
        if name in taken:
            yield path, f"`{name}` already fails back with `{taken[name]}`; keep it in one list of one entry"
        taken.setdefault(name, entry)


def an_entry_spans_two_waves(subject: Subject) -> Iterator[LintFinding]:
    """The later wave waits for the earlier, whose machines would wait for those of the later."""
    wave_of = {name: wave.name for wave in subject.file.plan.waves for name in wave.items}
    first: dict[str, str] = {}
    for path, entry, name in _members(subject):
        other = first.setdefault(entry, name)
        if wave_of.get(name) != wave_of.get(other):
            yield (
                path,
                f"`{name}` is in another wave than `{other}`, with which it fails back; put all of `{entry}` into one "
                "wave, or make an entry for each wave",
            )


def an_entry_is_planned_twice(subject: Subject) -> Iterator[LintFinding]:
    """By a recovery plan of `plan: recovery_plans` its machines fail back together already, in the order of groups."""
    used = [plan for plan in subject.estate.recovery_plans if plan.name in subject.file.plan.recovery_plans]
    plan_of = {name: plan.name for plan in used for group in plan.groups for name in group}
    for path, entry, name in _members(subject):
        if name in plan_of:
            yield (
                path,
                f"`{name}` fails back by the recovery plan `{plan_of[name]}`, together and in order already; take it "
                f"out of `{entry}`, or the plan out of `plan: recovery_plans`",
            )


def an_entry_splits_a_group(subject: Subject) -> Iterator[LintFinding]:
    """A replication group fails back at once (R07), so none of its machines can wait for another of them."""
    lists = {name: names for entry in subject.file.plan.together for names in entry.order for name in names}
    own = {vm.name: vm.replication_group for vm in subject.estate.virtual_machines if vm.replication_group}
    own |= {name: group.name for group in subject.estate.replication_groups for name in group.items}
    mates: dict[str, list[str]] = {}
    for name, group in own.items():
        mates.setdefault(group, []).append(name)
    for path, _, name in _members(subject):
        if apart := [mate for mate in mates.get(own.get(name, ""), ()) if mate not in lists[name]]:
            yield (
                path,
                f"`{name}` fails back at once with {', '.join(apart)} of its replication group `{own[name]}` (R07); "
                "put all of the group into one list",
            )


def the_order_is_not_that_of_a_recovery_plan(subject: Subject) -> Iterator[LintFinding]:
    """A recovery plan in the vault that the plan does not use may still say in which order machines start."""
    for plan in subject.estate.recovery_plans:
        place = {name: number for number, group in enumerate(plan.groups) for name in group}
        for index, entry in enumerate(subject.file.plan.together):
            steps = [(name, place[name]) for names in entry.order for name in names if name in place]
            turned = next(((a, b) for (a, n), (b, m) in pairwise(steps) if n > m), None)
            if turned is not None:
                path: KeyPath = ("plan", "together", index, "order")
                yield (
                    path,
                    f"`{turned[0]}` is before `{turned[1]}`, which the recovery plan `{plan.name}` starts first. Which "
                    "order is right?",
                )


def _members(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Each place of a machine in an entry, with the entry's name."""
    for index, entry in enumerate(subject.file.plan.together):
        for number, names in enumerate(entry.order):
            for place, name in enumerate(names):
                yield ("plan", "together", index, "order", number, place), entry.name, name
