"""Writes what a run leaves besides its history: result.json, junit.xml, report.html."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.run_folders.identity import read_identity
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.run.result import Result

from .report import junit_xml, write_report


def write_result(result: Result, folder: Path) -> CannotWrite | None:
    """Write all three; returns what could not be written. Room may be for one and not for another."""
    text = json.dumps(result.as_json(), indent=2, sort_keys=True) + "\n"
    return _all((lambda: write_text(folder / "result.json", text, "result"), *_pages(result, folder)))


def write_pages_of(result: Result, folder: Path) -> CannotWrite | None:
    """Write junit.xml and report.html; returns what could not be written."""
    return _all(_pages(result, folder))


def _pages(result: Result, folder: Path) -> tuple[Callable[[], None], ...]:
    return (
        lambda: write_text(folder / "junit.xml", junit_xml(result), "junit"),
        lambda: write_report(result, folder / "report.html", read_identity(folder)),
    )


def _all(writers: Iterable[Callable[[], None]]) -> CannotWrite | None:
    refused = []
    for write in writers:
        try:
            write()
        except CannotWrite as full:
            refused.append(full)
    return CannotWrite.of(refused) if refused else None
