"""What a cause tells a person: object, value found and wanted, remedy, how to verify it, how certain the rule is.

One value for terminal, page, JSON, SARIF and the list of tasks. It costs a second look at the rule for one machine of
each cause, never for each finding.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeAlias

from failback.reprotect import (
    CAREFUL,
    FACT_SECTIONS,
    LINK,
    OWN_FILE,
    PROOFS,
    STEPS,
    Architecture,
    Blocker,
    Cases,
    Certainty,
    Choices,
    Estate,
    FactRead,
    ObjectKind,
    Operation,
    Plan,
    Proof,
    RemedyTarget,
    RequestDefaults,
    Requirement,
    applies,
    blamed,
    cases_of,
    certainty_of,
    comes_anew,
    decided,
    facts_at_fault,
    facts_read,
    filled,
    filled_for_all,
    known,
    names_of,
    open_facts,
    person_of,
    resolves_itself,
    steps_for_all,
    with_helpers,
    with_prover,
)
from failback.scenarios.judging.check import CheckFinding, Report, Status
from failback.scenarios.text.name_lists import others_named

from .causes import Cause, Observed, causes
from .corrected import corrected_of
from .looked_up import LookedUp, OpenFinding, looked_up, looked_up_by_key, looked_up_one_by_one
from .other_names import other_names
from .plan_causes import PROOF as PLAN_PROOF
from .plan_causes import plan_causes, plan_steps
from .shares import shares
from .steps_that_differ import held_by, ways
from .to_settle_first import Unsettled, unsettled
from .unanswered import awaited, seen_of
from .values_of_each import others_of_texts, with_their_owners

_SOME_VAULT: Final = "Recovery Services vault >"
_KINDS: Final = {section: ObjectKind(section.removesuffix("s").replace("_", " ")) for section in FACT_SECTIONS}
"""Section of the estate -> what its objects are."""
SERVER_KINDS: Final = ("master target", "process server", "configuration server", "appliance")
_Place: TypeAlias = tuple[str, str, str]
"""Machine, rule and status."""


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A cause of a check. `facts`: what is wrong of the object at fault, or what nobody knows.

    `person`: who acts; `steps`: where they click or what they type, in order; `careful`: what that could destroy;
    `proof`: the value wanted and how a person sees it. All with the names of the first machine's objects.
    """

    cause: Cause
    requirement: Requirement
    operation: Operation
    points: tuple[str, ...]
    can_block: bool
    sure: tuple[str, ...]
    facts: tuple[FactRead, ...]
    hows: tuple[str, ...]
    remedy_targets: tuple[RemedyTarget, ...]
    waits_s: float | None
    """Within how many seconds it resolves itself."""
    person: str
    steps: tuple[str, ...]
    careful: str
    proof: Proof
    called: tuple[str, ...] = ()
    """What vault or vCenter call objects that have another name in the estate."""
    link: str = ""
    """Which link is at fault, in words, where one is: it has no name."""
    corrected: str = ""
    """What is written into the file after the repair, where the table knows more than the fact at fault."""
    otherwise: str = ""
    """What else, behind the fact at fault, if the steps ended another way."""
    seen: str = ""
    """What breaks the rule if it holds, where nobody knows whether it does."""
    awaits: str = ""
    """The findings of others on which it hangs, where no fact of its own is open."""
    not_yet: bool = False
    """It can be known only after the reprotect, which lies ahead of all of its machines."""
    file: str = ""
    """The file that was checked."""
    estate_file: str = ""
    """The file in which the facts of its estate stand."""
    looks: tuple[str, ...] = ()
    """Where people look for what nobody knows, and which value they write in which case, in order."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of the first machine's objects."""
    plan_file: str = ""
    """The file with the plan, in words, where the file that was checked has none."""
    bandwidth_mbit_per_s: float = 0.0
    """That of its estate."""
    noted: Unsettled = field(default_factory=Unsettled)
    """What the import could not settle of its objects."""

    @property
    def reading(self) -> str:
        """The reading that decides whether the rule holds at all; empty where the pages say so."""
        open_ones = (self.requirement.architectures.of(each) for each in Architecture)
        return (
            next((each.reading for each in open_ones if each.reading), "")
            if any(Certainty.OPEN.value in each for each in self.sure)
            else ""
        )

    @property
    def is_open_now(self) -> bool:
        """Whether nobody knows it, it could block, and somebody could look it up now."""
        return self.cause.status == Status.UNKNOWN.value and self.can_block and not self.not_yet

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the estate that answer or correct it, each once: `appliances: healthy`."""
        return tuple(dict.fromkeys(f"{fact.section}: {fact.key}" for fact in self.facts))


def told_causes(report: Report) -> tuple[ToldCause, ...]:
    """All causes of a check, what blocks first."""
    kinds, found = _kinds(report.estate), dict[_Place, CheckFinding]()
    seen = list[Observed]()
    for finding in report.of(*Status):
        found[finding.item, finding.rule, finding.status.value] = finding
        seen.extend(observed(finding, kinds))
    defaults = report.defaults or RequestDefaults(report.estate, report.plan)
    plan = (_plan_told(*each, here=_here(report)) for each in plan_causes(report.refused))
    way = ways(report, lambda each: found[each.item, each.rule, each.status], defaults)
    return (*plan, *(_with_doubts(report, _told(report, cause, found, defaults)) for cause in causes(seen, way)))


def told_one_by_one(report: Report, told: ToldCause) -> Iterator[tuple[FactRead, str]]:
    """Each fact that nobody knows, of every machine or object of the cause, with who looks where for it."""
    here = _here(report)
    return ((fact, here(where)) for fact, where in looked_up_one_by_one(_open_finding(report, told)))


def told_by_key(report: Report, told: ToldCause) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each key of the estate that nobody knows, with who looks, and where."""
    here = _here(report)
    found = looked_up_by_key(_open_finding(report, told)) if told.facts else ()
    return ((key, looked.person, tuple(map(here, looked.steps))) for key, looked in found)


def _open_finding(report: Report, told: ToldCause) -> OpenFinding:
    defaults = report.defaults or RequestDefaults(report.estate, report.plan)
    choose = partial(defaults.choose, operation=told.operation)
    return OpenFinding(report, told.cause, told.requirement, told.facts, choose, told.names)


def observed(finding: CheckFinding, kinds: Mapping[str, ObjectKind]) -> Iterator[Observed]:
    """Each object that a finding names, once; what is unknown is about the object that its text begins with."""
    row, status, item = finding.requirement, finding.status.value, finding.item
    said: dict[str, dict[str, None]] = {}
    for blocker in finding.blockers:
        said.setdefault(blocker.name, {})[blocker.sentence] = None
    for name, sentences in said.items():
        yield Observed(row.id, status, _kind_of(name, kinds, row), name, item, "; ".join(sentences))
    if finding.gaps:
        for name, facts in _by_subject(finding, kinds).items():
            yield Observed(row.id, status, _kind_of(name, kinds, row), name, item, "; ".join(facts))


def _by_subject(finding: CheckFinding, kinds: Mapping[str, ObjectKind]) -> Mapping[str, Mapping[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for gap in finding.gaps:
        name, colon, fact = gap.fact.partition(": ")
        is_subject = colon and (name in kinds or finding.requirement.kind_of_object is ObjectKind.RETENTION_DRIVE)
        subject, text = (name, fact) if is_subject else (_of_two(name, kinds, finding), gap.fact)
        found.setdefault(subject, {})[text] = None
    return found


def _of_two(names: str, kinds: Mapping[str, ObjectKind], finding: CheckFinding) -> str:
    """Of a fact about two objects, mt and web-01: the one of the kind that the rule is about."""
    wanted = finding.requirement.kind_of_object
    return next((name for name in names.split(" and ") if kinds.get(name) is wanted), finding.item)


def _kinds(estate: Estate) -> Mapping[str, ObjectKind]:
    link = {LINK: ObjectKind.LINK}
    return link | {name: kind for section, kind in _KINDS.items() for name in getattr(estate, section)}


def _kind_of(name: str, kinds: Mapping[str, ObjectKind], row: Requirement) -> str:
    """Its own kind; that of the rule where the estate has no part of this name: a retention drive, a group."""
    return kinds.get(name, row.kind_of_object).value


def _told(report: Report, cause: Cause, found: Mapping[_Place, CheckFinding], defaults: RequestDefaults) -> ToldCause:
    findings = [found[item, cause.rule, cause.status] for item in cause.items]
    first, row = findings[0], findings[0].requirement
    operation, waits_s = first.points[0].operation, _clears_in_s(row, findings)
    choices = defaults.choose(first.item, operation)
    facts, thing = tuple(_facts(report, cause, first, choices)), cause.first.object
    names = _names(report, first, choices, thing, facts)
    holds, first_step = held_by(first, thing), 2 if waits_s else 1
    said = _said(report, cause, names, choices, holds)
    steps, proof = said.steps(STEPS.get(cause.rule, ()), first_step), _proof(cause.rule, said)
    choose = partial(defaults.choose, operation=operation)
    asked = OpenFinding(report, cause, row, facts, choose, said.names)
    looked = looked_up(asked) if cause.status == Status.UNKNOWN.value else LookedUp()
    person = looked.person or _person(report, cause, row, steps, first_step, proof)
    return ToldCause(
        cause,
        row,
        operation,
        _points(findings),
        any(finding.can_block for finding in findings),
        _sure(report.estate, cause, row, holds),
        facts,
        tuple(dict.fromkeys(said.how(gap.how) for finding in findings for gap in finding.gaps)),
        tuple({f.remedy_target: None for f in findings if f.remedy_target is not None}),
        waits_s,
        person,
        steps,
        said.text(CAREFUL.get(cause.rule, "")),
        proof,
        other_names(report.estate, (*cause.objects, *said.names.values())),
        link_words(report.estate, first.item) if cause.kind == ObjectKind.LINK.value else "",
        *_written(report, cause, findings, choices, facts, said),
        all(finding.not_yet for finding in findings),
        report.file,
        _estate_file(report),
        tuple(map(said.here, looked.steps)),
        said.names,
        report.plan_file,
        report.estate.link.bandwidth_mbit_per_s,
    )


def _with_doubts(report: Report, told: ToldCause) -> ToldCause:
    """With what the import could not settle of its objects, which comes before whatever else needs care."""
    noted = unsettled(told.cause, report.mismatches, report.in_doubt)
    return replace(told, noted=noted, careful="; ".join(filter(None, (noted.first, told.careful))))


def _names(
    report: Report, first: CheckFinding, choices: Choices, thing: str, facts: Sequence[FactRead]
) -> Mapping[str, str]:
    found = names_of(report.estate, first.item, choices, thing, first.requirement, _disks(facts))
    other = _other_machine(report, first, thing)
    owner = f"the {report.owners.get(other, f'owner of {other}')}" if other else ""
    return {**found, "other_machine": other, "other_owner": owner}


def _person(report: Report, cause: Cause, row: Requirement, steps: Sequence[str], first_step: int, proof: Proof) -> str:
    """Who acts and, where the rule is known not to be met, who else helps with a step or sees the proof."""
    person = person_of(row.who, cause.kind, cause.items, report.owners)
    if cause.status == Status.UNKNOWN.value:
        return person
    person = with_helpers(person, steps, first_step, report.owners)
    return with_prover(person, proof.seen_by, report.estate.virtual_machines)


def _written(
    report: Report,
    cause: Cause,
    findings: Sequence[CheckFinding],
    choices: Choices,
    facts: Sequence[FactRead],
    said: "_Said",
) -> tuple[str, str, str, str]:
    """What is written after the repair; what is seen where nobody knows whether the rule holds, and whom it awaits."""
    main, other = corrected_of(cause.rule)
    corrected, otherwise = said.text(main), said.text(other)
    if cause.status != Status.UNKNOWN.value or facts:
        return corrected, otherwise, "", ""
    row = findings[0].requirement
    seen = seen_of(row, report.estate, findings[0].item, choices)
    return corrected, otherwise, seen, awaited(report, row, findings)


_LINKS: Final = {"vpn": "VPN", "expressroute_private": "ExpressRoute circuit (private peering)"}


def link_words(estate: Estate, item: str) -> str:
    """Which link it is: VPN between Azure network vnet-app and the site."""
    network = estate.virtual_machines[item].azure.network
    ours = f"Azure network {network}" if known(network) and network else f"the Azure network of {item}"
    kind = estate.link.kind if known(estate.link.kind) else ""
    return f"{_LINKS.get(kind, f'{kind} link'.strip())} between {ours} and the site"


def _proof(rule: str, said: "_Said") -> Proof:
    proof = PROOFS[rule]
    return Proof(said.wanted(proof.wanted), said.text(proof.seen_by))


def _blockers(finding: CheckFinding, thing: str) -> list[Blocker]:
    return [blocker for blocker in finding.blockers if blocker.name == thing]


def _other_machine(report: Report, finding: CheckFinding, thing: str) -> str:
    """The first machine that breaks the rule together with this one."""
    names = (thing, *(name for blocker in _blockers(finding, thing) for name in blocker.others))
    machines = report.estate.virtual_machines
    return next((name for name in names if name in machines and name != finding.item), "")


def _said(report: Report, cause: Cause, names: Mapping[str, str], choices: Choices, holds: tuple[str, ...]) -> "_Said":
    item, thing = cause.first.item, cause.first.object
    named = {**names, "estate_file": _estate_file(report), **_values_seen(holds)}
    named |= {"all_machines": ",".join(cause.items), **shares(report.estate, cause)}
    group = report.estate.replication_groups.get(report.estate.virtual_machines[item].replication_group or "")
    if len(cause.items) > 1 and group is None:
        named["owners"] = f"the owners of {others_named(cause.items)}"
    if item in report.owners:
        named["owner"] = f"the {report.owners[item]}"
    if one := _one_owner(report, (*cause.items, *(group.items if group else ()))):
        named["owners"] = f"the {one}"
    seen = (*holds, *_apart(report.plan, dict.fromkeys(filter(None, (*cause.items, named.get("other_machine", ""))))))
    cases = cases_of(report.estate, item, choices, thing, seen)
    return _Said(cause, named, cases, _here(report), report.owners, _same_hosts(report.estate, cause.items))


def _same_hosts(estate: Estate, items: Collection[str]) -> frozenset[str]:
    """The names of a machine's host, if these have the same one; those that are made anew have a cause for each."""
    hosts = {estate.virtual_machines[name].host for name in items}
    anew = all(comes_anew(estate.virtual_machines[name]) for name in items)
    return frozenset((*(("own_host", "home_host") if len(hosts) == 1 else ()), *(("home_host",) if anew else ())))


def _one_owner(report: Report, machines: Sequence[str]) -> str:
    """The owner of all of them; empty where they have several, or nobody said."""
    owners = {report.owners.get(name, "") for name in machines}
    return owners.pop() if len(owners) == 1 else ""


def _apart(plan: Plan, machines: Collection[str]) -> Iterator[str]:
    """The case of several machines that the plan has in different waves, each in one."""
    wave_of = {item: number for number, wave in enumerate(plan.waves) for item in wave.items}
    waves = [wave_of[item] for item in machines if item in wave_of]
    if len(set(waves)) == len(machines) > 1:
        yield "apart"


def _values_seen(holds: Sequence[str]) -> Mapping[str, str]:
    """Values that the predicate saw, by the name under which a text asks for them."""
    found: dict[str, dict[str, None]] = {}
    for name, _, value in (each.partition("=") for each in holds if "=" in each):
        found.setdefault(name, {})[value] = None
    return {name: ", ".join(values) for name, values in found.items()}


def _disks(facts: Sequence[FactRead]) -> Iterator[int]:
    """The numbers of the disks at fault; what says only that a disk is excluded blames no other."""
    found = [fact.key.split(".") for fact in facts if fact.key.startswith("disks.") and fact.value not in (False, "")]
    attached = [f.key.split(".") for f in facts if f.key.endswith("attached_on_premises")]
    yield from dict.fromkeys(int(key[1]) for key in (*found, *attached))


def in_vault(text: str, vault: str) -> str:
    """The text with the vault's own name in its paths, where it is known."""
    return text.replace(_SOME_VAULT, f"Recovery Services vaults > {vault} >") if vault else text


@dataclass(frozen=True, slots=True)
class _Said:
    """Texts of a rule for one cause: with the names of the first, for its cases; the others are named behind."""

    cause: Cause
    names: Mapping[str, str]
    cases: Cases
    here: Callable[[str], str]
    """Puts the names of the file that was checked and of the vault in, where they are known."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Machine -> its application and owner."""
    same: Collection[str] = ()
    """Names that stand for the same value in all machines."""

    def steps(self, steps: Sequence[str], first: int) -> tuple[str, ...]:
        shared = {"machines": self.cause.items, "objects": self.cause.objects}
        words = self._others(steps)
        told = steps_for_all(steps, self.names, words=words, cases=self.cases, first=first, **shared)
        return tuple(map(self.here, told))

    def text(self, text: str) -> str:
        shared = {"machines": self.cause.items, "objects": self.cause.objects}
        return self.here(filled_for_all(text, self.names, words=self._others([text]), cases=self.cases, **shared))

    def _others(self, texts: Iterable[str]) -> Callable[[Sequence[str]], str]:
        texts = tuple(texts)
        file = self.names["estate_file"] or OWN_FILE
        words = others_of_texts(texts, self.names, self.cases, file, self.same)
        if not any("{owner}" in decided(text, self.cases) for text in texts):
            return words
        return lambda others: with_their_owners(
            others, words(others), self.owners, self.owners.get(self.names["machine"])
        )

    def how(self, text: str) -> str:
        """Where somebody looks; a server that is named by its kind alone gets its name."""
        for kind in SERVER_KINDS:
            name = self.names.get(kind.replace(" ", "_"), "")
            text = text.replace(f"the {kind}", f"{kind} {name}") if name else text
        return text

    def wanted(self, text: str) -> str:
        return filled(text, _of_all(self.cause, self.names), self.cases)


def _of_all(cause: Cause, names: Mapping[str, str]) -> Mapping[str, str]:
    """What is wanted of several machines or objects names none of them."""
    several = {"machine": len(cause.items) > 1, "object": len(cause.objects) > 1}
    return {key: f"each {key}" if several.get(key) else name for key, name in names.items()}


def _estate_file(report: Report) -> str:
    return report.estate_file or report.file


def _here(report: Report) -> Callable[[str], str]:
    own, plan = report.file or OWN_FILE, report.plan_file or report.file or OWN_FILE
    return lambda text: in_vault(text.replace(f"in {OWN_FILE}", f"in {plan}").replace(OWN_FILE, own), report.vault)


def _plan_told(cause: Cause, row: Requirement, sure: str, here: Callable[[str], str]) -> ToldCause:
    """A plan that a run would refuse has no facts and no other machines."""
    places, stop = (f"{row.where[0].operation.value}: {row.stage.value}",), True
    steps = tuple(here(step) for step in plan_steps(cause, row))
    return ToldCause(
        cause,
        row,
        row.where[0].operation,
        places,
        stop,
        (sure,),
        (),
        (),
        (),
        None,
        person_of(row.who, cause.kind, (), {}),
        steps,
        "",
        PLAN_PROOF._replace(seen_by=here(PLAN_PROOF.seen_by)),
    )


def _points(findings: Sequence[CheckFinding]) -> tuple[str, ...]:
    places = dict.fromkeys(point for points in {f.points: None for f in findings} for point in points)
    return tuple(f"{point.operation.value}: {point.stage.value}" for point in places)


def _clears_in_s(row: Requirement, findings: Sequence[CheckFinding]) -> float | None:
    return row.waits_s if all(resolves_itself(f.requirement, f.blockers) for f in findings) else None


def _sure(estate: Estate, cause: Cause, row: Requirement, holds: tuple[str, ...]) -> tuple[str, ...]:
    """On what the rule rests; for each architecture where they differ."""
    found = dict.fromkeys(estate.virtual_machines[item].architecture for item in cause.items)
    words = {architecture.value: certainty_of(applies(row, architecture), holds).value for architecture in found}
    if len(set(words.values())) == 1:
        return tuple(dict.fromkeys(words.values()))
    return tuple(f"{name}: {word}" for name, word in words.items())


def _facts(report: Report, cause: Cause, finding: CheckFinding, choices: Choices) -> Iterator[FactRead]:
    """Of the object at fault; a rule of which nobody knows whether it applies has no fact that would answer it."""
    item, row = finding.item, finding.requirement
    if certainty_of(applies(row, report.estate.virtual_machines[item].architecture)) is Certainty.OPEN:
        return
    if finding.status is Status.UNKNOWN:
        read = facts_read(row.predicate, report.estate, item, choices)
        carried = facts_read(row.carries, report.estate, item, choices) if row.carries is not None else ()
        yield from open_facts(read) or open_facts(carried)
        return
    yield from facts_blamed(report.estate, row, item, cause.first.object, choices)


def facts_blamed(estate: Estate, row: Requirement, item: str, thing: str, choices: Choices) -> tuple[FactRead, ...]:
    """What makes the rule broken for this machine, of the object at fault."""
    mine = tuple(blamed(facts_read(row.predicate, estate, item, choices), thing))
    found = facts_at_fault(mine, row.predicate, estate, item, choices)
    return tuple(fact for fact in found if not _says_nothing(fact)) or found


def _says_nothing(fact: FactRead) -> bool:
    """A flag of a disk that is not set: it took part in the judgement, but blames nothing."""
    return fact.key.startswith("disks.") and fact.value in (False, "") and not fact.key.endswith("attached_on_premises")
