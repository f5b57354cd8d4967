import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from failback.reprotect import LEGS, Operation, Plan
from failback.scenarios import Finding, ItemResult, Leg, Result, junit_xml, load_scenario, play, resolve, write_report
from failback.scenarios.reports.report import write_timeline_svg
from failback.scenarios.reports.report_gantt import BESIDE_BANDS_MAX, chart
from failback.scenarios.reports.waited import ROWS_MAX, WaitPiece, longest, waited, waited_words
from failback.simulator import SiteParameters

HOUR_S = 3600.0
CHECKERS = {"never_two_running_copies": (), "never_ask_twice": (), "every_item_ends": ()}


def whole_way(item: str, start_s: float = 0.0) -> tuple[Leg, ...]:
    """Six legs of an hour each; a reprotect's job ends after ten minutes, its resync with the hour."""
    starts = [start_s + n * HOUR_S for n in range(len(LEGS))]
    return tuple(
        Leg(item, leg, at_s, at_s + (600 if "reprotect" in leg.value else HOUR_S), at_s + HOUR_S, "done")
        for leg, at_s in zip(LEGS, starts, strict=True)
    )


def result_of(count: int, **changes: Any) -> Result:
    """A run in which every machine comes home."""
    names = [f"vm-{n:03}" for n in range(1, count + 1)]
    made = Result(
        label="simulation",
        scenario="built_by_hand",
        title="Machines go out and come home",
        world="sim",
        seed=7,
        verdict="as_expected",
        duration_s=8 * HOUR_S + 17 * 60,
        starts_at="2026-06-05T18:00:00+00:00",
        items=tuple(ItemResult(name, "modernised", "replicating_to_azure") for name in names),
        legs=tuple(leg for n, name in enumerate(names) for leg in whole_way(name, n % 60 * 60)),
        findings=(),
        checkers=CHECKERS,
        versions={"failback": "1.2.3", "simpy": "4.5.6"},
    )
    return replace(made, **changes)


STOP = Finding(
    "R04", "mt-linux", "vm-001", "prerequisite_check", "stopped", "it has a snapshot", "delete the snapshot", 7500.0, 3
)
FAILED_TRY = Leg("vm-001", Operation.REPROTECT_TO_ON_PREMISES, 7200.0, None, 7500.0, "failed")


def stopped() -> Result:
    """One of three machines is stopped by a snapshot on the master target, which the scenario wanted otherwise."""
    home = result_of(3)
    item = ItemResult("vm-001", "classic", "failover_committed", "R04", "it has a snapshot", "VMware administrator")
    legs = (*whole_way("vm-001")[:2], FAILED_TRY, *(leg for leg in home.legs if leg.item != "vm-001"))
    surprise = "vm-001 ended stopped by R04 in failover_committed; expected replicating_to_azure"
    return replace(
        home, verdict="otherwise", items=(item, *home.items[1:]), legs=legs, findings=(STOP,), surprises=(surprise,)
    )


def big() -> Result:
    """Five hundred machines, ten of them with a finding that a later try mended."""
    findings = tuple(
        replace(STOP, item=f"vm-{n:03}", status="mended", message=f"message {n}") for n in range(50, 501, 50)
    )
    return result_of(500, findings=findings)


def page_of(result: Result, folder: Path) -> str:
    write_report(result, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def words_of(page: str) -> str:
    """What a reader sees, white space as one blank."""
    return " ".join("".join(Xml.fromstring(page).itertext()).split())


def rows_of(page: str) -> list[Xml.Element]:
    return Xml.fromstring(page).findall(".//{*}g[@class='row']")


@pytest.mark.parametrize("result", [result_of(0), result_of(1), result_of(12), stopped(), big()])
def test_the_page_is_well_formed_and_needs_nothing_else(result: Result, tmp_path: Path) -> None:
    page = page_of(result, tmp_path)
    everything = list(Xml.fromstring(page).iter())
    assert [node.tag for node in everything if node.tag in ("script", "link", "img", "iframe")] == []
    targets = [node.get(name) for node in everything for name in ("src", "href", "{http://www.w3.org/1999/xlink}href")]
    assert [target for target in targets if target and not target.startswith("#")] == []
    assert re.findall(r"url\((?!#)|@import", page) == []
    assert [name for node in everything for name in node.attrib if name.startswith("on")] == []


def test_every_colour_and_hatching_that_is_used_is_defined(tmp_path: Path) -> None:
    page = page_of(stopped(), tmp_path)
    assert set(re.findall(r"url\(#([\w-]+)\)", page)) >= {"hatch-reprotect_to_azure"}
    patterns = set(re.findall(r'<pattern id="([\w-]+)"', page))
    used = set(re.findall(r'class="leg (\w+) resync', page))
    assert {f"hatch-{leg}" for leg in used} <= patterns
    assert set(re.findall(r"var\((--[\w-]+)\)", page)) - {"--c"} <= set(re.findall(r"(--[\w-]+):", page))


def test_the_page_says_what_ran_and_how_it_ended(tmp_path: Path) -> None:
    words = words_of(page_of(result_of(12), tmp_path))
    for text in ("simulation", "built_by_hand", "world sim", "seed 7", "failback 1.2.3", "simpy 4.5.6"):
        assert text in words
    assert "The run ended as its scenario expects. All 12 machines are home and replicating to Azure again." in words
    assert "It took 8 h 17 min of virtual time, until Sat 6 Jun 2026, 02:17 UTC." in words


@pytest.mark.parametrize("count", [1, 12, 200])
def test_every_item_has_a_row_in_the_picture_and_in_the_table(count: int, tmp_path: Path) -> None:
    result = result_of(count)
    page = page_of(result, tmp_path)
    assert [row.findtext("{*}text/{*}title") for row in rows_of(page)] == [item.name for item in result.items]
    for item in result.items:
        assert f'<td class="name">{item.name}</td>' in page


def test_each_leg_is_a_bar_and_a_reprotect_is_two(tmp_path: Path) -> None:
    (row,) = rows_of(page_of(result_of(1), tmp_path))
    classes = [bar.get("class") for bar in row.findall("{*}rect")]
    resyncs = [f"leg {leg.value} resync" for leg in LEGS if "reprotect" in leg.value]
    assert sorted(map(str, classes)) == sorted([*(f"leg {leg.value} job" for leg in LEGS), *resyncs])


def test_job_and_resync_lie_end_to_end_where_their_hours_are(tmp_path: Path) -> None:
    (row,) = rows_of(page_of(result_of(1), tmp_path))
    bars = {str(bar.get("class")): bar for bar in row.findall("{*}rect")}
    job, resync = bars["leg reprotect_to_azure job"], bars["leg reprotect_to_azure resync"]
    assert float(resync.attrib["x"]) == pytest.approx(float(job.attrib["x"]) + float(job.attrib["width"]), abs=0.05)
    assert float(resync.attrib["width"]) == pytest.approx(5 * float(job.attrib["width"]), rel=0.01)
    assert job.findtext("{*}title") == (
        "vm-001: Reprotect to Azure, job, 10 min, from Fri 5 Jun 2026, 23:00 UTC until 23:10"
    )


def test_a_leg_of_seconds_can_be_seen(tmp_path: Path) -> None:
    result = result_of(1, legs=(Leg("vm-001", Operation.COMMIT_FAILOVER, 60.0, 63.0, 63.0, "done"),))
    bar = rows_of(page_of(result, tmp_path))[0].find("{*}rect")
    assert bar is not None
    assert float(bar.attrib["width"]) > 2


def test_a_leg_that_never_ended_reaches_to_the_end(tmp_path: Path) -> None:
    legs = (Leg("vm-001", Operation.REPROTECT_TO_AZURE, 0.0, 600.0, None, "running"),)
    page = page_of(result_of(1, legs=legs, verdict="interrupted"), tmp_path)
    assert 'class="leg reprotect_to_azure resync open"' in page
    assert "still under way at the end" in page
    assert "Interrupted after 8 h 17 min" in words_of(page)


def test_a_stopped_machine_says_why_and_who_must_act(tmp_path: Path) -> None:
    page = page_of(stopped(), tmp_path)
    words = words_of(page)
    ended = (
        "vm-001 ended stopped by rule R04 in “runs in Azure, unprotected”; expected “runs on site, protected to Azure”"
    )
    for text in (ended, STOP.rule, STOP.object, STOP.message, STOP.remedy, "prerequisite check"):
        assert text in words
    assert "VMware administrator" in words
    assert "2 h 5 min after the start" in words
    assert "runs in Azure, unprotected" in words
    assert 'class="leg reprotect_to_on_premises failed"' in page
    assert 'class="mark stopped"' in page


STORIES = ("first_drill_modernised", "job_fails_once", "operator_gate", "master_target_snapshot")


@pytest.mark.parametrize("name", STORIES)
def test_what_the_end_waited_for_has_no_gap_from_the_start_to_the_last_end(name: str) -> None:
    result = play(load_scenario(resolve(name)))
    pieces = waited(result)
    ends = [piece.start_s + piece.length_s for piece in pieces]
    assert pieces[0].start_s == 0
    assert [piece.start_s for piece in pieces[1:]] == pytest.approx(ends[:-1])
    assert ends[-1] == max(leg.end_s or 0.0 for leg in result.legs)


def test_what_never_ended_is_what_the_end_of_the_run_waited_for() -> None:
    story = load_scenario(resolve("one_modernised_vm"))
    result = play(replace(story, site=SiteParameters(churn_mib_per_s=1000.0), plan=Plan(give_up_after_s=90000.0)))
    pieces = waited(result)
    assert pieces[-1].what == "resync, still under way"
    assert sum(piece.length_s for piece in pieces) == pytest.approx(result.duration_s) == pytest.approx(90000.0)


def test_the_page_says_what_the_end_waited_for(tmp_path: Path) -> None:
    page = words_of(page_of(result_of(1), tmp_path))
    assert "What determined the end" in page
    assert "6 h in all = job 4 h 20 min + resync 1 h 40 min." in page
    assert "What determined the end" not in page_of(replace(result_of(1), legs=()), tmp_path)


def test_of_a_long_way_the_longest_pieces_are_shown_in_the_order_of_time() -> None:
    pieces = tuple(WaitPiece("vm", "Failback", "job", 60.0 * n, 60.0 + n % 7) for n in range(40))
    shown = longest(pieces)
    assert len(shown) == ROWS_MAX
    assert [piece.start_s for piece in shown] == sorted(piece.start_s for piece in shown)
    assert min(piece.length_s for piece in shown) >= max(p.length_s for p in pieces if p not in shown)
    assert "The 16 shortest parts are not shown." in waited_words(pieces)


def test_a_violation_of_a_checker_is_told(tmp_path: Path) -> None:
    result = result_of(1, checkers={**CHECKERS, "never_ask_twice": ("k1 was sent twice",)})
    words = words_of(page_of(result, tmp_path))
    assert words.count("held") >= 2
    assert "k1 was sent twice" in words


def test_five_hundred_items_are_bands_and_only_those_with_findings_have_rows(tmp_path: Path) -> None:
    result = big()
    page = page_of(result, tmp_path)
    shown = {row.findtext("{*}text/{*}title") for row in rows_of(page)}
    assert shown == {finding.item for finding in result.findings}
    assert len(Xml.fromstring(page).findall(".//{*}g[@class='band']")) == len(LEGS)
    words = words_of(page)
    assert "490 machines without a row of their own" in words
    assert all(item.name in words for item in result.items)
    assert all(finding.message in words for finding in result.findings)


def test_rows_shrink_as_items_grow(tmp_path: Path) -> None:
    def height(count: int) -> float:
        box = Xml.fromstring(page_of(result_of(count), tmp_path)).findall(".//{*}svg[@role='img']")[0].attrib["viewBox"]
        return float(box.split()[3]) / count

    assert height(12) > height(100) > height(200)


NASTY = "<b>&\"'</b><script>alert(1)</script>{{ 7*7 }}"


def test_names_and_messages_are_text_never_markup(tmp_path: Path) -> None:
    finding = replace(STOP, item=NASTY, object=NASTY, message=NASTY, remedy=NASTY)
    result = result_of(1, title=NASTY, items=(ItemResult(NASTY, "classic", NASTY, "R04", NASTY, NASTY),))
    result = replace(result, legs=(), findings=(finding,), surprises=(NASTY,), verdict="otherwise")
    page = page_of(result, tmp_path)
    assert "<b>&" not in page
    assert "<script" not in page
    assert Xml.fromstring(page).findtext(".//h1") == NASTY
    write_timeline_svg(result, tmp_path / "timeline.svg")
    Xml.parse(tmp_path / "timeline.svg")


def test_a_control_character_breaks_neither_page_nor_junit(tmp_path: Path) -> None:
    result = replace(stopped(), surprises=("vm-001 ended \x00\x1b[31m badly",))
    assert "\N{REPLACEMENT CHARACTER}[31m badly" in words_of(page_of(result, tmp_path))
    assert Xml.fromstring(junit_xml(result)).find(".//failure") is not None


def test_simulated_is_labelled_simulated_and_live_is_not(tmp_path: Path) -> None:
    simulated = words_of(page_of(result_of(1), tmp_path))
    live = words_of(page_of(result_of(1, label="live", world="azure"), tmp_path))
    assert "What the simulation does not know" in simulated
    assert "Nothing real was touched" in simulated
    assert "simulat" not in live.lower().replace("simulation of", "")


def test_the_picture_alone_names_every_machine_and_leg(tmp_path: Path) -> None:
    write_timeline_svg(result_of(12), tmp_path / "timeline.svg")
    picture = Xml.parse(tmp_path / "timeline.svg").getroot()
    words = " ".join(picture.itertext())
    assert all(f"vm-{n:03}" in words for n in range(1, 13))
    for name in ("Failover", "Reprotect to on-premises", "Commit failback", "virtual time", "Simulation"):
        assert name in words
    bottom = max(
        float(re.findall(r"[\d.]+", str(g.get("transform")))[1]) for g in picture.findall(".//{*}g[@class='row']")
    )
    assert float(picture.attrib["height"]) > bottom


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    assert page_of(stopped(), tmp_path) == page_of(stopped(), tmp_path)


def suite_of(result: Result) -> Xml.Element:
    suite = Xml.fromstring(junit_xml(result)).find("testsuite")
    assert suite is not None
    return suite


def test_junit_has_a_case_per_item_and_per_checker() -> None:
    suite = suite_of(result_of(12))
    names = [case.attrib["name"] for case in suite.findall("testcase")]
    assert names == [*(f"vm-{n:03}" for n in range(1, 13)), *CHECKERS]
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == ("15", "0", "0")


def test_junit_fails_the_item_that_ended_otherwise() -> None:
    suite = suite_of(stopped())
    assert [case.attrib["name"] for case in suite.findall("testcase") if case.find("failure") is not None] == ["vm-001"]
    assert "VMware administrator" in str(suite.findtext("testcase/system-out"))


def test_junit_passes_an_item_that_was_meant_to_stop() -> None:
    suite = suite_of(replace(stopped(), verdict="as_expected", surprises=()))
    assert suite.findall(".//failure") == []
    assert "Stopped by R04" in str(suite.findtext("testcase/system-out"))


@pytest.mark.parametrize(
    "surprise",
    [
        "checker never_ask_twice: k1 was sent twice",
        "checker never_ask_twice was expected to find something and did not",
        "finding R23 was expected but did not occur",
        "something that nobody thought of",
        "checker of another kind: it said something",
    ],
)
def test_junit_never_looks_good_when_the_verdict_is_bad(surprise: str) -> None:
    suite = suite_of(result_of(2, verdict="otherwise", surprises=(surprise,)))
    assert [failure.text for failure in suite.findall(".//failure")] == [surprise]
    assert suite.attrib["failures"] == "1"


def test_junit_of_an_interrupted_run_is_an_error() -> None:
    surprise = "vm-001 ended failed_over; expected replicating_to_azure"
    suite = suite_of(result_of(2, verdict="interrupted", surprises=(surprise,)))
    assert (suite.attrib["errors"], suite.attrib["skipped"], suite.attrib["failures"]) == ("1", "1", "0")


ROOT = Path(__file__).parents[3]
WRITE = """python -c "from pathlib import Path; from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.reports.report import write_timeline_svg
from failback.scenarios.reports.report_gantt import chart
from failback.scenarios.reports.waited import ROWS_MAX, Waited, longest, waited, waited_words
from failback.simulator import SiteParameters
write_timeline_svg(play(load_scenario(resolve('first_drill_modernised'))), Path('docs/timeline.svg'))" """


def test_the_picture_in_the_docs_is_current(tmp_path: Path) -> None:
    write_timeline_svg(play(load_scenario(resolve("first_drill_modernised"))), tmp_path / "timeline.svg")
    now, shown = (file.read_text(encoding="utf-8") for file in (tmp_path / "timeline.svg", ROOT / "docs/timeline.svg"))
    assert shown == now, f"write it again: {WRITE}"


def test_the_report_says_how_to_play_the_run_again_but_not_for_a_live_one(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(result_of(1), path)
    again = "failback run scenario.json --world sim --seed 7 --out again"
    assert again in path.read_text("utf-8")
    write_report(result_of(1, label="live", world="azure"), path)
    assert "--out again" not in path.read_text("utf-8")


def test_a_failed_drill_of_many_reads_like_one_of_few(tmp_path: Path) -> None:
    def page(count: int) -> str:
        whole = result_of(count, verdict="not_as_expected")
        items = tuple(
            replace(i, phase="failover_committed", stopped_by="R04", message="a snapshot") for i in whole.items
        )
        ends = " ended stopped by R04 in failover_committed; expected replicating_to_azure"
        write_report(
            replace(whole, items=items, surprises=tuple(i.name + ends for i in items)), tmp_path / "report.html"
        )
        text = re.sub(r"</?a[^>]*>", "", (tmp_path / "report.html").read_text("utf-8"))
        return text.partition('class="verdict')[2].partition("</header>")[0]

    few, many = page(5), page(500)
    assert few.count("<li>") == many.count("<li>") == 1
    ended = "500 machines ended stopped by rule R04 in “runs in Azure, unprotected”"
    assert f"{ended}; expected “runs on site, protected to Azure”: vm-001" in many
    assert "vm-006 and 494 more" in many
    text = (tmp_path / "report.html").read_text("utf-8")
    assert '<details class="screen"><summary>500 machines that stopped' in text
    assert "Not printed one by one: 500 machines that stopped" in text
    assert len(rows_of(text)) == BESIDE_BANDS_MAX


@pytest.mark.parametrize("hours", [2, 8, 20, 26, 36, 51, 70, 120, 400])
def test_dates_under_the_axis_of_the_picture_do_not_touch(hours: int) -> None:
    ticks = chart(result_of(3, duration_s=hours * 3600.0)).ticks
    widths = [LABEL if tick.day else CLOCK if tick.clock else 0.0 for tick in ticks]
    begins = [tick.x - (width / 2 if n else 0) for n, (tick, width) in enumerate(zip(ticks, widths, strict=True))]
    ends = [begin + width for begin, width in zip(begins, widths, strict=True)]
    assert [(a, b) for a, b in zip(ends, begins[1:], strict=False) if a > b] == []


LABEL, CLOCK = 92.0, 32.0
"""About how wide `Sat 6 Jun 00:00` and `00:00` are under the axis."""


def test_on_paper_heads_of_tables_wrap_and_nothing_has_a_scroll_bar(tmp_path: Path) -> None:
    printed = page_of(result_of(1), tmp_path).partition("@media print {")[2].partition("@page")[0]
    assert "th { white-space: normal; }" in printed
    assert ".table, .chart { overflow: visible; }" in printed
