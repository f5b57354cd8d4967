"""Sense checks beyond the schema: what a file says in the right words and cannot mean."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from math import isfinite
from typing import Any, Final, TypeAlias

from failback.reprotect import (
    PLAN_INSTANCES_MAX,
    REMEDIES,
    Architecture,
    Choices,
    NoRoute,
    OsFamily,
    Phase,
    RemedyPolicy,
    VirtualMachine,
    by_id,
    remedy_of,
    route,
)
from failback.simulator import LINK, LINK_OUT, SILENT_S, FaultKind

from .fact_words import WORDS
from .schema import SECTIONS, EstateFile, ScenarioFile
from .yaml_source import KeyPath, Mistake

Finding: TypeAlias = tuple[KeyPath, str]
"""Where, and what is wrong there with what to do."""
Reference: TypeAlias = tuple[KeyPath, str, tuple[str, ...]]
"""Where a name stands, the name, and the sections that may have it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked. Parts that the schema refused are not in `file`; nothing is said because of their absence."""

    file: ScenarioFile
    estate: EstateFile
    duration_keys: frozenset[str]
    refused_names: frozenset[str] = frozenset()
    refused_sections: frozenset[str] = frozenset()

    def names(self, *sections: str) -> tuple[str, ...]:
        """Names of the parts in these sections, in order."""
        return tuple(part.name for section in sections for part in getattr(self.estate, section))


Check: TypeAlias = Callable[[Subject], Iterator[Finding]]

VMS: Final = ("virtual_machines",)
PARTS: Final = tuple(s for s in SECTIONS if s not in ("replication_groups", "recovery_plans"))
"""Sections whose parts a fault may change."""
IN_VSPHERE: Final = ("virtual_machines", "master_targets", "appliances")
"""Sections whose parts are virtual machines on site."""
COUNT: Final = "virtual_machines[].count"
"""Among the refused sections: a count was refused, so that nobody knows the machines' names."""
_RULE_ID: Final = re.compile(r"[A-Z][0-9]{2}|[0-9]{3,6}")
"""A letter and two digits, or the vendor's error code where a rule is known by that alone."""
_REASON: Final = re.compile(_RULE_ID.pattern + r"|[A-Z]+-[A-Z0-9-]+|[a-z]+(_[a-z]+)*")
"""A rule, an error code of ours, or a word of the drill."""


def lint(
    subject: Subject, mistake: Callable[[KeyPath, str], Mistake], leave: Collection[str] = frozenset()
) -> tuple[Mistake, ...]:
    """All mistakes that the table's checks find, in the table's order; `mistake` knows the lines.

    `leave` names checks that are left out, because somebody else says the same (`LEFT_TO_RULES`).
    """
    checks = (check for name, check in CHECKS if name not in leave)
    return tuple(mistake(path, message) for check in checks for path, message in check(subject))


# Names


def a_name_is_empty(subject: Subject) -> Iterator[Finding]:
    """An empty name names nothing."""
    named: dict[KeyPath, str] = {("name",): subject.file.name}
    for section in SECTIONS:
        named |= {("estate", section, index, "name"): name for index, name in enumerate(subject.names(section))}
    for path, name in named.items():
        if not name.strip():
            yield path, "the name is empty; give it one"


def a_name_is_taken(subject: Subject) -> Iterator[Finding]:
    """One name is one part: a fault, a plan and the vault know parts by their names alone."""
    taken: dict[str, str] = {LINK: "the line", LINK_OUT: "the line"}
    for section in (s for s in SECTIONS if s != "replication_groups"):
        for index, name in enumerate(subject.names(section)):
            if name in taken:
                message = f"the name `{name}` is already taken in {taken[name]}; give this one another name"
                yield ("estate", section, index, "name"), message
            taken.setdefault(name, section)


def a_list_has_a_name_twice(subject: Subject) -> Iterator[Finding]:
    """Replication groups, waves and gates have names of their own."""
    plan = subject.file.plan
    lists: dict[KeyPath, tuple[str, ...]] = {
        ("estate", "replication_groups"): subject.names("replication_groups"),
        ("plan", "waves"): tuple(wave.name for wave in plan.waves),
        ("plan", "gates"): tuple(gate.name for gate in plan.gates),
    }
    for path, names in lists.items():
        for index, name in _repeated(names):
            yield (*path, index, "name"), f"the name `{name}` is used twice in this list; give this one another name"


def a_name_refers_to_nothing(subject: Subject) -> Iterator[Finding]:
    """Every name that a file uses is the name of a part of the right kind."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    for path, name, sections in _references(subject):
        there = known.setdefault(sections, frozenset(subject.names(*sections)))
        if name and name not in there and not _unclear(subject, name, sections, there):
            yield path, f"`{name}` names nothing in {_listed(sections)}{_nearest(name, there)}"


def _unclear(subject: Subject, name: str, sections: tuple[str, ...], there: frozenset[str]) -> bool:
    """Whether a refused part may be the one that this name means."""
    uncounted = COUNT in subject.refused_sections and "virtual_machines" in sections
    emptied = not there and bool(subject.refused_sections.intersection(sections))
    return uncounted or emptied or name in subject.refused_names


def _references(subject: Subject) -> Iterator[Reference]:
    yield from _estate_references(subject.estate)
    yield from _plan_references(subject.file)
    yield from _story_references(subject.file)


def _estate_references(estate: EstateFile) -> Iterator[Reference]:
    for section in IN_VSPHERE:
        for index, part in enumerate(getattr(estate, section)):
            yield ("estate", section, index, "host"), part.host, ("hosts",)
            yield ("estate", section, index, "datastore"), part.datastore, ("datastores",)
    for index, host in enumerate(estate.hosts):
        yield from _each(("estate", "hosts", index, "datastores"), host.datastores, ("datastores",))
    for index, group in enumerate(estate.replication_groups):
        yield from _each(("estate", "replication_groups", index, "items"), group.items, VMS)
    for path, name in _plan_instances(estate):
        yield path, name, VMS


def _plan_references(file: ScenarioFile) -> Iterator[Reference]:
    plan = file.plan
    yield from _each(("plan", "recovery_plans"), plan.recovery_plans, ("recovery_plans",))
    for index, wave in enumerate(plan.waves):
        yield from _each(("plan", "waves", index, "items"), wave.items, VMS)
    for index, gate in enumerate(plan.gates):
        yield from _each(("plan", "gates", index, "items"), gate.items, VMS)
    yield from _choice_references(("plan", "choices"), plan.choices)
    for item, choices in plan.item_choices.items():
        yield ("plan", "item_choices", item), item, VMS
        yield from _choice_references(("plan", "item_choices", item), choices)


def _choice_references(path: KeyPath, choices: Choices) -> Iterator[Reference]:
    for key in ("master_target", "process_server", "appliance", "datastore"):
        yield (*path, key), getattr(choices, key) or "", (f"{key}s",)


def _story_references(file: ScenarioFile) -> Iterator[Reference]:
    for index, answer in enumerate(file.operator):
        yield from _each(("operator", index, "items"), answer.items, VMS)
    for index, fault in enumerate(file.faults):
        if (fault.kind, fault.object) != (FaultKind.CHANGE_FACTS, LINK):
            yield ("faults", index, "object"), fault.object, _WHERE_A_FAULT_ACTS.get(fault.kind, IN_VSPHERE)
        if fault.when is not None:
            yield ("faults", index, "when", "item"), fault.when.item, VMS
    for key in ("items", "stopped_by"):
        for item in getattr(file.expect, key):
            yield ("expect", key, item), item, VMS


def _each(path: KeyPath, names: Iterable[str], sections: tuple[str, ...]) -> Iterator[Reference]:
    return (((*path, index), name, sections) for index, name in enumerate(names))


_WHERE_A_FAULT_ACTS: Final[Mapping[FaultKind, tuple[str, ...]]] = {
    FaultKind.CHANGE_FACTS: PARTS,
    FaultKind.FAIL_JOB: VMS,
    FaultKind.CANCEL_JOB: VMS,
}


def a_retention_drive_is_nowhere(subject: Subject) -> Iterator[Finding]:
    """A chosen retention drive is one of the chosen master target, or of any where none is chosen (R29)."""
    if "master_targets" in subject.refused_sections:
        return
    for path, choices in _all_choices(subject.file):
        drive = choices.retention_drive
        targets = [t for t in subject.estate.master_targets if choices.master_target in (None, t.name)]
        offered = {d.name for target in targets for d in target.retention_drives}
        if drive and drive not in offered and (targets or choices.master_target is None):
            yield (*path, "retention_drive"), f"no master target offers the drive `{drive}`{_nearest(drive, offered)}"


def an_account_is_nowhere(subject: Subject) -> Iterator[Finding]:
    """A chosen run-as account is kept by a configuration server."""
    if "configuration_servers" in subject.refused_sections:
        return
    kept = {account for server in subject.estate.configuration_servers for account in server.accounts}
    for path, choices in _all_choices(subject.file):
        account = choices.account
        if account and account not in kept:
            yield (*path, "account"), f"no configuration server keeps the account `{account}`{_nearest(account, kept)}"


def a_tier_is_nowhere(subject: Subject) -> Iterator[Finding]:
    """A promise or a manual step is for a tier that a machine has."""
    if "virtual_machines" in subject.refused_sections:
        return
    tiers, home = {vm.tier for vm in subject.estate.virtual_machines}, subject.file.homecoming
    promised = [(("targets", n, "tier"), target.tier) for n, target in enumerate(home.targets) if target.tier]
    worked = [
        (("manual_steps", n, "tiers", m), t)
        for n, step in enumerate(home.manual_steps)
        for m, t in enumerate(step.tiers)
    ]
    for path, tier in (*promised, *worked):
        if tier not in tiers:
            yield ("homecoming", *path), f"no machine is of tier `{tier}`{_nearest(tier, filter(None, tiers))}"


def an_answer_has_no_question(subject: Subject) -> Iterator[Finding]:
    """An operator answers a gate of the plan, or the remedy of a rule."""
    gates = {gate.name for gate in subject.file.plan.gates}
    for index, answer in enumerate(subject.file.operator):
        if answer.gate not in gates | subject.refused_names and not _RULE_ID.fullmatch(answer.gate):
            hint = _nearest(answer.gate, gates)
            yield (
                ("operator", index, "gate"),
                f"`{answer.gate}` is neither a gate of the plan nor a rule such as R04{hint}",
            )


def a_rule_is_not_an_id(subject: Subject) -> Iterator[Finding]:
    """Remedies belong to rules; an item is stopped by a rule, an error code, a gate or a word like gave_up."""
    expect, gates = subject.file.expect, {gate.name for gate in subject.file.plan.gates}
    reasons: dict[KeyPath, str] = {("expect", "stopped_by", item): rule for item, rule in expect.stopped_by.items()}
    reasons |= {("expect", "findings", index): rule for index, rule in enumerate(expect.findings)}
    odd = [(path, reason) for path, reason in reasons.items() if reason not in gates and not _REASON.fullmatch(reason)]
    odd += [(("plan", "remedies", rule), rule) for rule in subject.file.plan.remedies if not _RULE_ID.fullmatch(rule)]
    for path, rule in odd:
        yield path, f"`{rule}` is not a rule; expected a letter and two digits, such as R04, or an error code"


def a_remedy_has_no_port(subject: Subject) -> Iterator[Finding]:
    """Only what failback can carry out may be asked of it: by the plan, or by an operator's answer."""
    asked: dict[KeyPath, str] = {
        ("plan", "remedies", rule): rule
        for rule, policy in subject.file.plan.remedies.items()
        if policy is RemedyPolicy.APPLY
    }
    asked |= {("operator", n, "apply"): answer.gate for n, answer in enumerate(subject.file.operator) if answer.apply}
    for path, rule in asked.items():
        if _RULE_ID.fullmatch(rule) and remedy_of(rule) is None:
            row = by_id(rule)
            steps = f", by these steps: {row.remedy}" if row else ""
            yield path, f"the remedy of {rule} is for somebody's hand{steps}. {_CAN_APPLY}"


def an_answer_contradicts_itself(subject: Subject) -> Iterator[Finding]:
    """To apply a remedy is to go on, and a gate of the plan has no remedy."""
    for index, answer in enumerate(subject.file.operator):
        if answer.apply and not answer.proceed:
            yield ("operator", index, "apply"), "`apply` goes on and `proceed: false` stops; leave one of them out"
        elif answer.apply and not _RULE_ID.fullmatch(answer.gate):
            yield ("operator", index, "apply"), f"`{answer.gate}` is a gate and no rule, so there is nothing to apply"


_CAN_APPLY: Final = (
    "Write ask or never, or leave it out; failback itself carries out the remedies of "
    f"{', '.join(dict.fromkeys(remedy.rule for remedy in REMEDIES))}"
)


# Numbers and dates


def a_number_is_out_of_range(subject: Subject) -> Iterator[Finding]:
    """Every number of the file, estate included, against the bounds of its field."""
    for path, value in _numbers(subject.estate, ("estate",)):
        yield from _out_of_range(path, value)
    for path, value in _numbers(subject.file, ()):
        if path[0] != "estate":
            yield from _out_of_range(path, value)


def _above_zero(value: float) -> bool:
    return value > 0


def _not_negative(value: float) -> bool:
    return value >= 0


def _share(value: float) -> bool:
    return 0 <= value <= 1


def _at_least_one(value: float) -> bool:
    return value >= 1


def _until_silent(value: float) -> bool:
    return 0 < value <= SILENT_S


_BOUNDS: Final[Mapping[str, tuple[Callable[[float], bool], str]]] = {
    "bandwidth_mbit_per_s": (_above_zero, "above 0, in Mbit/s"),
    "bandwidth_to_azure_mbit_per_s": (_above_zero, "above 0, in Mbit/s"),
    "upload_mib_per_s": (_above_zero, "above 0, in MiB/s; leave it out where nothing limits it"),
    "receive_mib_per_s": (_above_zero, "above 0, in MiB/s; leave it out where nothing limits it"),
    "write_mib_per_s": (_above_zero, "above 0, in MiB/s; leave it out where nothing limits it"),
    "cache_gib": (_above_zero, "above 0, in GiB; leave it out where nothing limits it"),
    "size_gib": (_above_zero, "above 0, in GiB"),
    "capacity_gib": (_above_zero, "above 0, in GiB"),
    "scan_mib_per_s": (_above_zero, "above 0, in MiB/s"),
    "heartbeat_period_s": (_until_silent, "above 0, in seconds, and at most 900, from which on silence is an error"),
    "compression_ratio": (_above_zero, "above 0; 1 means no compression"),
    "changed_fraction": (_share, "between 0 and 1"),
    "changed_spread": (_share, "between 0 and 1"),
    "attempts_max": (_at_least_one, "at least 1"),
    "times": (_at_least_one, "at least 1"),
    "recheck_s": (_above_zero, "above 0, in seconds"),
    "retry_delay_s": (_above_zero, "above 0, in seconds"),
    "give_up_after_s": (_above_zero, "above 0, in seconds"),
}
_ANY_BOUND: Final = (_not_negative, "0 or above")
_UNBOUNDED: Final = frozenset({"seed"})


def _out_of_range(path: KeyPath, value: float) -> Iterator[Finding]:
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    holds, expected = _BOUNDS.get(key, _ANY_BOUND)
    if not isfinite(value):
        yield path, f"`{key}` is {value}; expected a finite number, {expected}"
    elif key not in _UNBOUNDED and not holds(value):
        yield path, f"`{key}` is {value:g}; expected a number {expected}"


def _numbers(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, float]]:
    if isinstance(value, (str, bool, Enum)) or value is None:
        return
    if isinstance(value, (int, float)):
        yield path, value
    for step, part in _parts(value):
        yield from _numbers(part, (*path, step))


def _parts(value: Any) -> Iterable[tuple[str | int, Any]]:
    if is_dataclass(value):
        return ((f.name, getattr(value, f.name)) for f in fields(value))
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def the_start_has_no_offset(subject: Subject) -> Iterator[Finding]:
    """A date without an offset is another instant in every place."""
    if subject.file.starts_at.tzinfo is None:
        yield ("starts_at",), "the date has no offset; write Z for UTC or an offset such as +09:00 at its end"


def a_duration_is_unknown(subject: Subject) -> Iterator[Finding]:
    """A duration that the model never asks for changes nothing."""
    for key in subject.file.durations:
        if key not in subject.duration_keys:
            yield ("durations", key), f"nothing takes a time called `{key}`{_nearest(key, subject.duration_keys)}"


# The estate


def no_machine(subject: Subject) -> Iterator[Finding]:
    """An estate protects something."""
    if not subject.estate.virtual_machines and "virtual_machines" not in subject.refused_sections:
        yield ("estate", "virtual_machines"), "there is no virtual machine; expected at least one"


def a_machine_has_no_disk(subject: Subject) -> Iterator[Finding]:
    """A machine without a disk has nothing to bring home."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if not vm.disks:
            message = f"`{vm.name}` has no disk; give it at least one with `size_gib`"
            yield ("estate", "virtual_machines", index, "disks"), message


def a_disk_is_larger_than_its_datastore(subject: Subject) -> Iterator[Finding]:
    """A disk fits on the datastore that holds it."""
    capacity_gib = {store.name: store.capacity_gib for store in subject.estate.datastores}
    for index, vm in enumerate(subject.estate.virtual_machines):
        room_gib = capacity_gib.get(vm.datastore)
        for number, disk in enumerate(vm.disks):
            if room_gib is not None and disk.size_gib > room_gib:
                message = (
                    f"the disk has {disk.size_gib:g} GiB and its datastore `{vm.datastore}` {room_gib:g}; make it fit"
                )
                yield ("estate", "virtual_machines", index, "disks", number, "size_gib"), message


def a_physical_server_is_a_machine_on_site(subject: Subject) -> Iterator[Finding]:
    """A physical server has no virtual machine on site before its first return (T07)."""
    for index, vm in enumerate(subject.estate.virtual_machines):
        if vm.source == "physical" and vm.exists_on_premises is True:
            path = ("estate", "virtual_machines", index, "source")
            yield path, f"`{vm.name}` was physical and comes back as a new machine; add `exists_on_premises: false`"


def a_word_is_unknown(subject: Subject) -> Iterator[Finding]:
    """A rule compares with certain words; another one would pass for a sound fact."""
    for (section, fact), words in WORDS.items():
        for path, part in _parts_of(subject.estate, section):
            yield from _other_words((*path, fact), getattr(part, fact), words)
        for index, fault in enumerate(subject.file.faults):
            if fact in fault.facts and fault.object in _names_in(subject, section):
                yield from _other_words(("faults", index, "facts", fact), fault.facts[fact], words)


def _other_words(path: KeyPath, said: object, words: tuple[str, ...]) -> Iterator[Finding]:
    for word in said if isinstance(said, list | tuple) else (said,):
        if isinstance(word, str) and word not in words:
            yield path, f"`{word}` is no {path[-1]} that a rule knows; expected {', '.join(words[:-1])} or {words[-1]}"


def _names_in(subject: Subject, section: str) -> tuple[str, ...]:
    return (LINK,) if section == "link" else subject.names(section)


def _parts_of(estate: EstateFile, section: str) -> Iterator[tuple[KeyPath, object]]:
    found = getattr(estate, section)
    if not isinstance(found, tuple):
        yield ("estate", section), found
        return
    yield from ((("estate", section, index), part) for index, part in enumerate(found))


def a_group_is_mixed(subject: Subject) -> Iterator[Finding]:
    """A replication group is of one OS family (R06)."""
    yield from _mixed(subject.estate, "os", " (R06)")


def a_group_has_two_architectures(subject: Subject) -> Iterator[Finding]:
    """A replication group comes home by one server, hence is of one architecture."""
    yield from _mixed(subject.estate, "architecture", "")


def _mixed(estate: EstateFile, kind: str, rule: str) -> Iterator[Finding]:
    for group, members in _groups(estate).items():
        first = members[0][1]
        odd = next(((p, vm) for p, vm in members if getattr(vm, kind) is not getattr(first, kind)), None)
        if odd is not None:
            path, vm = odd
            mix = f"{getattr(first, kind).value} (`{first.name}`) and {getattr(vm, kind).value} (`{vm.name}`)"
            yield path, f"the replication group `{group}` mixes {mix}; a group has one {kind}{rule}, split it"


def a_machine_is_in_two_groups(subject: Subject) -> Iterator[Finding]:
    """A machine is in one replication group at most."""
    own = {vm.name: vm.replication_group for vm in subject.estate.virtual_machines if vm.replication_group}
    for index, group in enumerate(subject.estate.replication_groups):
        for number, name in enumerate(group.items):
            other = own.setdefault(name, group.name)
            if other != group.name:
                message = f"`{name}` is already in the replication group `{other}`; a machine is in one at most"
                yield ("estate", "replication_groups", index, "items", number), message


def _groups(estate: EstateFile) -> Mapping[str, list[tuple[KeyPath, VirtualMachine]]]:
    by_name = {vm.name: vm for vm in estate.virtual_machines}
    groups: dict[str, list[tuple[KeyPath, VirtualMachine]]] = {}
    for index, vm in enumerate(estate.virtual_machines):
        if vm.replication_group:
            path: KeyPath = ("estate", "virtual_machines", index, "replication_group")
            groups.setdefault(vm.replication_group, []).append((path, vm))
    for index, group in enumerate(estate.replication_groups):
        for number, name in enumerate(group.items):
            member = by_name.get(name)
            if member is not None and member.replication_group != group.name:
                path = ("estate", "replication_groups", index, "items", number)
                groups.setdefault(group.name, []).append((path, member))
    return groups


def an_architecture_lacks_a_part(subject: Subject) -> Iterator[Finding]:
    """Classic needs three kinds of server, a master target per OS family (R01, M01); modernised an appliance (A01)."""
    first: dict[tuple[Architecture, OsFamily], int] = {}
    for index, vm in enumerate(subject.estate.virtual_machines):
        first.setdefault((vm.architecture, vm.os), index)
    for (architecture, os), index in first.items():
        for section, lacking in _lacking(subject.estate, architecture, os):
            if section not in subject.refused_sections:
                name = subject.estate.virtual_machines[index].name
                message = f"`{name}` is {architecture.value} and the estate has no {lacking}; add one under {section}"
                yield ("estate", "virtual_machines", index), message


def _lacking(estate: EstateFile, architecture: Architecture, os: OsFamily) -> Iterator[tuple[str, str]]:
    return ((section, what) for section, what, there in _NEEDS[architecture](estate, os) if not there)


def _classic_needs(estate: EstateFile, os: OsFamily) -> tuple[tuple[str, str, bool], ...]:
    return (
        ("configuration_servers", "configuration server (R02)", bool(estate.configuration_servers)),
        ("process_servers", "process server (R01)", bool(estate.process_servers)),
        ("master_targets", f"{os.value} master target (M01)", any(t.os is os for t in estate.master_targets)),
    )


def _modernised_needs(estate: EstateFile, _: OsFamily) -> tuple[tuple[str, str, bool], ...]:
    return (("appliances", "replication appliance (A01)", bool(estate.appliances)),)


_NEEDS: Final = {Architecture.CLASSIC: _classic_needs, Architecture.MODERNISED: _modernised_needs}


# Plans


def a_recovery_plan_is_too_large(subject: Subject) -> Iterator[Finding]:
    """A recovery plan has at most 100 instances."""
    for index, plan in enumerate(subject.estate.recovery_plans):
        count = sum(len(group) for group in plan.groups)
        if count > PLAN_INSTANCES_MAX:
            message = f"`{plan.name}` has {count} instances; a recovery plan has at most {PLAN_INSTANCES_MAX}, split it"
            yield ("estate", "recovery_plans", index, "groups"), message


def an_item_is_planned_twice(subject: Subject) -> Iterator[Finding]:
    """An item stands in one group of one recovery plan."""
    taken: dict[str, str] = {}
    for path, name in _plan_instances(subject.estate):
        plan = subject.estate.recovery_plans[int(path[2])].name
        if name in taken:
            yield path, f"`{name}` already stands in a group of the recovery plan `{taken[name]}`; keep it in one"
        taken.setdefault(name, plan)


def an_item_is_in_two_waves(subject: Subject) -> Iterator[Finding]:
    """An item comes home once."""
    taken: dict[str, str] = {}
    for index, wave in enumerate(subject.file.plan.waves):
        for number, name in enumerate(wave.items):
            if name in taken:
                message = f"`{name}` is already in the wave `{taken[name]}`; keep it in one"
                yield ("plan", "waves", index, "items", number), message
            taken.setdefault(name, wave.name)


def a_wave_closes_before_it_opens(subject: Subject) -> Iterator[Finding]:
    """A window has a length."""
    for index, wave in enumerate(subject.file.plan.waves):
        if wave.closes_s is not None and wave.closes_s <= wave.opens_s:
            message = f"the wave closes at {wave.closes_s:g} s and opens at {wave.opens_s:g} s; make it close later"
            yield ("plan", "waves", index, "closes_s"), message


def the_goals_are_not_connected(subject: Subject) -> Iterator[Finding]:
    """From where an item starts, a chain of usual operations leads through all goals."""
    goals = subject.file.plan.goals
    if not goals:
        yield ("plan", "goals"), "there is no goal; leave `goals` out for the whole way, or name at least one phase"
    architectures = dict.fromkeys(vm.architecture for vm in subject.estate.virtual_machines)
    for index, (here, goal) in enumerate(zip((Phase.REPLICATING_TO_AZURE, *goals), goals, strict=False)):
        lost = " or ".join(a.value for a in architectures if not _connected(a, here, goal))
        if lost:
            message = f"no usual way leads a {lost} item from {here.value} to {goal.value}; name another goal"
            yield ("plan", "goals", index), message


def _connected(architecture: Architecture, here: Phase, goal: Phase) -> bool:
    try:
        route(architecture, here, goal)
    except NoRoute:
        return False
    return True


# Faults


def a_fault_lacks_a_field(subject: Subject) -> Iterator[Finding]:
    """What a kind of fault needs, and the one way of saying when."""
    for index, fault in enumerate(subject.file.faults):
        if fault.kind is FaultKind.FAIL_JOB and fault.operation is None:
            yield (
                ("faults", index, "operation"),
                "fail_job needs `operation`: whose job fails, for instance reprotect_to_on_premises",
            )
        if fault.kind is FaultKind.CHANGE_FACTS and not fault.facts:
            yield (
                ("faults", index, "facts"),
                "change_facts needs `facts`: the facts' new values, for instance `up: false`",
            )
        if fault.at_s is not None and fault.when is not None:
            yield (
                ("faults", index, "at_s"),
                "the fault has both `at_s` and `when`; keep one, `after_s` counts from `when`",
            )


def a_fault_names_no_task(subject: Subject) -> Iterator[Finding]:
    """A task that no job of that operation has can never fail."""
    architectures = {vm.name: vm.architecture.value for vm in subject.estate.virtual_machines}
    for index, fault in enumerate(subject.file.faults):
        if fault.task and fault.operation and fault.object in architectures:
            prefix = f"task/{architectures[fault.object]}/{fault.operation.value}/"
            tasks = [key.removeprefix(prefix) for key in sorted(subject.duration_keys) if key.startswith(prefix)]
            if fault.task not in tasks:
                yield (
                    ("faults", index, "task"),
                    f"{fault.operation.value} has no task `{fault.task}`; it has {', '.join(tasks)}",
                )


# Words


def _all_choices(file: ScenarioFile) -> Iterator[tuple[KeyPath, Choices]]:
    yield ("plan", "choices"), file.plan.choices
    for item, choices in file.plan.item_choices.items():
        yield ("plan", "item_choices", item), choices


def _plan_instances(estate: EstateFile) -> Iterator[tuple[KeyPath, str]]:
    for index, plan in enumerate(estate.recovery_plans):
        for number, group in enumerate(plan.groups):
            for place, name in enumerate(group):
                yield ("estate", "recovery_plans", index, "groups", number, place), name


def _repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index, name
        seen.add(name)


def _listed(sections: tuple[str, ...]) -> str:
    return " or ".join(sections) if len(sections) < len(PARTS) else "the estate"


def _nearest(name: str, names: Iterable[str]) -> str:
    near = get_close_matches(name, list(names)[:_NAMES_COMPARED_MAX], n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else "; use a name that the estate has"


_NAMES_COMPARED_MAX: Final = 2000

CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("a_name_is_empty", a_name_is_empty),
    ("a_name_is_taken", a_name_is_taken),
    ("a_list_has_a_name_twice", a_list_has_a_name_twice),
    ("a_name_refers_to_nothing", a_name_refers_to_nothing),
    ("a_retention_drive_is_nowhere", a_retention_drive_is_nowhere),
    ("an_account_is_nowhere", an_account_is_nowhere),
    ("a_tier_is_nowhere", a_tier_is_nowhere),
    ("an_answer_has_no_question", an_answer_has_no_question),
    ("a_rule_is_not_an_id", a_rule_is_not_an_id),
    ("a_remedy_has_no_port", a_remedy_has_no_port),
    ("an_answer_contradicts_itself", an_answer_contradicts_itself),
    ("a_number_is_out_of_range", a_number_is_out_of_range),
    ("the_start_has_no_offset", the_start_has_no_offset),
    ("a_duration_is_unknown", a_duration_is_unknown),
    ("no_machine", no_machine),
    ("a_machine_has_no_disk", a_machine_has_no_disk),
    ("a_disk_is_larger_than_its_datastore", a_disk_is_larger_than_its_datastore),
    ("a_physical_server_is_a_machine_on_site", a_physical_server_is_a_machine_on_site),
    ("a_word_is_unknown", a_word_is_unknown),
    ("a_group_is_mixed", a_group_is_mixed),
    ("a_group_has_two_architectures", a_group_has_two_architectures),
    ("a_machine_is_in_two_groups", a_machine_is_in_two_groups),
    ("an_architecture_lacks_a_part", an_architecture_lacks_a_part),
    ("a_recovery_plan_is_too_large", a_recovery_plan_is_too_large),
    ("an_item_is_planned_twice", an_item_is_planned_twice),
    ("an_item_is_in_two_waves", an_item_is_in_two_waves),
    ("a_wave_closes_before_it_opens", a_wave_closes_before_it_opens),
    ("the_goals_are_not_connected", the_goals_are_not_connected),
    ("a_fault_lacks_a_field", a_fault_lacks_a_field),
    ("a_fault_names_no_task", a_fault_names_no_task),
)
"""The table: each check by its name, which is the mistake it finds."""

LEFT_TO_RULES: Final = frozenset({"a_group_is_mixed", "an_architecture_lacks_a_part"})
"""Checks of what is a rule as well (R06; R01, R02, M01, A01): for who judges by the rules, no mistake of the file."""
