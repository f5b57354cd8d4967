"""One plain estate of three machines for each rule that can block, which breaks that rule; and its check."""

from pathlib import Path
from typing import Any

import yaml

from failback.scenarios.checks.command import CheckRequest, check_located
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import load_located
from failback.scenarios.judging.check import Report

from .breaks import Break
from .drawn_estates import struck_machine
from .known_estates import servers

NAMES = ("web-01", "web-02", "db-01")


def broken_estate(what: Break, architecture: str) -> dict[str, Any]:
    """The first machine breaks the rule; where it takes a group or no plan, the first two."""
    struck = NAMES[:2] if what.grouped or what.unplanned else NAMES[:1]
    vms = [struck_machine(n, architecture, what, n in struck, n == struck[0]) for n in NAMES]
    estate = servers(architecture)
    for section, facts in what.parts.items():
        estate[section][0].update(facts)
    for section, facts in what.more.items():
        there = estate.setdefault(section, [])
        there.append({**there[0], **facts} if there else dict(facts))
    planned = [name for name in NAMES if not (what.unplanned and name in struck)]
    own = {"item_choices": {struck[0]: dict(what.first_choices)}} if what.first_choices else {}
    plans = [{"name": "evening", "groups": [planned]}]
    link: dict[str, Any] = {"bandwidth_mbit_per_s": 500, **what.link}
    whole = {"link": link, "recovery_plans": plans, **estate}
    return {
        "name": "broken",
        "estate": {**whole, "virtual_machines": vms},
        "plan": {"choices": dict(what.choices), **own},
    }


def checked(drawn: dict[str, Any], where: Path, readings: tuple[str, ...] = ()) -> Report:
    """What the check says of it."""
    path = where / "broken.yaml"
    path.write_text(yaml.safe_dump(drawn), encoding="utf-8")
    return check_located(load_located(path, LEFT_TO_RULES), CheckRequest(str(path), readings=readings)).report
