"""A runbook says when a wave may seed and fail back, and what must not change while seeded machines wait."""

from dataclasses import replace

from failback.reprotect import Freeze, OnFailure, Operation, Wave
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.page import html, markdown
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.windows import begin_words, rules_while_seeded, wait_words, window_words

AHEAD = load_scenario(resolve("seed_ahead"))


def of(found: Runbook, operation: Operation) -> list[str]:
    return [window_words(found, section) for section in found.sections if section.operation is operation]


def test_a_wave_that_seeds_has_a_window_for_the_seed_and_one_for_the_cutover() -> None:
    found = runbook(AHEAD, runs=1)
    seeds, cutovers = of(found, Operation.REPROTECT_TO_ON_PREMISES), of(found, Operation.FAILBACK)
    assert len(seeds) == len(cutovers) == 2
    assert seeds[0].startswith("Seed window: from Wed 3 Jun 20:00 on. The applications keep working in Azure")
    assert set(cutovers) == {"Cutover window: from Fri 5 Jun 18:00 on."}
    assert set(of(found, Operation.COMMIT_FAILBACK)) == {""}


def test_ends_of_windows_are_said() -> None:
    first, second = AHEAD.plan.waves
    closed = replace(first, seed_closes_s=86400.0, closes_s=176400.0)
    found = runbook(replace(AHEAD, plan=replace(AHEAD.plan, waves=(closed, second))), runs=1)
    assert "and nothing begins after Thu 4 Jun 18:00" in of(found, Operation.REPROTECT_TO_ON_PREMISES)[0]
    assert of(found, Operation.FAILBACK)[0].endswith("and nothing begins after Fri 5 Jun 19:00.")


def test_while_seeded_machines_wait_what_can_age_is_listed() -> None:
    found = runbook(AHEAD, runs=1)
    seed = next(s for s in found.sections if s.operation is Operation.REPROTECT_TO_ON_PREMISES)
    assert "wait 4" in wait_words(found, seed)  # more than forty hours from the seed to the cutover
    rules = {rule.id for rule in rules_while_seeded(found, seed)}
    assert rules >= {
        "A01",
        "A09",
        "F02",
        "R33",
    }  # the appliance, where it stands, the points, the machine that stays off
    assert "M06" not in rules  # of classic servers


def test_a_wave_that_does_not_seed_ahead_has_neither() -> None:
    found = runbook(load_scenario(resolve("one_modernised_vm")), runs=1)
    assert {window_words(found, section) for section in found.sections} == {""}
    assert not any(rule for section in found.sections for rule in rules_while_seeded(found, section))


def test_each_later_wave_says_when_it_may_begin_on_a_late_night() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    names = tuple(scenario.estate.virtual_machines)
    waves = (Wave("wave-1", names[:2]), Wave("wave-2", names[2:4]), Wave("wave-3", names[4:], opens_s=7200.0))
    plan = replace(scenario.plan, waves=waves, recovery_plans=(), together=())
    found = runbook(replace(scenario, plan=plan, faults=()), 1)
    home = "May begin, whatever the planned time, when each machine of"
    said = {one.wave: words for one in found.sections if (words := begin_words(found, one))}
    assert said["wave-2"] == f"{home} wave-1 is committed or left out."
    assert said["wave-3"].startswith(f"{home} wave-2 is committed or left out, and not before ")
    assert said.keys() == {"wave-2", "wave-3"}
    for text in texts(found).values():
        assert all(words in text for words in said.values())


def test_a_seed_has_its_own_time_and_its_cutover_waits_for_the_wave_before() -> None:
    found = runbook(AHEAD, runs=1)
    first, second = AHEAD.plan.waves
    told = {(one.wave, one.operation): words for one in found.sections if (words := begin_words(found, one))}
    seed, cutover = (second.name, Operation.REPROTECT_TO_ON_PREMISES), (second.name, Operation.FAILBACK)
    assert told.keys() == {seed, cutover}
    assert told[seed] == f"May begin from Wed 3 Jun 20:00 on, even if {first.name} is late."
    assert told[cutover].endswith(f"of {first.name} is committed or left out, and not before Fri 5 Jun 18:00.")


def test_the_pages_show_windows_and_what_can_age() -> None:
    found = runbook(AHEAD, runs=1)
    for text in (html(found), markdown(found)):
        assert "Seed window: from Wed 3 Jun 20:00 on" in text
        assert "Cutover window: from Fri 5 Jun 18:00 on" in text
        assert "no Storage vMotion of the appliance" in text


def test_freeze_windows_and_the_stop_policy_stand_at_the_top_of_the_runbook() -> None:
    windows = (Freeze("<month-end>", 0.0, 7200.0),)
    plan = replace(AHEAD.plan, freezes=windows, on_failure=OnFailure.STOP_WAVE)
    found = runbook(replace(AHEAD, plan=plan), runs=1)
    assert "Freeze window &lt;month-end&gt;: Wed 3 Jun 18:00 to Wed 3 Jun 20:00. Request nothing" in html(found)
    assert "begin no reprotect and no failback in its wave any more" in markdown(found)
    assert "Freeze window" not in html(runbook(AHEAD, runs=1))


def test_what_can_age_is_named_once_and_later_waves_refer_to_it() -> None:
    pages = texts(runbook(load_scenario(resolve("seed_ahead")), 1))
    for page in (pages["runbook.md"], pages["runbook.html"].replace("</b>", "")):
        waits = page.split("Until then, check:")[1:]
        assert len(waits) == 2
        assert "R31" in waits[0].partition("Wave web: ")[0]
        assert waits[1].lstrip().startswith("the rules named in Wave databases.")
