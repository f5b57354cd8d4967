"""The Markdown page has what the page for the printer has: the way through the portal, and each blank."""

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from typing import Final

import pytest

from failback.reprotect import Gate, Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.answer_lines import BLANK
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.rows import all_steps
from failback.scenarios.runbooks.runbook import Runbook, runbook

STORIES: Final = ["one_vm", "one_modernised_vm", "first_drill", "first_drill_modernised", "seed_ahead"]


def owned(story: str) -> Runbook:
    """With two owners of whom one has no telephone, snapshots, and a gate."""
    scenario = load_scenario(resolve(story))
    machines = {name: replace(vm, snapshots=("before",)) for name, vm in scenario.estate.virtual_machines.items()}
    first, *rest = machines
    made = (Application("shop", (first,), owner="Ann", phone="+49 1"), Application("wiki", tuple(rest), owner="Bob"))
    gate = Gate("go", Operation.FAILBACK)
    plan = replace(scenario.plan, gates=(*scenario.plan.gates, gate))
    estate = replace(scenario.estate, virtual_machines=machines)
    return runbook(replace(scenario, estate=estate, plan=plan, applications=made), 1)


_SENTENCE: Final = re.compile(r"[.;]\*?\s")


def labels(text: str) -> Counter[str]:
    """The last words of the sentence before each blank."""
    return Counter(
        " ".join(re.findall(r"[\w-]+", _SENTENCE.split(part)[-1].casefold())[-2:]) for part in text.split("____")[:-1]
    )


def prompts(page: str) -> Counter[str]:
    """Of the page for the printer, outside of tables' own columns."""
    body = re.sub(r'<span class="write-in[^"]*"></span>', "____", page.partition("<body>")[2])
    body = re.sub(r"<dt>(.*?)</dt><dd>(.*?)</dd>", r". \1: \2 ", body)
    return labels(unescape(re.sub(r"<[^>]*>", " ", body)))


def in_markdown(page: str) -> Counter[str]:
    return labels(page.replace(BLANK, "____").replace("\\", ""))


def written_columns(page: str) -> set[str]:
    """Heads of the columns into which people write."""
    found = set[str]()
    for table in re.findall(r"<table>(.*?)</table>", page, re.DOTALL):
        heads = re.findall(r"<th>(.*?)</th>", table)
        for row in re.findall(r"<tr><td.*?</tr>", table, re.DOTALL):
            cells = re.findall(r"<td([^>]*)>", row)
            found |= {head for head, cell in zip(heads, cells, strict=True) if "write" in cell}
    return found


@pytest.mark.parametrize("story", STORIES)
def test_markdown_has_each_blank_of_the_page(story: str) -> None:
    files = texts(owned(story))
    wanted, found = prompts(files["runbook.html"]), in_markdown(files["runbook.md"])
    assert wanted
    assert not wanted - found


@pytest.mark.parametrize("story", STORIES)
def test_markdown_has_each_column_into_which_people_write(story: str) -> None:
    files = texts(owned(story))
    page = files["runbook.md"].casefold()
    heads = written_columns(files["runbook.html"])
    assert {"done by", "answer", "checked by"} <= heads
    assert not {head for head in heads if head.casefold() not in page}


@pytest.mark.parametrize("story", STORIES)
def test_markdown_has_the_way_through_the_portal_of_each_step(story: str) -> None:
    found = owned(story)
    files = texts(found)
    lines = re.findall(r"^- In the portal: (.*)\.$", files["runbook.md"], re.MULTILINE)
    said = {way for line in lines for way in line.split("; ")}
    steps = [step for step in all_steps(found) if step.number]
    assert steps
    for step in steps:
        assert step.path in unescape(files["runbook.html"])
        places = ("the machine", "the recovery plan")
        assert said & {step.path.replace(f" > {step.subject} > ", f" > {each} > ") for each in places}
