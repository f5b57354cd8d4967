"""The page of the rules: an index, then a section for each rule."""

from collections.abc import Iterable, Sequence
from typing import Final

from .markdown import page, table
from .requirements import (
    CAREFUL,
    PROOFS,
    REQUIREMENTS,
    STEPS,
    THROUGH_WORDS,
    Applies,
    Holds,
    Proof,
    Requirement,
    filled_in_general,
    remedy_of,
    service_codes_of,
    steps_in_general,
)
from .rules_appendix import appendix

_NO_PROOF: Final = Proof("", "")
_ANSWERS: Final = {Holds.YES: "yes", Holds.NO: "no", Holds.UNKNOWN: "open"}


def requirements_page() -> str:
    """Every rule: where it is checked, what it is called on the wire and what to do; then the sources and readings."""
    intro = (
        "A rule says what must hold for an operation. Most rules block the operation if they are *broken* (not met); "
        "the others only give a *warning*. [`failback check`](check.md) names the objects that break a rule. In the "
        "columns *classic* and *modernised*, *open* means that it is not known whether the rule applies. By default, "
        "an open rule does not block; its [reading](#readings) can change this. A rule name without a letter, such as "
        "806, is the service's error code. [Coverage](coverage.md) lists the scenarios that break each rule."
    )
    index = table(("rule", "what must hold", "classic", "modernised", "who must act"), map(_index_row, REQUIREMENTS))
    rules = "\n\n".join(map(_section, REQUIREMENTS))
    parts = (*_by_subject(), "## All rules", index, "## Each rule", _fields(), rules)
    return page("The rules", intro, *parts, *appendix())


_FIELDS: Final = (
    ("classic, modernised", "whether the rule applies to the architecture, and how we know that"),
    (
        "checked at",
        "the operation, and the step at which a broken rule is detected: *selection* (when the values of the request "
        "are chosen), *prerequisite_check* (in the first task of the job), *job* (in a later task), *replication* (in "
        "the resync or the replication after the job), *failback* (while the machine is moved home), *advice* (only by "
        "`failback check`), *before_return* (only by `failback check`; data is lost if nobody acts before the "
        "failback) or *after_return* (when the machine is home again). Rules with one of the last three steps block "
        "nothing",
    ),
    (
        "code",
        "the error code. We assigned the codes that begin with FB-, because Microsoft has published none for the rule",
    ),
    (
        "code of the job",
        "the published code of a similar cause, which the job shows in a simulation and in the mock (inferred; see "
        "[error codes](#error-codes))",
    ),
    (
        "retried",
        "*yes*: a run repeats the operation by itself; *no*: somebody must fix the cause first; *waits N s*: the "
        "rule is usually met within that time without any action",
    ),
    ("object", "the kind of object that breaks the rule"),
    ("who must act", "the person who carries out the remedy"),
    ("remedy", "what must be done, in short"),
    ("careful", "what can go wrong with the remedy"),
    ("wanted", "the state that meets the rule"),
    ("how to verify", "where a person sees that the rule is met"),
    ("applied by failback", "whether `failback` can apply the remedy itself, if the plan says so"),
    (
        "source",
        "the pages that state the rule (see [sources](#sources)), and the [readings](#readings) that concern it",
    ),
    (
        "how",
        "the steps of the remedy. `failback check` prints only the steps for your estate; here, a step that depends on "
        "the estate begins with its condition. A condition within another one is in square brackets. *Otherwise* "
        "refers to the condition before it, also if that is in an earlier step. Words in capitals stand for names: "
        "MACHINE (the machine), OBJECT (the object that breaks the rule), DATA-SERVER (the process server or "
        "appliance), RECEIVER (the master target or appliance). *The line `found`* and *the disk that is named* are in "
        "the output of `failback check`. *The file* is the scenario file",
    ),
)
"""Field of a section -> its meaning."""


def _fields() -> str:
    meanings = "\n".join(f"- **{name}**: {meaning}." for name, meaning in _FIELDS)
    return f"Each section has these fields:\n\n{meanings}"


def _by_subject() -> Sequence[str]:
    """From what an article's sentence is about to the rules that hold it."""
    subjects = sorted({row.kind_of_object.value for row in REQUIREMENTS})
    rows = (
        (subject, ", ".join(_link(row) for row in REQUIREMENTS if row.kind_of_object.value == subject))
        for subject in subjects
    )
    return "## By subject", table(("subject", "rules"), rows)


def _link(row: Requirement) -> str:
    return f"[{row.id}](#{row.id.lower()})"


def _index_row(row: Requirement) -> Sequence[str]:
    answers = (_ANSWERS[applies.answer] for applies in (row.architectures.classic, row.architectures.modernised))
    return (_link(row), row.title, *answers, row.who)


def _section(row: Requirement) -> str:
    """One rule, with all that its tables say."""
    fields = "\n".join(f"- **{name}**: {text}" for name, text in _values(row) if text)
    steps = steps_in_general(STEPS.get(row.id, ()), row)
    how = "\n".join(("How:", "", *(f"{n}. {step}" for n, step in enumerate(steps, 1)))) if steps else ""
    return "\n\n".join(part for part in (f"### {row.id}", f"**Must hold:** {row.title}", fields, how) if part)


def _values(row: Requirement) -> Iterable[tuple[str, str]]:
    proof = PROOFS.get(row.id, _NO_PROOF)
    yield "classic", _holds(row.architectures.classic)
    yield "modernised", _holds(row.architectures.modernised)
    yield "checked at", "; ".join(f"{point.operation.value}: {point.stage.value}" for point in row.where)
    yield "code", row.code
    yield "code of the job", "; ".join(f"{o.value}: {sent.code} (inferred)" for o, sent in service_codes_of(row.id))
    yield "retried", f"waits {row.waits_s:g} s" if row.waits_s is not None else "yes" if row.retry else "no"
    yield "object", row.kind_of_object.value
    yield "who must act", row.who
    yield "remedy", row.remedy
    yield "careful", filled_in_general(CAREFUL[row.id], row) if row.id in CAREFUL else ""
    yield "wanted", filled_in_general(proof.wanted, row)
    yield "how to verify", filled_in_general(proof.seen_by, row)
    yield "applied by failback", _applied(row)
    yield "source", row.source


def _applied(row: Requirement) -> str:
    remedy = remedy_of(row.id)
    where = "[what it does](#remedies-that-failback-can-apply)"
    return f"yes, through {THROUGH_WORDS[remedy.through]} ({where})" if remedy else "no"


def _holds(applies: Applies) -> str:
    return f"{_ANSWERS[applies.answer]} ({applies.source})"
