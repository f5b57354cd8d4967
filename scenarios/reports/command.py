"""The command `report`: a run's report written again from its result, or predicted beside actual."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from failback.reprotect import Operation
from failback.scenarios.files import write_text
from failback.scenarios.folders import ready
from failback.scenarios.legs import Leg
from failback.scenarios.plain_words import CHECKER_WORDS
from failback.scenarios.player import VERSIONS
from failback.scenarios.refused import Refused
from failback.scenarios.result import Finding, ItemResult, Result
from failback.scenarios.schema import STARTS_AT
from failback.scenarios.yaml_source import BadInput, Mistake

from .comparing import compare
from .comparing_page import as_json, show, write_pages
from .report import junit_xml, write_report


def run_compare(sources: Sequence[str], runs: int, out: Path, *, json_wanted: bool) -> None:
    """Compare two sources, print and write."""
    if len(sources) != 2:
        raise Refused(f"report --compare needs two sources, PREDICTED and ACTUAL; {len(sources)} were given.")
    ready(out)
    found = compare(sources[0], sources[1], runs)
    write_pages(found, out)
    if json_wanted:
        print(json.dumps(as_json(found), indent=2))
        return
    show(found)
    print(f"Page: {out / 'compare.html'}")


def run_report(sources: Sequence[str], *, json_wanted: bool) -> None:
    """Write report.html and junit.xml of a run again."""
    if len(sources) != 1:
        raise Refused(f"report needs one folder of a run; {len(sources)} were given. With two, say --compare.")
    folder = Path(sources[0])
    result = read_result(folder / "result.json")
    write_report(result, folder / "report.html")
    write_text(folder / "junit.xml", junit_xml(result))
    print(json.dumps(result.as_json(), indent=2) if json_wanted else f"Report: {folder / 'report.html'}")


def read_result(path: Path) -> Result:
    """The result that stands in this file. Raises `BadInput`."""
    try:
        return _result(json.loads(path.read_text(encoding="utf-8")))
    except OSError as broken:
        text = f"there is no result to be read ({broken.strerror}); expected the folder of a run with --out"
        raise BadInput(Mistake("", str(path), 0, text)) from broken
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        text = f"this is no result of a run ({broken}); let `failback run --out` write it again"
        raise BadInput(Mistake("", str(path), 0, text)) from broken


def _result(told: dict[str, Any]) -> Result:
    same = {name: told[name] for name in ("label", "scenario", "world", "seed", "verdict", "duration_s")}
    return Result(
        **same,
        versions=_in_order(told["versions"], VERSIONS),
        title=told.get("title", ""),
        starts_at=told.get("starts_at", STARTS_AT.isoformat()),
        items=tuple(ItemResult(**item) for item in told["item_details"]),
        legs=tuple(Leg(**{**leg, "leg": Operation(leg["leg"])}) for leg in told["legs"]),
        findings=tuple(Finding(**finding) for finding in told["findings"]),
        checkers=_in_order({name: tuple(said) for name, said in told["checkers"].items()}, CHECKER_WORDS),
        surprises=tuple(told["surprises"]),
    )


def _in_order(told: Mapping[str, Any], first: Iterable[str]) -> dict[str, Any]:
    """As a run lists them; the file has them by the alphabet."""
    return {name: told[name] for name in dict.fromkeys((*first, *told)) if name in told}
