"""How the verdicts of parts make the verdict of a whole, and what becomes of what is worth knowing."""

from dataclasses import replace

import pytest

from failback.reprotect import (
    MET,
    Blocker,
    Broken,
    Disk,
    Estate,
    Gap,
    Host,
    Link,
    Noted,
    Operation,
    OsFamily,
    Stage,
    Unsure,
    Verdict,
    VirtualMachine,
    judged,
    sentences,
    unmet,
)
from failback.reprotect.choices import Choices
from failback.reprotect.requirements import all_of

WEB = VirtualMachine("web", OsFamily.LINUX, (Disk(30),), host="esx", datastore="ds")
ESTATE = Estate({"web": WEB}, Link(100), {"esx": Host("esx", ("ds",))})
GAPS = (Gap("web: its memory", "ask vCenter"),)
NOTES, MORE = (Blocker("web", "is old"),), (Blocker("db", "is older"),)
OFF = (Blocker("mt", "is off"),)
BAD, OPEN, NOTE = Broken(OFF), Unsure(GAPS), Noted(NOTES)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((), MET),
        ((MET, MET), MET),
        ((MET, NOTE), Noted(NOTES)),
        ((NOTE, Noted(MORE)), Noted((*NOTES, *MORE))),
        ((NOTE, OPEN), Unsure(GAPS, NOTES)),
        ((Unsure(GAPS, NOTES), MET), Unsure(GAPS, NOTES)),
        ((NOTE, OPEN, BAD), Broken(OFF)),
    ],
)
def test_broken_outweighs_unsure_and_unsure_outweighs_a_note_but_keeps_it(
    parts: tuple[Verdict, ...], whole: Verdict
) -> None:
    assert all_of(parts) == whole


def test_a_note_is_said_as_a_breach_is() -> None:
    assert sentences(NOTE) == "web: is old"


def estate(health: str, **readings: str) -> Estate:
    return replace(ESTATE, virtual_machines={"web": replace(WEB, replication_health=health)}, readings=readings)


def test_a_vault_lets_pass_what_is_only_worth_knowing() -> None:
    asked = (estate("warning"), "web", Stage.FAILBACK, Operation.FAILBACK, Choices())
    assert "F01" not in {found.rule for found in unmet(*asked)}
    (verdict,) = (found.verdict for found in judged(*asked) if found.requirement.id == "F01")
    assert isinstance(verdict, Noted)
    assert verdict.notes == (
        Blocker("web", "its replication health is warning, but Microsoft's pages ask for a healthy machine"),
    )


@pytest.mark.parametrize(
    ("health", "readings", "found"),
    [
        ("normal", {}, type(MET)),
        ("warning", {}, Noted),
        ("critical", {}, Broken),
        ("warning", {"C24": "strict"}, Broken),
    ],
)
def test_a_warning_is_told_and_critical_blocks(health: str, readings: dict[str, str], found: type) -> None:
    verdicts = judged(estate(health, **readings), "web", Stage.FAILBACK, Operation.FAILBACK, Choices())
    assert [type(each.verdict) for each in verdicts if each.requirement.id == "F01"] == [found]
