"""The end of the page of the rules: the remedies that failback can apply, the readings and the sources."""

from collections.abc import Mapping, Sequence

from .markdown import table
from .requirements import (
    OPEN_CHOICES,
    OPEN_CHOICES_MEAN,
    OWN_CODE_REASONS,
    READINGS,
    REMEDIES,
    SERVICE_CODES,
    SOURCES,
    THROUGH_WORDS,
    Reading,
    Remedy,
    by_id,
    does,
)


def appendix() -> Sequence[str]:
    """These four sections."""
    return (*_remedies(), *_codes(), *_readings(), *_sources())


def _remedies() -> Sequence[str]:
    """What failback carries out, and how it is asked to."""
    how = (
        "In the plan, you can choose for each rule what a run does when the rule is broken: `ask` (the default: a "
        "person fixes the cause and confirms this), `apply` (`failback` applies the remedy in this table, checks that "
        "the remedy worked, and repeats the operation) or `never` (the run sends no more requests for the machine). A "
        "person who is asked may also answer `apply`. In [world](../README.md#three-worlds) `azure`, `failback` "
        "applies a remedy only to an *object* (see the table) that you have confirmed by name, at the terminal or with "
        "`--confirm-remedy NAME`; on a live vault or vCenter, the remedy also requires [consent](consent.md). For P07 "
        "and 806, the *object* is the process server to which the machine is switched. The history of the run records "
        "each remedy that was applied. A remedy remains in effect even if a later operation fails or is cancelled."
    )
    example = "```yaml\nplan:\n  remedies: {R04: apply, R24: ask, '806': never}\n```"
    head = ("rule", "what `failback` does", "through", "undone by", "lasts")
    return "## Remedies that `failback` can apply", how, example, table(head, map(_remedy_row, REMEDIES))


def _remedy_row(row: Remedy) -> Sequence[str]:
    return (row.rule, _act(row), THROUGH_WORDS[row.through], row.undone_by or "cannot be undone", row.lasts)


def _act(row: Remedy) -> str:
    """What it does, whatever it is called."""
    return (
        does(row.act, "OBJECT", "HOST")
        .replace("OBJECT", "*object*")
        .replace("HOST", "of the master target or appliance")
    )


def _codes() -> Sequence[str]:
    """Which published codes stand for rules, and which codes are ours."""
    published = (
        "Microsoft has published few error codes for reprotect and failback. If a rule is broken, and the cause that "
        "Microsoft published for a code is similar, the job fails with this code in a simulation and with the "
        "[mock](mock.md). That it does so in Azure is inferred. The error lists possible causes; the first is the "
        "broken rule."
    )
    own = (
        "Some rules have a published code of their own (see the field *code* of the rule). In all other cases, the "
        "job, the refused request or the health of the machine shows a code that we assigned:"
    )
    sent = ((rule, operation.value, *each) for (rule, operation), each in SERVICE_CODES.items())
    ours = ((why, ", ".join(codes)) for why, codes in _own_codes().items())
    head = ("rule", "job", "code", "why")
    return "## Error codes", published, table(head, sent), own, table(("why no published code is used", "codes"), ours)


def _own_codes() -> Mapping[str, Sequence[str]]:
    """Reason -> the codes that we assigned for it."""
    codes: dict[str, list[str]] = {}
    for name, why in OWN_CODE_REASONS.items():
        codes.setdefault(why, []).append(row.code if (row := by_id(name)) else name)
    return codes


def _readings() -> Sequence[str]:
    """Where the sources contradict each other, and what we take."""
    intro = (
        "A *reading* is how `failback` interprets Microsoft's articles on a subject on which they contradict each "
        "other or say nothing. If a reading has several choices, you can set one, for example with `failback check "
        "--reading C03=strict`. The choice `open` means that `failback` does not decide whether the rule applies: a "
        "rule that is not met is then *unknown* instead of *broken*, and blocks nothing."
    )
    head = ("reading", "subject", "default", "other choices", "rules", "what the articles say")
    open_ones = " and ".join(each.id for each in READINGS if each.choices == OPEN_CHOICES)
    choices = f"The choices of {open_ones} mean: {OPEN_CHOICES_MEAN}."
    return "## Readings", intro, table(head, map(_reading_row, READINGS)), choices


def _reading_row(reading: Reading) -> Sequence[str]:
    others = ", ".join(reading.choices[1:]) or "none"
    return (reading.id, reading.subject, reading.default, others, ", ".join(reading.rules) or "none", reading.sides)


def _sources() -> Sequence[str]:
    """The key to the short names of sources."""
    intro = (
        "This table explains the short names of the sources. The column *read* gives the date of the version that we "
        "read. Addresses can change, and pages about the classic architecture may no longer exist."
    )
    rows = ((name, f"<{source.address}>" if source.address else "", source.read) for name, source in SOURCES.items())
    return "## Sources", intro, table(("name", "page", "read"), rows)
