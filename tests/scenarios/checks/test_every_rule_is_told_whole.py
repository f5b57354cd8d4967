"""Every finding of every rule, in both architectures, gives the object, the person, the act and the proof.

Not ten of them: the library breaks each rule once, and `breaks` each that blocks. A text may leave open only what no
estate can know (a time, an address on site, the path of a file).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from failback.reprotect import CAREFUL, PERSONS, READINGS, REQUIREMENTS, STEPS
from failback.reprotect.requirements.cases import decided
from failback.scenarios.checks.as_json import cause_json
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.finding_lines import cause_head, lines_of
from failback.scenarios.checks.finding_words import what_to_do
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.loader import library

from .breaks import BREAKS
from .broken_estates import broken_estate, checked

ORDER: Final = (
    "object", "found", "wanted", "unknown", "key", "who", "careful", "do", "proof", "again", "why", "failback",
    "machines",
)  # fmt: skip
PLACE: Final = re.compile(
    r"vSphere client|Azure portal|PowerCLI|`[^`]+`|dialog|an email or ticket from|report|sign in to|backup software"
    r"|firewall|router"
)
LEFT_OPEN: Final = re.compile(r"\[\[|¦|\{[a-z_]+\}|  | ,| ;")
"""What a text that was not filled in leaves behind."""
BARE: Final = re.compile(
    r"\b(?:the (?:machine|datastore|appliance|host|process server|master target|configuration server|recovery plan|"
    r"retention drive|object at fault|other machine)|MACHINE|OBJECT|APPLIANCE|HOST|MASTER-TARGET|PROCESS-SERVER)\b"
    r"(?! (?:that|of|whose|itself|comes|has)\b|'s|\))"
)
"""An object by its kind alone, though the estate has a name for it."""
NEW_SERVER: Final = "New Virtual Machine"
COMMAND: Final = re.compile("`[^`]+`")
CODE: Final = re.compile(r"\b(?:C\d\d|[RTGFBMNPA]\d\d)\b(?! \(|=| [a-z]+=|:)")
RULES: Final = sorted(name for name, path in library().items() if path.parent.name == "rules")


def all_told(where: Path) -> Iterator[ToldCause]:
    for name in RULES:
        yield from told_causes(run_check(CheckRequest(name)).report)
    for architecture, breaks in BREAKS.items():
        for what in breaks.values():
            yield from told_causes(checked(broken_estate(what, architecture), where, what.readings))


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> list[ToldCause]:
    return list(all_told(tmp_path_factory.mktemp("estates")))


def lines(told: ToldCause) -> dict[str, str]:
    return dict(lines_of(told, whole=True, checked=("site.yaml", "sim")))


def test_each_rule_is_seen_broken_at_least_once(every: list[ToldCause]) -> None:
    seen = {told.cause.rule for told in every if told.cause.status != "unknown"}
    assert {row.id for row in REQUIREMENTS} - seen == {"R33"}, "R33 shows only in a run that has begun"


def test_the_lines_stand_in_one_order_and_none_is_empty(every: list[ToldCause]) -> None:
    for told in every:
        found = list(lines(told))
        assert found == [label for label in ORDER if label in found], told.cause.id
        wanted = {"unknown", "key"} if told.cause.status == "unknown" else {"found", "wanted"}
        assert {"object", "who", "do", "proof", "why", *wanted} <= {
            k for k, text in lines(told).items() if text.strip()
        }


def test_the_person_is_a_role_that_every_company_has_or_the_owner(every: list[ToldCause]) -> None:
    for told in every:
        assert told.person.startswith((*PERSONS.values(), "owner of ", "administrator of ")), told.cause.id


_SIGN_IN: Final = {
    r"Azure portal > (Virtual network gateways|ExpressRoute circuits|Virtual machines > \S+ > Network settings)": (
        "Azure network administrator"
    ),
    r"Azure portal > (Recovery|Help|Storage|Virtual machines > \S+ > (Run|Over))": "Azure administrator",
    "in the backup software": "backup administrator",
}
"""Where a step begins -> who can sign in there, by the portal's roles."""


def test_who_can_sign_in_where_a_step_is_done_is_named(every: list[ToldCause]) -> None:
    for told in every:
        for place, role in _SIGN_IN.items():
            if told.cause.status != "unknown" and any(re.match(place, step) for step in told.steps):
                assert role in told.person, told.cause.id


def test_what_is_written_into_the_file_is_what_the_act_changed(every: list[ToldCause]) -> None:
    said = {told.cause.rule: lines(told)["again"] for told in every if told.cause.status == "blocks"}
    assert "configuration_servers: vcenters" in said["R12"]
    assert "(master_targets: vcenter)" not in said["R12"]
    assert "local_disks" not in said["M03"]
    assert "`hosts: datastores`" in said["R24"]


def test_of_a_group_that_no_server_takes_nobody_installs_another() -> None:
    for cases, words in (({"too_big": True}, "No page names a way"), ({"too_big": False, "busy": False}, NEW_SERVER)):
        told = " ".join(decided(step, cases) for step in STEPS["M03"])
        assert words in told
        assert (NEW_SERVER in told) is not cases["too_big"]


def test_an_act_says_where_to_click_or_what_to_type_and_a_proof_what_to_see(every: list[ToldCause]) -> None:
    for told in every:
        said = lines(told)
        assert PLACE.search(said["do"]), (told.cause.id, said["do"])
        assert PLACE.search(told.proof.seen_by), told.cause.id
        assert len(said["do"].split()) >= 6, said["do"]


def test_what_is_unknown_is_looked_up_where_it_can_be_seen(every: list[ToldCause]) -> None:
    unknown = [told for told in every if told.cause.status == "unknown"]
    assert unknown
    for told in unknown:
        assert not re.search(r"`found`|`failback predict`|has come home", lines(told)["do"]), told.cause.id


def test_no_act_and_no_proof_leaves_open_what_the_estate_knows(every: list[ToldCause]) -> None:
    bad = [
        (told.cause.id, text)
        for told in every
        for text in (*told.steps, told.careful, told.proof.seen_by)
        if LEFT_OPEN.search(text) or BARE.search(text)
    ]
    assert bad == []


def test_no_rule_and_no_reading_stands_by_its_code_alone(every: list[ToldCause]) -> None:
    bad = [
        (told.cause.id, label, text)
        for told in every
        for label, text in lines(told).items()
        if label not in {"again", "failback", "do"} and CODE.search(COMMAND.sub("", text))
    ]
    assert bad == []
    texts = [step for steps in STEPS.values() for step in steps]
    assert [text for text in texts if CODE.search(COMMAND.sub("", text))] == []
    assert all(reading.subject for reading in READINGS)


def test_the_first_line_says_what_stops_nothing(every: list[ToldCause]) -> None:
    for told in every:
        stops_nothing = told.cause.status in {"advice", "before_return", "after_return"}
        assert ("does not block" in cause_head(told)) == stops_nothing, told.cause.id


def test_what_is_written_into_the_file_is_whole_and_turns_a_flag_round(every: list[ToldCause]) -> None:
    for told in every:
        again = lines(told).get("again", "")
        assert not re.search(r"\b[A-Z]+(?:-[A-Z]+)+\b|\{[a-z_]+\}(?!`)|\[\[|¦", again), again
        for fact in told.facts if told.cause.status == "blocks" and not told.corrected else ():
            assert not isinstance(fact.value, bool) or f"`{fact.key}: {str(not fact.value).lower()}`" in again, again


def test_steps_and_proofs_name_the_file_that_was_checked_in_json_too(every: list[ToldCause]) -> None:
    for told in every:
        found = cause_json(told)
        assert "SCENARIO.yaml" not in " ".join((*found["steps"], found["proof"], *what_to_do(told))), told.cause.id


def test_json_says_the_same(every: list[ToldCause]) -> None:
    for told in every:
        found = cause_json(told)
        assert (found["who"], found["steps"], found["careful"]) == (told.person, list(told.steps), told.careful)


def test_what_destroys_is_warned_of() -> None:
    risky = re.compile(r"Delete|Remove-|vmkfstools|format|Shut Down|Reset >|Disable replication|[Rr]estore")
    harmless = re.compile("can be restored on site")
    risks = {rule for rule, steps in STEPS.items() if risky.search(harmless.sub("", " ".join(steps)))}
    unwarned = risks - CAREFUL.keys()
    assert unwarned == {"A12"}, "a promise is restored there, nothing that could be lost"


def test_a_command_that_a_proof_gives_can_be_pasted_as_it_stands(every: list[ToldCause]) -> None:
    for told in every:
        for command in COMMAND.findall(lines(told)["proof"]):
            assert not re.search(r"--rule \w+ \(", command), (told.cause.id, command)


def test_each_key_that_is_asked_for_is_written_in_a_step_for_each_object(every: list[ToldCause]) -> None:
    unknown = [told for told in every if told.cause.status == "unknown" and told.facts]
    assert unknown
    for told in unknown:
        for fact in told.facts:
            key = re.sub(r"^(\w+)\.\d+\.", r"\1: ", fact.key)
            steps = [step for step in told.looks if f"s `{key}` write" in step]
            assert steps, (told.cause.id, key, told.looks)
            if fact.name in told.cause.objects and len(told.cause.objects) > 1:
                assert any("; do the same for " in step for step in steps), (told.cause.id, told.looks)


def test_the_room_that_is_wanted_of_a_datastore_is_a_number_of_gib(every: list[ToldCause]) -> None:
    full = [told for told in every if told.cause.rule in {"B14", "B16"} and told.cause.status == "blocks"]
    assert {told.cause.rule for told in full} == {"B14", "B16"}
    for told in full:
        assert re.search(r"\d GiB|of \d+ GiB", lines(told)["found"]), told.cause.id
        assert re.search(r"at least \d+ GiB", lines(told)["wanted"]), told.cause.id
        assert re.search(r"Free is at least \d+ GiB", lines(told)["proof"]), told.cause.id
        assert re.search(r"only if less than \d+ GiB", lines(told)["do"]), told.cause.id


def test_of_a_fact_about_two_objects_the_object_is_the_one_that_the_rule_is_about(every: list[ToldCause]) -> None:
    pairs = [told for told in every if re.match(r"[\w-]+-[\w-]+ and [\w-]+: their", " ".join(told.cause.sentences))]
    assert {"M02", "M13", "P02", "P04", "R11"} <= {told.cause.rule for told in pairs}
    for told in pairs:
        assert told.cause.kind == told.requirement.kind_of_object.value, told.cause.id
