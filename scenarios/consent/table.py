"""The table of consent: what a live vault is changed with. One person alone can fulfil all rows but the approval's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final

from failback.scenarios.text.plain_words import counted

from .approval import LASTS_MAX, Approval
from .case import Case, Checked, Rehearsed
from .covering import differences

CHECK_AGE_MAX: Final = timedelta(hours=1)
CLOCKS_APART_MAX: Final = timedelta(minutes=5)
"""How far ahead of the vault's clock a date from the same clock may be, before it is held to be made up."""
_SHOWN_MAX: Final = 5


class When(IntEnum):
    """When a row is asked: at the start all are, when a wave begins those from WAVE on, before a request the last."""

    START = 0
    WAVE = 1
    REQUEST = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that consent demands. `missing` says what is wrong with it, or nothing; `remedy` what to do."""

    id: str
    when: When
    missing: Callable[[Case], str]
    remedy: str


def missing(case: Case, when: When) -> tuple[str, ...]:
    """Everything that is missing at this moment, each with what to do about it."""
    found = ((row, row.missing(case)) for row in TABLE if row.when >= when)
    return tuple(f"{row.id}: {why} ({row.remedy})" for row, why in found if why)


def _allowed(case: Case) -> str:
    return "" if case.allow_changes else "the settings do not contain allow_changes: true"


def _named(case: Case) -> str:
    if case.typed_name == case.vault_name:
        return ""
    return f"the vault in the settings is not '{case.typed_name[:90]}'" if case.typed_name else "it was not given"


def _legs(case: Case) -> str:
    if isinstance(case.legs, str):
        return case.legs
    return "" if case.legs else "no leg is open"


def _rehearsed(case: Case) -> str:
    match case.rehearsed:
        case str(why):
            return why
        case Rehearsed(is_whole=False):
            return "the run has not finished, or its scenario was edited afterwards"
        case Rehearsed(world=world) if world not in ("sim", "lab"):
            return f"it is a run in world {world}"
        case Rehearsed(verdict="as_expected"):
            return _other(differences(case.rehearsed.subject, case.subject))
    return "the run did not end as expected"


def _checked(case: Case) -> str:
    match case.checked:
        case str(why):
            return why
        case Checked(world=world) if world != "azure":
            return f"it is a check in world {world}, which does not look at the vault"
        case Checked(vault=vault) if vault != case.vault:
            return "it is a check of another vault"
        case Checked(blocks=True):
            return "it found a blocker"
    return _other(differences(case.checked.subject, case.subject))


def _other(found: tuple[str, ...]) -> str:
    return f"it was made for another plan ({_few(found)})" if found else ""


def _known(case: Case) -> str:
    if isinstance(case.checked, str):
        return ""  # said above
    open_ = case.checked.unknown
    if not open_:
        return ""
    are = "is" if len(open_) == 1 else "are"
    return f"{counted(len(open_), 'finding')} {are} unknown and not accepted ({_few(open_)})"


def _fresh(case: Case) -> str:
    if isinstance(case.checked, str):
        return ""
    if isinstance(case.now, str):
        return case.now
    age = case.now - case.checked.at
    if -CLOCKS_APART_MAX <= age < CHECK_AGE_MAX:
        return ""
    minutes = round(age.total_seconds() / 60)
    return (
        f"it is {counted(minutes, 'minute')} old" if minutes > 0 else "by the vault's clock, its date is in the future"
    )


def _runner(case: Case) -> str:
    if isinstance(case.runner, str):
        return case.runner
    return "" if case.runner.is_person else "a program is signed in, and the approver may know its secret, too"


def _approved(case: Case) -> str:
    if isinstance(case.approvals, str):
        return case.approvals
    if not case.approvals:
        return "Azure's activity log has no approval of this plan for this vault and vCenter"
    return min((_wrong(case, each) for each in case.approvals), key=len)


def _wrong(case: Case, approval: Approval) -> str:
    return "; ".join(words for words, is_wrong in _APPROVAL if is_wrong(case, approval))


def _ended(case: Case, approval: Approval) -> bool:
    return isinstance(case.now, str) or case.now > approval.until


_APPROVAL: Final[tuple[tuple[str, Callable[[Case, Approval], bool]], ...]] = (
    (
        "it is by the person who runs",
        lambda c, a: not isinstance(c.runner, str) and a.by.oid == c.runner.oid,
    ),
    ("it is by a program, not by a person", lambda _, a: not a.by.is_person),
    ("it is from another tenant", lambda c, a: not isinstance(c.runner, str) and a.by.tenant != c.runner.tenant),
    ("it has expired", _ended),
    (
        f"it is valid for more than {LASTS_MAX.total_seconds() / 3600:.0f} hours",
        lambda _, a: a.until - a.at > LASTS_MAX,
    ),
)
"""What can be wrong with an approval. No row can be fulfilled by the person who runs."""


def _few(found: tuple[str, ...]) -> str:
    more = len(found) - _SHOWN_MAX
    return ", ".join(found[:_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")


_APPROVE: Final = "let a second person follow `failback approve`; Azure shows it in the log within about 20 minutes"
_W: Final = When
# fmt: off
TABLE: Final[tuple[Row, ...]] = (
    Row("permission", _W.START, _allowed, "set azure.allow_changes: true in the settings"),
    Row("vault's name", _W.START, _named, "give it with --vault-name NAME, or type it when asked"),
    Row("legs", _W.START, _legs, "give --open-legs; begin with reprotect_to_on_premises alone"),
    Row("rehearsal", _W.START, _rehearsed, "rehearse with `failback run --out DIR`, and give --rehearsed DIR"),
    Row("check", _W.WAVE, _checked, "check with `failback check --world azure --out DIR`, and give --checked DIR"),
    Row("unknown facts", _W.WAVE, _known, "find out the facts, or accept the findings with `failback check --accept`"),
    Row("check's age", _W.WAVE, _fresh, "check again: a check must be less than 60 minutes old when a wave begins"),
    Row("who runs", _W.START, _runner, "sign in as a person, with `az login`"),
    Row("approval", _W.REQUEST, _approved, _APPROVE),
)
"""Every row is asked at the start; the later ones again."""


def words_of(case: Case, when: When) -> Iterator[str]:
    """The same, numbered, for one paragraph."""
    yield from (f"({n}) {words}" for n, words in enumerate(missing(case, when), 1))
