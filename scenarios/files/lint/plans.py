"""Recovery plans, waves and goals."""

from collections.abc import Iterator

from failback.reprotect import PLAN_INSTANCES_MAX, Architecture, NoRoute, Phase, route

from .subject import LintFinding, Subject, plan_instances


def a_recovery_plan_is_too_large(subject: Subject) -> Iterator[LintFinding]:
    """A recovery plan has at most 100 instances."""
    for index, plan in enumerate(subject.estate.recovery_plans):
        count = sum(len(group) for group in plan.groups)
        if count > PLAN_INSTANCES_MAX:
            message = f"`{plan.name}` has {count} instances; a recovery plan has at most {PLAN_INSTANCES_MAX}, split it"
            yield ("estate", "recovery_plans", index, "groups"), message


def an_item_is_planned_twice(subject: Subject) -> Iterator[LintFinding]:
    """An item stands in one group of one recovery plan."""
    taken: dict[str, str] = {}
    for path, name in plan_instances(subject.estate):
        plan = subject.estate.recovery_plans[int(path[2])].name
        if name in taken:
            yield path, f"`{name}` already stands in a group of the recovery plan `{taken[name]}`; keep it in one"
        taken.setdefault(name, plan)


def an_item_is_in_two_waves(subject: Subject) -> Iterator[LintFinding]:
    """An item comes home once."""
    taken: dict[str, str] = {}
    for index, wave in enumerate(subject.file.plan.waves):
        for number, name in enumerate(wave.items):
            if name in taken:
                message = f"`{name}` is already in the wave `{taken[name]}`; keep it in one"
                yield ("plan", "waves", index, "items", number), message
            taken.setdefault(name, wave.name)


def a_wave_closes_before_it_opens(subject: Subject) -> Iterator[LintFinding]:
    """A window has a length."""
    for index, wave in enumerate(subject.file.plan.waves):
        if wave.closes_s is not None and wave.closes_s <= wave.opens_s:
            message = f"the wave closes at {wave.closes_s:g} s and opens at {wave.opens_s:g} s; make it close later"
            yield ("plan", "waves", index, "closes_s"), message


def a_freeze_has_no_length(subject: Subject) -> Iterator[LintFinding]:
    """A freeze window ends after it has begun."""
    for index, freeze in enumerate(subject.file.plan.freezes):
        if freeze.until_s <= freeze.from_s:
            message = f"the freeze is from {freeze.from_s:g} s until {freeze.until_s:g} s; make it end later"
            yield ("plan", "freezes", index, "until_s"), message


def a_wave_closes_before_its_turn(subject: Subject) -> Iterator[LintFinding]:
    """A wave waits for those before it, so it stays open at least until the last of them opens."""
    last_s, last = 0.0, ""
    for index, wave in enumerate(subject.file.plan.waves):
        if last and wave.closes_s is not None and wave.closes_s <= last_s:
            message = (
                f"the wave closes at {wave.closes_s:g} s and waits for the wave `{last}`, which opens at {last_s:g} s; "
                "let it close later, or put it first"
            )
            yield ("plan", "waves", index, "closes_s"), message
        if wave.opens_s >= last_s:
            last_s, last = wave.opens_s, wave.name


def a_wave_seeds_at_the_wrong_time(subject: Subject) -> Iterator[LintFinding]:
    """A wave replicates home before it fails back, and its seed window has a length."""
    for index, wave in enumerate(subject.file.plan.waves):
        begins_s, ends_s = wave.seed_opens_s, wave.seed_closes_s
        path = ("plan", "waves", index)
        if begins_s is None and ends_s is not None:
            yield (*path, "seed_closes_s"), "the wave has an end of its seeding and no beginning; give seed_opens_s too"
        elif begins_s is not None and ends_s is not None and ends_s <= begins_s:
            message = f"seeding closes at {ends_s:g} s and opens at {begins_s:g} s; make it close later"
            yield (*path, "seed_closes_s"), message
        if begins_s is not None and wave.opens_s < begins_s:
            message = f"the wave fails back from {wave.opens_s:g} s on and seeds from {begins_s:g} s on; seed earlier"
            yield (*path, "seed_opens_s"), message


def the_goals_are_not_connected(subject: Subject) -> Iterator[LintFinding]:
    """From where an item starts, a chain of usual operations leads through all goals."""
    goals = subject.file.plan.goals
    if not goals:
        yield ("plan", "goals"), "there is no goal; leave `goals` out for the whole way, or name at least one phase"
    architectures = dict.fromkeys(vm.architecture for vm in subject.estate.virtual_machines)
    for index, (here, goal) in enumerate(zip((Phase.REPLICATING_TO_AZURE, *goals), goals, strict=False)):
        lost = " or ".join(a.value for a in architectures if not _connected(a, here, goal))
        if lost:
            message = f"no usual path leads a {lost} item from {here.value} to {goal.value}; use another goal"
            yield ("plan", "goals", index), message


def _connected(architecture: Architecture, here: Phase, goal: Phase) -> bool:
    try:
        route(architecture, here, goal)
    except NoRoute:
        return False
    return True
