"""The page of the rules: an index, then a section for each rule."""

from collections.abc import Iterable, Sequence
from typing import Final

from .markdown import page, table
from .requirements import (
    ON_SITE,
    REQUIREMENTS,
    THROUGH_WORDS,
    Applies,
    Holds,
    Requirement,
    does_in_general,
    remedy_of,
    service_codes_of,
)
from .rules_appendix import appendix

_ANSWERS: Final = {Holds.YES: "yes", Holds.NO: "no", Holds.UNKNOWN: "open"}


def requirements_page() -> str:
    """Every rule: where it is checked, what it is called on the wire and what to do; then the sources and readings."""
    intro = (
        "A *rule* is a condition for an operation, such as a reprotect or a failback. Most rules block the operation "
        "if they are not met: they are then *broken*. The other rules only give a *warning*. [`failback "
        "check`](check.md) names the objects that break a rule. A rule whose name is a number, such as 806, is named "
        "after an error code of Azure Site Recovery. [Coverage](coverage.md) lists the scenarios for each rule."
    )
    index = table(("rule", "what must hold", "classic", "modernised", "who must act"), map(_index_row, REQUIREMENTS))
    rules = "\n\n".join(map(_section, REQUIREMENTS))
    parts = (*_by_subject(), "## All rules", _OPEN, index, "## Each rule", _fields(), rules)
    return page("The rules", intro, _TERMS, *parts, *appendix())


_TERMS: Final = "\n".join(
    (
        "- `failback` in code formatting is this tool; otherwise, failback is the operation.",
        "- The *machine on site* is the virtual machine in vSphere; the *Azure virtual machine* is the one that the "
        "failover creates in Azure.",
        "- If the machine on site still exists, it receives the data: the machine returns to its *original "
        "location*. Otherwise, it returns as a new virtual machine, to an *alternate location*. A physical server "
        "(T07) and a machine with a disk that was resized in Azure (G05) also return as new virtual machines.",
        "- *New disks* are those that the return creates on site: at an alternate location, all disks; at the original "
        "location, the disks that are not attached to the machine on site.",
        "- A *replication group* is a multi-VM consistency group: its machines have common recovery points.",
        "- In the *owner's check*, between failback and commit, the application owner checks that the machine works.",
    )
)

_OPEN: Final = (
    "In the columns *classic* and *modernised*, *open* means that it is not known whether the rule applies to the "
    "architecture. By default, an open rule blocks nothing; a [reading](#readings) can change this. The *server "
    "administrator* is the local administrator of the Site Recovery servers."
)


_FIELDS: Final = (
    ("classic, modernised", "whether the rule applies to the architecture, and how we know that"),
    (
        "checked at",
        "the operation, and the step at which the rule is checked: *selection* (when the values of the request "
        "are chosen), *prerequisite_check* (in the first task of the job), *job* (in a later task), *replication* "
        "(after the job, while data is copied), *failback* (while the machine is moved home), *advice* (something to "
        "know or to prepare), *before_return* (data is lost if nobody acts before the failback) or *after_return* "
        "(work to do when the machine runs on site again; see *on site*). No job checks the last three: at "
        "these steps, a rule that is not met gives just a warning",
    ),
    (
        "on site",
        "for a rule checked at *after_return*: when the work is done, and why at that time. It is done before the "
        "owner's check, or after the commit, which deletes the Azure virtual machine. The time is inferred",
    ),
    (
        "code",
        "the error code. We assigned the codes that begin with FB-, because Microsoft has published none for the rule",
    ),
    (
        "code of the job",
        "the published code for a similar cause. In a simulation and with the [mock](mock.md), the job fails with this "
        "code; that it does so in Azure is inferred (see [error codes](#error-codes))",
    ),
    (
        "retried",
        "*yes*: a run (`failback run`) repeats the operation by itself; *waits N s*: the rule is usually met within "
        "that time without any action. Without this field, somebody must first fix the cause",
    ),
    ("remedy", "who must act, and what must be done, in short"),
    (
        "applied by `failback`",
        "what `failback` can do instead of this person, if the plan permits it, and through which system: vSphere, "
        "Azure or the vault",
    ),
    (
        "source",
        "the pages that state the rule (see [sources](#sources)), and the [readings](#readings) that concern it",
    ),
)
"""Field of a section -> its meaning."""


def _fields() -> str:
    meanings = "\n".join(f"- **{name}**: {meaning}." for name, meaning in _FIELDS)
    more = (
        "`failback explain R04` adds the steps of the remedy, what can go wrong with them, and where a person can see "
        "that the rule is met. `failback check` prints the same for your own objects."
    )
    return f"The sections have these fields. A field that does not apply to a rule is left out.\n\n{meanings}\n\n{more}"


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
    """One rule, with what its tables say about it in short."""
    fields = "\n".join(f"- **{name}**: {text}" for name, text in _values(row) if text)
    return f"### {row.id}\n\n**Must hold:** {row.title}\n\n{fields}"


def _values(row: Requirement) -> Iterable[tuple[str, str]]:
    yield "classic", _holds(row.architectures.classic)
    yield "modernised", _holds(row.architectures.modernised)
    yield "checked at", "; ".join(f"{point.operation.value}: {point.stage.value}" for point in row.where)
    yield "on site", f"{ON_SITE[row.id].when.value}: {ON_SITE[row.id].why}" if row.id in ON_SITE else ""
    yield "code", row.code
    yield "code of the job", "; ".join(f"{o.value}: {sent.code} (inferred)" for o, sent in service_codes_of(row.id))
    yield "retried", f"waits {row.waits_s:g} s" if row.waits_s is not None else "yes" if row.retry else ""
    yield "remedy", f"{row.who}: {row.remedy}"
    yield "applied by `failback`", _applied(row)
    yield "source", row.source


def _applied(row: Requirement) -> str:
    remedy = remedy_of(row.id)
    if remedy is None:
        return ""
    details = "[details](#remedies-that-failback-can-apply)"
    return f"through {THROUGH_WORDS[remedy.through]}: {does_in_general(remedy.act)}; {details}"


def _holds(applies: Applies) -> str:
    return f"{_ANSWERS[applies.answer]} ({applies.source})"
