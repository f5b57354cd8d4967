"""The tables as pages for people: generated, so that a page cannot say what the code does not do."""

from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from typing import Final

from .drill import ACTION_WORDS, CONDITION_WORDS, EVENT_WORDS, STATE_WORDS, TRANSITIONS, DrillState, Transition
from .item import LEGS, Architecture
from .lifecycle import LIFECYCLE, Move
from .phases import PHASES, PhaseRow, Replica, Side
from .requirements import (
    PROOFS,
    READINGS,
    REMEDIES,
    REQUIREMENTS,
    SOURCES,
    STEPS,
    THROUGH_WORDS,
    Applies,
    Holds,
    Reading,
    Remedy,
    Requirement,
    does,
    filled_in_general,
    remedy_of,
    steps_in_general,
)

GENERATED: Final = (
    "<!-- Generated from the tables in reprotect/ (function pages of failback.reprotect); do not edit. -->"
)
_ANSWERS: Final = {Holds.YES: "yes", Holds.NO: "no", Holds.UNKNOWN: "open"}


def pages() -> dict[str, str]:
    """All pages by file name."""
    return {"lifecycle.md": lifecycle_page(), "drill.md": transitions_page(), "rules.md": requirements_page()}


def lifecycle_page() -> str:
    """What ASR permits and where it leads, drawn for each architecture."""
    intro = (
        "This page shows the operations that Azure Site Recovery permits in each phase of a machine, and the phases "
        "that they lead to. *While it runs*, *job done* and *ends in* are the phases during the job, at its end, and "
        "after the resync that follows it (if there is one). *In a drill* shows whether a drill requests the "
        "operation. A drill consists of the six legs; it also runs a test failover and its clean-up if the `goals` of "
        "the plan name them."
    )
    parts = (part for architecture in Architecture for part in _lifecycle_of(architecture))
    return _page("The lifecycle of a protected item", intro, *parts, *_phases())


_RUNS: Final = {Side.SITE: "on site", Side.AZURE: "in Azure", Side.NEITHER: "changes during the job"}
_REPLICAS: Final = {Replica.ABSENT: "no", Replica.PRESENT: "yes", Replica.CHANGING: "changes during the job"}


def _phases() -> Sequence[str]:
    """What is true of a machine in each phase."""
    intro = (
        "A machine on site is a *replication target* while data is written to its disks; it must then stay powered "
        "off. *Disk slots* are the places for the disks of returning machines on a master target or an appliance (at "
        "most 60 on each)."
    )
    head = ("phase", "meaning", "machine runs", "virtual machine in Azure", "replication target", "holds disk slots")
    return "## Phases", intro, _table(head, map(_phase_row, PHASES))


def _phase_row(row: PhaseRow) -> Sequence[str]:
    facts = ("yes" if fact else "no" for fact in (row.is_target, row.holds_slots))
    return (row.phase.value, _phase_words(row), _RUNS[row.runs], _REPLICAS[row.replica], *facts)


def _phase_words(row: PhaseRow) -> str:
    if row.ends is LEGS[-1]:
        return "the machine replicates to Azure: it has not failed over yet, or has completed all legs"
    move = next(move for move in LIFECYCLE if row.phase in (move.running, move.done, move.settles))
    name = f"`{move.operation.value}`"
    if row.phase is move.running:
        return f"the job {name} is running"
    return f"the resync after {name} is running" if row.resyncs else f"{name} is complete"


def transitions_page() -> str:
    """What the drill does about one item when something is heard of it."""
    intro = (
        "This page describes how a drill handles each machine. A *state* belongs to the drill; a *phase* is the state "
        "of the machine's item in the vault (see [the lifecycle](lifecycle.md)). A *gate* is a point where the plan "
        "waits for the answer of a person. The *group* of a machine is its replication group or recovery plan; the "
        "requests for the machines of a group are sent together.\n\nThe diagram shows the changes of state. The table "
        "of transitions shows all events. For each combination of state and event, the first row whose condition is "
        "true applies; an empty condition is always true. An event without a matching row is an error."
    )
    states = _table(("state", "meaning"), ((state.value, words) for state, words in STATE_WORDS.items()))
    events = _table(("event", "meaning"), EVENT_WORDS.items())
    rows = _table(("state", "event", "condition", "action", "next state"), _transition_rows())
    parts = (_states(_transition_edges()), "## States", states, "## Events", events, "## Transitions", rows)
    return _page("The drill of a machine", intro, *parts)


def requirements_page() -> str:
    """Every rule: where it is checked, what it is called on the wire and what to do; then the sources and readings."""
    intro = (
        "A rule says what must hold for an operation. Most rules block the operation if they are broken; others only "
        "give advice. The machine must also be in the right [phase](lifecycle.md). [`failback check`](check.md) names "
        "the objects that break a rule. In the columns *classic* and *modernised*, *open* means that it is not known "
        "whether the rule applies; such a rule blocks nothing, unless you choose another [reading](#readings). "
        "[Coverage](coverage.md) names the scenarios that demonstrate each rule."
    )
    rule = ("rule", "what must hold", "classic", "modernised", "checked at", "code", "retried")
    head = (
        *rule,
        "object",
        "who must act",
        "remedy",
        "how",
        "wanted",
        "how to verify",
        "applied by failback",
        "source",
    )
    table = _table(head, map(_requirement_row, REQUIREMENTS))
    readings = (
        "## Readings",
        "Where Microsoft's articles contradict each other, or say nothing, `failback` uses one interpretation, a "
        "*reading*. You can choose another one, for example with `failback check --reading C03=strict`. The choice "
        "`open` means that `failback` does not decide whether the rule applies: the rule is *unknown* and blocks "
        "nothing.",
        _table(
            ("reading", "subject", "default", "other choices", "rules", "what the articles say"),
            map(_reading_row, READINGS),
        ),
    )
    return _page("The rules", intro, *_by_subject(), table, *_remedies(), *readings, *_sources())


_COLUMNS: Final = (
    (
        "classic, modernised",
        "whether the rule applies to the architecture, and how that is known",
    ),
    (
        "checked at",
        "the operation, and the step at which a broken rule is detected. *selection*: when the values of the request "
        "are chosen; *prerequisite_check*: in the first task of the job; *job*: in a later task; *replication*: in the "
        "resync or the replication after the job; *failback*: while the machine is moved home; *advice*: only by "
        "`failback check`; *after_return*: when the machine is home again, although the remedy may be needed earlier. "
        "A rule that is checked at *advice* or *after_return* blocks nothing. A finding that is only a warning blocks "
        "nothing, either",
    ),
    (
        "code",
        "the error code. We assigned the codes that begin with FB-, because Microsoft has published none",
    ),
    (
        "retried",
        "*yes*: a drill repeats the operation by itself; *no*: somebody must fix the cause first; *waits N s*: the "
        "rule is usually met within that time without any action",
    ),
    ("object", "the kind of object that breaks the rule"),
    (
        "how",
        "the steps of the remedy: where to click or what to type. If the steps depend on the estate, each begins with "
        "its condition (*if A: ...; otherwise: ...*), and a condition within another one is in square brackets. "
        "`failback check` prints only the steps for your estate. Words in capitals stand for names: MACHINE is the "
        "name of the machine, OBJECT that of the object that breaks the rule, DATA-SERVER that of the process server "
        "or appliance, RECEIVER that of the master target or appliance. *The line `found`* is a line in the output of "
        "`failback check`, *the file* is the scenario file, and *the disk that is named* is the one that `failback "
        "check` names",
    ),
    ("wanted", "the state that meets the rule"),
    ("how to verify", "where a person sees that the rule is met"),
    ("applied by failback", "the remedy that `failback` can apply itself, if the plan says so"),
    (
        "source",
        "the pages that state the rule (see [sources](#sources)), and the [readings](#readings) that concern it",
    ),
)


def _columns() -> str:
    return "\n".join(f"- **{name}**: {meaning}." for name, meaning in _COLUMNS)


def _sources() -> Sequence[str]:
    """The key to the short names of sources."""
    intro = (
        "This table explains the short names in the column *source*. The column *read* gives the version of the "
        "page that we "
        "read. Pages move, and those about the classic architecture may no longer exist."
    )
    rows = ((name, f"<{source.address}>" if source.address else "", source.read) for name, source in SOURCES.items())
    return "## Sources", intro, _table(("name", "page", "read"), rows)


def _by_subject() -> Sequence[str]:
    """From what an article's sentence is about to the rules that hold it."""
    subjects = sorted({row.kind_of_object.value for row in REQUIREMENTS})
    rows = (
        (subject, ", ".join(row.id for row in REQUIREMENTS if row.kind_of_object.value == subject))
        for subject in subjects
    )
    return "## By subject", _table(("subject", "rules"), rows), "## All rules", _columns()


def _remedies() -> Sequence[str]:
    """What failback carries out, and how it is asked to."""
    how = (
        "In the plan, you can choose for each rule what happens when it is broken: `ask` (the default: a person fixes "
        "the cause and confirms this), `apply` (`failback` applies the remedy in this table, checks that it worked, "
        "and tries again) or `never` (the drill stops for this machine). A person who is asked may also answer "
        "`apply`. In world `azure`, `failback` applies a remedy only to an *object* that you have confirmed by name, "
        "at the terminal or with `--confirm-remedy NAME`; on a live endpoint, the remedy also requires "
        "[consent](consent.md). For P07 and 806, the *object* is the process server that replaces the other one. The "
        "history records each remedy that was applied. A remedy remains in effect even if a later operation fails or "
        "is cancelled."
    )
    example = "```yaml\nplan:\n  remedies: {R04: apply, R24: ask, '806': never}\n```"
    head = ("rule", "what failback does", "through", "undone by", "lasts")
    return "## Remedies that failback can apply", how, example, _table(head, map(_remedy_row, REMEDIES))


def _remedy_row(row: Remedy) -> Sequence[str]:
    return (row.rule, _act(row), THROUGH_WORDS[row.through], row.undone_by or "cannot be undone", row.lasts)


def _act(row: Remedy) -> str:
    """What it does, whatever it is called."""
    return does(row.act, "OBJECT", "HOST").replace("OBJECT", "*object*").replace("HOST", "*host*")


def _lifecycle_of(architecture: Architecture) -> tuple[str, str, str]:
    rows = tuple(move for move in LIFECYCLE if move.architecture is architecture)
    head = ("phase", "operation", "while it runs", "job done", "ends in", "in a drill")
    drawing = _states(chain.from_iterable(map(_move_edges, rows)))
    return f"## {architecture.value}", drawing, _table(head, map(_move_row, rows))


def _move_edges(move: Move) -> Iterable[str]:
    label = move.operation.value if move.usual else f"{move.operation.value} (not in a drill)"
    yield f"{move.phase.value} --> {move.running.value}: {label}"
    yield f"{move.running.value} --> {move.done.value}"
    if move.settles is not move.done:
        yield f"{move.done.value} --> {move.settles.value}: resync ends"


def _move_row(move: Move) -> Sequence[str]:
    phases = (move.running.value, move.done.value, move.settles.value)
    return (move.phase.value, move.operation.value, *phases, "yes" if move.usual else "no")


def _transition_edges() -> Iterable[str]:
    yield f"[*] --> {DrillState.READY.value}"
    edges = {(state, row.to): dict[str, None]() for row in TRANSITIONS for state in row.states}
    for row in TRANSITIONS:
        for state in row.states:
            edges[state, row.to][row.event.__name__] = None
    for (state, to), events in edges.items():
        if to is not None and to is not state:
            yield f"{state.value} --> {to.value}: {', '.join(events)}"


def _transition_rows() -> Iterable[Sequence[str]]:
    """Neighbours that differ in their event alone are one row of the page."""
    for (states, *rest), rows in groupby(TRANSITIONS, lambda row: (row.states, *_transition_cells(row))):
        events = ", ".join(dict.fromkeys(row.event.__name__ for row in rows))
        yield (_state_words(states), events, *rest)


def _state_words(states: Sequence[DrillState]) -> str:
    """By name, or by those that are missing if that is shorter."""
    missing = [state.value for state in DrillState if state not in states]
    return f"all except {' and '.join(missing)}" if len(missing) == 2 else ", ".join(state.value for state in states)


def _transition_cells(row: Transition) -> tuple[str, str, str]:
    return (CONDITION_WORDS[row.when], ACTION_WORDS[row.do], row.to.value if row.to else "the same")


def _requirement_row(row: Requirement) -> Sequence[str]:
    holds = (_holds(row.architectures.classic), _holds(row.architectures.modernised))
    where = "; ".join(f"{point.operation.value}: {point.stage.value}" for point in row.where)
    retried = f"waits {row.waits_s:g} s" if row.waits_s is not None else "yes" if row.retry else "no"
    remedy = remedy_of(row.id)
    ours = f"{remedy.act.value.replace('_', ' ')}, through {THROUGH_WORDS[remedy.through]}" if remedy else "no"
    head = (row.id, row.title, *holds, where, row.code, retried, row.kind_of_object.value, row.who)
    proof = (filled_in_general(text, row) for text in PROOFS.get(row.id, ("", "")))
    return (*head, row.remedy, steps_in_general(STEPS.get(row.id, ()), row), *proof, ours, row.source)


def _reading_row(reading: Reading) -> Sequence[str]:
    others = ", ".join(reading.choices[1:]) or "none"
    return (reading.id, reading.subject, reading.default, others, ", ".join(reading.rules) or "none", reading.sides)


def _holds(applies: Applies) -> str:
    return f"{_ANSWERS[applies.answer]} ({applies.source})"


def _states(edges: Iterable[str]) -> str:
    lines = dict.fromkeys(f"    {edge}" for edge in edges)
    return "\n".join(("```mermaid", "stateDiagram-v2", *lines, "```"))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    """A bar would begin another cell."""
    return text.replace("|", r"\|")


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((GENERATED, f"# {title}", *parts)) + "\n"
