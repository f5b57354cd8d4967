"""Each row of the table, with one thing missing at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from failback.adapters import SignedIn
from failback.scenarios.consent.approval import Approval
from failback.scenarios.consent.case import Case, Checked, Rehearsed
from failback.scenarios.consent.legs import ORDER
from failback.scenarios.consent.subject import Subject
from failback.scenarios.consent.table import TABLE, When, missing

PLAN: Final[dict[str, Any]] = {"goals": ["failed_back"], "waves": [], "gates": [], "item_choices": {}}
SUBJECT: Final = Subject(PLAN, (), {"app-01": {"id": "1"}}, {"appliances": ["a"], "recovery_plans": {}})
OTHER: Final = replace(SUBJECT, plan=PLAN | {"attempts_max": 9})
NOW: Final = datetime(2026, 6, 5, 18, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
ALICE, BOB = SignedIn("alice", "tenant", True), SignedIn("bob", "tenant", True)
CHECK: Final = Checked(SUBJECT, "/vault", "azure", NOW - HOUR / 2, False, ())
REHEARSAL: Final = Rehearsed(SUBJECT, "lab", "as_expected", True)
APPROVAL: Final = Approval(BOB, NOW - HOUR, NOW + HOUR)
ALL: Final = Case(
    True, "/vault", "vault", "vault", ORDER, SUBJECT, REHEARSAL, CHECK, ALICE, (APPROVAL,), NOW
)  # fmt: skip


def approved(**other: Any) -> dict[str, Any]:
    return {"approvals": (replace(APPROVAL, **other),)}


LACKS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "no permission": ("permission", {"allow_changes": False}),
    "no name": ("vault's name", {"typed_name": ""}),
    "another name": ("vault's name", {"typed_name": "Vault"}),
    "no legs": ("legs", {"legs": ()}),
    "legs in another order": ("legs", {"legs": "it is commit_failback"}),
    "no rehearsal": ("rehearsal", {"rehearsed": "none was given"}),
    "a rehearsal that was broken off": ("rehearsal", {"rehearsed": replace(REHEARSAL, is_whole=False)}),
    "a rehearsal that ended otherwise": ("rehearsal", {"rehearsed": replace(REHEARSAL, verdict="otherwise")}),
    "a rehearsal in azure": ("rehearsal", {"rehearsed": replace(REHEARSAL, world="azure")}),
    "a rehearsal of another plan": ("rehearsal", {"rehearsed": replace(REHEARSAL, subject=OTHER)}),
    "no check": ("check", {"checked": "none was given"}),
    "a check in lab": ("check", {"checked": replace(CHECK, world="lab")}),
    "a check of another vault": ("check", {"checked": replace(CHECK, vault="/other")}),
    "a check with a blocker": ("check", {"checked": replace(CHECK, blocks=True)}),
    "a check of another plan": ("check", {"checked": replace(CHECK, subject=OTHER)}),
    "an unknown fact": ("unknown facts", {"checked": replace(CHECK, unknown=("R13:esx-01:app-01",))}),
    "a check of an hour ago": ("check's age", {"checked": replace(CHECK, at=NOW - HOUR)}),
    "a check of the future": ("check's age", {"checked": replace(CHECK, at=NOW + HOUR / 6)}),
    "nobody signed in": ("who runs", {"runner": "no token"}),
    "a program signed in": ("who runs", {"runner": replace(ALICE, is_person=False)}),
    "no approval": ("approval", {"approvals": ()}),
    "a log that cannot be read": ("approval", {"approvals": "access is denied"}),
    "the runner's own approval": ("approval", approved(by=ALICE)),
    "a program's approval": ("approval", approved(by=replace(BOB, is_person=False))),
    "an approval from another tenant": ("approval", approved(by=replace(BOB, tenant="other"))),
    "an approval that has ended": ("approval", approved(until=NOW - HOUR / 60)),
    "an approval that holds for a week": ("approval", approved(until=NOW + 168 * HOUR)),
}


def rows(case: Case, when: When) -> list[str]:
    return [words.split(": ")[0] for words in missing(case, when)]


def test_nothing_is_missing_where_all_is_there() -> None:
    assert missing(ALL, When.START) == ()


@pytest.mark.parametrize("lack", LACKS)
def test_what_is_missing_is_named_alone(lack: str) -> None:
    row, changed = LACKS[lack]
    assert rows(replace(ALL, **changed), When.START) == [row]


def test_every_row_has_a_case() -> None:
    assert {row for row, _ in LACKS.values()} == {row.id for row in TABLE}


def test_without_the_vaults_clock_neither_check_nor_approval_holds() -> None:
    assert rows(replace(ALL, now="no date"), When.START) == ["check's age", "approval"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_by_an_hour_either_way_makes_the_check_void(hours: int) -> None:
    assert rows(replace(ALL, now=NOW + hours * HOUR), When.WAVE)[0] == "check's age"


def test_a_good_approval_counts_beside_bad_ones() -> None:
    bad = (replace(APPROVAL, by=ALICE), replace(APPROVAL, until=NOW - HOUR))
    assert missing(replace(ALL, approvals=(*bad, APPROVAL)), When.START) == ()


def test_when_a_wave_begins_the_check_is_asked_again_and_before_a_request_the_approval() -> None:
    nothing = replace(ALL, allow_changes=False, checked="none", approvals=())
    assert rows(nothing, When.WAVE) == ["check", "approval"]
    assert rows(nothing, When.REQUEST) == ["approval"]


@pytest.mark.parametrize(
    ("found", "words"), [(("R13:a:b",), "1 finding is unknown"), (("A", "B"), "2 findings are unknown")]
)
def test_unknown_findings_are_counted_in_the_singular_and_in_the_plural(found: tuple[str, ...], words: str) -> None:
    (said,) = missing(replace(ALL, checked=replace(CHECK, unknown=found)), When.START)
    assert words in said
