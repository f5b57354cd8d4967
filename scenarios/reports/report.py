"""The report: one self-contained HTML file for people, JUnit for machines, and the picture alone as SVG."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as Xml

from jinja2 import Environment

from failback.reprotect import LEGS, Operation, replaced
from failback.scenarios.judging.judged import ANSWER_WORDS, Answer, covered, total
from failback.scenarios.outcomes.segments import segments
from failback.scenarios.outputs.run_folders.identity import Identity
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.run.result import ItemResult, Result
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import (
    CHECKER_WORDS,
    LABEL_WORDS,
    LEG_WORDS,
    applied_words,
    counted,
    date_words,
    h_min,
    has_arrived,
    moment,
    phase_words,
    status_words,
    verdict_words,
)
from failback.scenarios.text.rounding import percents

from .first_screen import is_in_azure, is_unprotected, left_words, tone, warning_words
from .not_tested import broken_before, not_judged, not_tested, tested_words
from .report_gantt import chart
from .report_tables import (
    broken_targets,
    machine_groups,
    state_of,
    stopped_or_late,
    targets_kept,
    tier_rows,
)
from .rule_words import RuleLinks, later_words, named, rule_rows
from .run_causes import RunCause, cause_lines, run_causes
from .run_summary import cut_off, summary
from .surprises import grouped_surprises
from .waited import bottleneck, longest, to_the_second, waited, waited_words
from .wave_rows import wave_rows

ITEMS_OPEN_MAX: Final = 60
"""Items up to which the table of all of them is unfolded."""
_SETTLING: Final = (Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE)


def write_report(result: Result, path: Path, identity: Identity | None = None) -> None:
    """Write the HTML report. It needs nothing else: no script, no font, no network. Raises `CannotWrite`.

    `identity` says which run of which scenario it was, and when; without it the page is that of the result alone.
    """
    write_text(path, _drawn("report.html", result, identity), "report")


def timeline_svg(result: Result) -> str:
    """The picture alone, with its legend."""
    return _drawn("timeline.svg", result)


def write_timeline_svg(result: Result, path: Path) -> None:
    """Write the picture alone, with its legend, as a file that a page can show."""
    path.write_text(_drawn("timeline.svg", result), encoding="utf-8", newline="\n")


def junit_xml(result: Result) -> str:
    """The run as JUnit: a test case per item and per checker; `time` is in virtual seconds."""
    cases = [*_item_cases(result), *_checker_cases(result), *_other_cases(result)]
    counts = {
        f"{kind}s" if kind != "skipped" else kind: _count(cases, kind) for kind in ("failure", "error", "skipped")
    }
    totals = {
        "name": replaced(f"failback.{result.scenario}"),
        "tests": str(len(cases)),
        **counts,
        "time": f"{result.duration_s:.3f}",
    }
    top = Xml.Element("testsuites", totals)
    suite = Xml.SubElement(top, "testsuite", {**totals, "timestamp": replaced(result.starts_at)})
    properties = Xml.SubElement(suite, "properties")
    for name in ("label", "world", "seed", "verdict"):
        Xml.SubElement(properties, "property", {"name": name, "value": replaced(str(getattr(result, name)))})
    suite.extend(cases)
    said = [covered(result.judged, len(result.items))] if result.judged else []
    said += [*later_words(result), *left_words(result), *warning_words(result)]
    if said := [*said, *result.passed_over, *map(_cause_words, run_causes(result))]:
        Xml.SubElement(suite, "system-out").text = replaced("\n\n".join(said))
    Xml.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(top, encoding="unicode") + "\n"


def _cause_words(each: RunCause) -> str:
    """A cause as a paragraph, with all of its machines."""
    by = f" by {each.objects}" if each.objects else ""
    return "\n".join(
        (
            f"{each.cause.rule} {status_words(each.cause.status)}{by}: {each.items}",
            *cause_lines(each),
        )
    )


def _drawn(template: str, result: Result, identity: Identity | None = None) -> str:
    facts = _facts(result) | _audit_facts(result) | _rule_facts(result) | {"identity": identity}
    return _environment().get_template(template).render(facts).strip() + "\n"


def _environment() -> Environment:
    named = {
        "to_the_second": to_the_second,
        "applied_words": applied_words,
        "status_words": status_words,
        "date_words": date_words,
    }
    return templates(h_min=h_min, phase_words=phase_words, **named)


def _facts(result: Result) -> dict[str, Any]:
    path = waited(result)
    return {
        "result": result,
        "path": longest(path),
        "path_words": waited_words(path),
        "chart": chart(result),
        "label": LABEL_WORDS.get(result.label, ""),
        "verdict": verdict_words(result),
        "tone": tone(result),
        "summary": summary(result),
        "surprises": list(grouped_surprises(result)),
        "left": list(left_words(result)),
        "warnings": list(warning_words(result)),
        "covered": covered(result.judged, len(result.items)) if result.judged else "",
        "causes": run_causes(result),
        "figures": _figures(result),
        "legend": _legend(result),
        "items": [_item_facts(result, item) for item in sorted(result.items, key=lambda item: not item.stopped_by)],
        "items_open_max": ITEMS_OPEN_MAX,
        "checkers": [(name, CHECKER_WORDS.get(name, ""), *_checked(result, name)) for name in result.checkers],
        "date": lambda at_s: date_words(moment(result, at_s)),
    }


def _audit_facts(result: Result) -> dict[str, Any]:
    """For whoever audits the run: what was promised and came, what was tested, and machines in groups."""
    tiers = tier_rows(result)
    return {
        "tiers": tiers,
        "broken_targets": list(broken_targets(tiers)),
        "waves": wave_rows(result, lambda at_s: date_words(moment(result, at_s))),
        "tested": tested_words(result),
        "not_tested": list(not_tested(result, tiers)),
        "not_judged": not_judged(result),
        "broken_before": list(broken_before(result)),
        "groups": machine_groups(result),
        "stopped_or_late": stopped_or_late(result),
        "shares": percents([server.gib for server in result.evidence.estate.servers]) if result.evidence else (),
        "measured": {machine.item: machine for machine in result.evidence.machines} if result.evidence else {},
        "listed": listed,
        "named": named,
    }


def _rule_facts(result: Result) -> dict[str, Any]:
    """The rules: what each said of how many machines, and where its explanation stands."""
    rules = rule_rows(result)
    return {
        "rules": rules,
        "links": RuleLinks(row.rule for row in rules),
        "answers": list(ANSWER_WORDS.values()),
        "alike": result.judged_alike,
        "in_all": list(total(result.judged, len(result.items)).values()) if result.judged else [],
        "later": later_words(result),
    }


def _checked(result: Result, checker: str) -> tuple[tuple[str, ...], str]:
    return result.checkers[checker], _held(result, checker)


def _held(result: Result, checker: str) -> str:
    if result.checkers[checker]:
        return "broken"
    return "not exercised" if checker in result.not_exercised else "held"


def _figures(result: Result) -> list[tuple[str, str, str]]:
    """The few numbers on top: what, how much, explained."""
    arrived = sum(has_arrived(result, item) for item in result.items)
    stopped = sum(bool(item.stopped_by) for item in result.items)
    down = [leg.end_s - leg.start_s for leg in result.legs if leg.leg is Operation.FAILBACK and leg.end_s is not None]
    return [
        *_target_figure(result),
        *_bottleneck_figure(result),
        ("At the end of the plan", f"{arrived} of {len(result.items)}", "machines"),
        ("Stopped", str(stopped), "waiting for a person" if stopped else "no machine waits for a person"),
        *_unprotected_figure(result),
        *_unknown_figure(result),
        _duration_figure(result),
        (
            "Longest failback",
            h_min(max(down)) if down else "none",
            "from request to running on site" if down else "in this run",
        ),
    ]


def _duration_figure(result: Result) -> tuple[str, str, str]:
    """How long it took; a run that was cut off has a length, and no duration."""
    began, ended = date_words(moment(result, 0)), date_words(moment(result, result.duration_s))
    cut = "Cut off after" if result.verdict == "interrupted" else "Stopped at its limit" if cut_off(result) else ""
    span = f"{began} to {ended}{_virtual(result)}"
    return cut or "Duration", h_min(result.duration_s), f"{span}; no duration, since it did not end" if cut else span


def _unknown_figure(result: Result) -> Iterator[tuple[str, str, str]]:
    """What nobody could judge before the run, since a fact was missing."""
    if rules := [rule for rule, each in result.judged.items() if each.get(Answer.UNKNOWN.value)]:
        count = sum(result.judged[rule][Answer.UNKNOWN.value] for rule in rules)
        answers = total(result.judged, len(result.items))
        every = sum(answers.values()) - answers[Answer.NOT_APPLICABLE]
        about = f"{counted(len(rules), 'rule')} of those that apply"
        yield "Not judged", f"{count:,} of {every:,}", f"answers before the run, of {about}: a fact is missing"


def _unprotected_figure(result: Result) -> Iterator[tuple[str, str, str]]:
    bare = [item for item in result.items if is_unprotected(item)]
    if bare:
        away = sum(is_in_azure(item) for item in bare)
        yield "Unprotected at the end", str(len(bare)), f"{away} of them in Azure" if away else "on site"


def _virtual(result: Result) -> str:
    return "" if result.label == "live" else ", virtual time"


def _target_figure(result: Result) -> Iterator[tuple[str, str, str]]:
    found = targets_kept(tier_rows(result))
    if promised := sum(found):
        rest = f"{found.missed} missed, {found.unmeasured} not measured for all machines"
        yield "Targets kept", f"{found.kept} of {promised}", rest


def _bottleneck_figure(result: Result) -> Iterator[tuple[str, str, str]]:
    """The part that took longest; a run in which a machine stopped waited for a person, and has none."""
    if not all(has_arrived(result, item) for item in result.items):
        return
    if (found := bottleneck(waited(result))) is not None:
        leg, what, seconds, whole_s = found
        yield (
            "Bottleneck",
            f"{leg}: {what}",
            f"{h_min(seconds)} of the {h_min(whole_s)} until the last machine was done",
        )


def _legend(result: Result) -> list[dict[str, Any]]:
    gone = {leg.leg for leg in result.legs}
    return [_leg_facts(result, leg) for leg in Operation if leg in LEGS or leg in gone]


def _leg_facts(result: Result, leg: Operation) -> dict[str, Any]:
    drawn = [segment for segment in segments(result) if segment.leg is leg]
    return {
        "id": leg.value,
        "words": LEG_WORDS[leg],
        "settles": leg in _SETTLING,
        "tries": sum(gone.leg is leg for gone in result.legs),
        "failed": sum(segment.kind == "failed" for segment in drawn),
        "begins": date_words(moment(result, min(segment.start_s for segment in drawn))) if drawn else "",
        "job": max((segment.length_s for segment in drawn if segment.kind == "job"), default=None),
        "resync": max((segment.length_s for segment in drawn if segment.kind == "resync"), default=None),
    }


def _item_facts(result: Result, item: ItemResult) -> dict[str, Any]:
    return {"item": item, "state": state_of(result, item), "phase": phase_words(item.phase)}


def _item_cases(result: Result) -> Iterator[Xml.Element]:
    ends = {leg.item: leg.end_s or result.duration_s for leg in result.legs}
    for item in result.items:
        case = _case("item", item.name, ends.get(item.name, 0.0))
        wrong = [surprise for surprise in result.surprises if _is_about(surprise, item)]
        if wrong:
            _add(case, "skipped" if result.verdict == "interrupted" else "failure", wrong)
        if item.stopped_by:
            Xml.SubElement(case, "system-out").text = replaced(_stop_words(item))
        yield case


def _checker_cases(result: Result) -> Iterator[Xml.Element]:
    for name, violations in result.checkers.items():
        case = _case("checker", name, 0.0)
        wrong = [
            surprise for surprise in result.surprises if surprise.startswith((f"checker {name}: ", f"checker {name} "))
        ]
        if wrong:
            _add(case, "failure", wrong)
        elif _held(result, name) == "not exercised":
            _add(case, "skipped", ["not exercised: nothing happened that could have broken it"])
        if violations:
            Xml.SubElement(case, "system-out").text = replaced("\n".join(violations))
        yield case


def _other_cases(result: Result) -> Iterator[Xml.Element]:
    """What neither an item nor a checker tells, so that a bad verdict never looks good."""
    checkers = tuple(f"checker {name}" for name in result.checkers)
    left = [
        s for s in result.surprises if not s.startswith(checkers) and not any(_is_about(s, i) for i in result.items)
    ]
    if result.verdict == "interrupted":
        case = _case("run", "finished", result.duration_s)
        _add(case, "error", [verdict_words(result)])
        yield case
    elif left:
        case = _case("run", "expectations", result.duration_s)
        _add(case, "failure", left)
        yield case


def _is_about(surprise: str, item: ItemResult) -> bool:
    return surprise.startswith((f"{item.name} ended ", f"{item.name} was stopped by "))


def _stop_words(item: ItemResult) -> str:
    return f"Stopped by {item.stopped_by}: {item.message}. Who must act: {item.who or 'nobody named'}."


def _case(kind: str, name: str, time_s: float) -> Xml.Element:
    return Xml.Element("testcase", {"classname": f"failback.{kind}", "name": replaced(name), "time": f"{time_s:.3f}"})


def _add(case: Xml.Element, kind: str, messages: Sequence[str]) -> None:
    Xml.SubElement(case, kind, {"message": replaced(messages[0])}).text = replaced("\n".join(messages))


def _count(cases: Sequence[Xml.Element], kind: str) -> str:
    return str(sum(case.find(kind) is not None for case in cases))
