"""A check as a page and as JUnit: grouped by cause as in the terminal, with every name, and names are only text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from markupsafe import escape

from failback.scenarios.checks.accept import Acceptance
from failback.scenarios.checks.command import CheckDone, CheckRequest, run_check
from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.finding_words import value_words
from failback.scenarios.checks.html_page import write_page
from failback.scenarios.checks.junit import junit_text
from failback.scenarios.checks.summary import summary_lines
from failback.scenarios.checks.told import told_causes
from failback.scenarios.judging.check import Status
from failback.scenarios.judging.judged import coverage_words, judged_of

COUNT = 269
HOSTILE = "<img src=http://evil.test/x onerror=alert(1)>&amp;]]>"
ESTATE = """\
name: many
estate:
  link: {bandwidth_mbit_per_s: 500}
  hosts: [{name: esx, datastores: [gold]}]
  datastores: [{name: gold}]
  appliances: [{name: "%s", host: esx, datastore: gold, healthy: false}]
  virtual_machines:
"""
MACHINE = "  - {name: m-%s, os: linux, host: esx, datastore: gold, disks: [{size_gib: 20}]}\n"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No two names are neighbours, so that no list can be told as a range."""
    path = tmp_path_factory.mktemp("check") / "many.yaml"
    machines = "".join(MACHINE % f"{n * 3:04}" for n in range(COUNT))
    path.write_text(ESTATE % HOSTILE + machines, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(file: Path) -> CheckDone:
    return run_check(CheckRequest(str(file)))


@pytest.fixture(scope="module")
def page(done: CheckDone, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "check.html"
    write_page(done, path)
    return path.read_text(encoding="utf-8")


def cases(done: CheckDone) -> Iterator[Xml.Element]:
    return Xml.fromstring(junit_text(done)).iter("testcase")


def text_of(case: Xml.Element) -> str:
    return "\n".join(child.text or "" for child in case)


def names(text: str) -> set[str]:
    return set(re.findall(r"m-\d{4}", text))


def test_the_page_has_a_block_for_each_cause_with_every_machine(done: CheckDone, page: str) -> None:
    for each in told_causes(done.report):
        block = page.partition(f'id="{escape(each.cause.id)}">')[2].partition("</div>")[0]
        assert names(block) == set(each.cause.items), each.cause.id
    assert "more (--" not in page


def test_the_page_asks_for_nothing_and_a_name_is_only_text(page: str) -> None:
    assert HOSTILE not in page
    assert "<img" not in page
    assert "&lt;img src=http://evil.test/x onerror=alert(1)&gt;&amp;amp;]]&gt;" in page
    assert not re.findall(r"<(?:script|link|img|iframe|object)\b", page)
    assert not re.findall(r"(?:src|href)\s*=\s*[\"']", page)
    assert "default-src 'none'" in page


def test_page_and_junit_say_what_was_judged(done: CheckDone, page: str) -> None:
    words = coverage_words(judged_of(done.report))
    assert words in page
    assert words in junit_text(done)


def test_two_numbers_of_rules_say_what_each_counts(done: CheckDone) -> None:
    """Rules that can stop a machine are fewer than all rules that were asked."""
    report = done.report
    told = " ".join(summary_lines(replace(report, unsure=frozenset({"R01"})), None, unknown_blocks=False))
    assert f"1 of the {len(report.rules)} rules that could block a machine cannot be judged" in told
    assert "including those that do not block, were asked of" in told


def test_junit_has_a_case_for_each_cause_with_every_machine_and_one_for_each_rule_that_holds(done: CheckDone) -> None:
    told, found = told_causes(done.report), list(cases(done))
    for each in told:
        (case,) = [case for case in found if (case.get("name") or "").endswith(f"[{each.cause.id}]")]
        assert names(text_of(case)) == set(each.cause.items)
        assert "more (--" not in text_of(case)
    rules = {(case.get("classname") or "").removeprefix("failback.check.") for case in found}
    assert rules == set(judged_of(done.report).by_rule())


def test_in_junit_what_blocks_fails_and_what_nobody_knows_is_skipped_or_fails_as_asked(file: Path) -> None:
    for strict in (False, True):
        done = run_check(CheckRequest(str(file), unknown_blocks=strict))
        told = told_causes(done.report)
        blocks = sum(each.cause.status == Status.BLOCKS.value for each in told)
        unknown = sum(each.is_open_now for each in told)
        later = sum(each.not_yet and each.can_block for each in told)
        top = Xml.fromstring(junit_text(done))
        assert blocks
        assert unknown
        assert top.get("failures") == str(blocks + strict * unknown)
        assert top.get("skipped") == str(later + (0 if strict else unknown))


def test_in_junit_an_accepted_cause_is_skipped_with_who_accepts_it_and_why(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(ESTATE % "box" + MACHINE % "1", encoding="utf-8")
    plain = run_check(CheckRequest(str(path), unknown_blocks=True))
    rule = next(each for each in told_causes(plain.report) if each.cause.status == "unknown" and each.can_block)
    entry = Acceptance(rule.cause.rule, rule.cause.objects[0], "seen by hand", "Ada", date(2030, 1, 1))
    done = run_check(CheckRequest(str(path), unknown_blocks=True, acceptances=(entry,), today=date(2026, 6, 5)))
    (case,) = [case for case in cases(done) if (case.get("name") or "").endswith(f"[{rule.cause.id}]")]
    assert [child.tag for child in case] == ["skipped"]
    assert "by Ada until 2030-01-01: seen by hand" in text_of(case)


def test_where_all_is_asked_for_no_sentence_of_an_unknown_fact_is_left_out(tmp_path: Path) -> None:
    """Of each machine another disk is unknown: eight sentences of one cause."""
    path = tmp_path / "disks.yaml"
    disks = [[f"{{size_gib: 20{', attached_on_premises: unknown' * (n == k)}}}" for n in range(8)] for k in range(8)]
    machines = [MACHINE.replace("{size_gib: 20}", ", ".join(of)) % f"{k}" for k, of in enumerate(disks)]
    path.write_text(ESTATE % "box" + "".join(machines), encoding="utf-8")
    told = told_causes(run_check(CheckRequest(str(path))).report)
    assert any(len(each.cause.sentences) == 8 and each.cause.status == "unknown" for each in told)
    for each in told:
        assert not any("more like it" in text for _, text in lines_of(each, whole=True))


def test_a_value_that_is_empty_is_shown_as_a_file_writes_it() -> None:
    assert [value_words(value) for value in ("", None, (), False)] == ['""', "null", "[]", "false"]
