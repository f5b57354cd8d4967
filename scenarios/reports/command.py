"""The command `report`: a run's report written again from its result, or predicted beside actual."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.run_folders.kept_run import later_runs, result_of
from failback.scenarios.outputs.run_folders.run_folder import held
from failback.scenarios.usage_error import UsageError

from .comparing import compare
from .comparing_page import FILES, as_json, show, write_pages
from .evidence_of import evidence_in
from .publishing import write_pages_of


def run_compare(sources: Sequence[str], runs: int, out: Path, *, json_wanted: bool) -> None:
    """Compare two sources, print and write."""
    if len(sources) != 2:
        raise UsageError(f"report --compare needs two sources, PREDICTED and ACTUAL; {len(sources)} were given.")
    with reserved(out, FILES):
        found = compare(sources[0], sources[1], runs)
        write_pages(found, out)
    if json_wanted:
        print(json.dumps(as_json(found), indent=2))
        return
    show(found)
    print(f"Page: {out / 'compare.html'}")


def run_report(sources: Sequence[str], *, json_wanted: bool) -> None:
    """Write report.html and junit.xml of a run again; of one that was broken off, from its history."""
    if len(sources) != 1:
        raise UsageError(f"report needs one folder of a run; {len(sources)} were given. To compare two, add --compare.")
    folder = Path(sources[0])
    if not folder.is_dir():
        text = "this is not a folder; expected the folder of a run, as written by --out"
        raise BadInput(Mistake("", str(folder), 0, text))
    with held(folder):
        result = result_of(folder)
        if result.evidence is None:
            result = replace(result, evidence=evidence_in(folder, result))
        refused = write_pages_of(result, folder)
    for note in (*result.notes, *later_runs(folder)):
        print(note, file=sys.stderr)
    print(json.dumps(result.as_json(), indent=2) if json_wanted else f"Report: {folder / 'report.html'}")
    if refused is not None:
        raise refused
