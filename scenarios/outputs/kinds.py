"""The kinds of output, each with the mark by which a file of it is recognised.

Only a file that bears the mark of its kind is replaced. A new output needs a row here.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from failback.reprotect import CHECKSUM

HEAD_BYTES: Final = 8_192
"""Where a mark at the beginning of a file is looked for."""
JSON_MAX_BYTES: Final = 256_000_000
"""A larger file is not read to see whether it is ours."""

_NO_ANSWER: Final = re.compile(r"\s*(#.*|(- )?(name: .*|\w+:( unknown)?|\{\}))?$")
_LINE_KEYS: Final = frozenset({"n", "t_s", "kind", "name", "item", "data"})


@dataclass(frozen=True, slots=True)
class OutputKind:
    """One kind of output: what it is, which command writes it, and whether a file that is not empty is one."""

    what: str
    command: str
    is_ours: Callable[[Path], bool]


COPY_MARK: Final = "# failback redact: a pseudonymised copy"
"""The first line of a copy without names."""
SYNTHETIC_MARK: Final = "# failback generate: a synthetic estate"
"""How the first line of a synthetic estate begins."""
RESOLVED_MARK: Final = "scenario.schema.json (written by failback run)"
"""The schema that a resolved scenario names."""
MAP_KEY: Final = "failback_pseudonyms"
"""The key of a map from names to pseudonyms."""


def marked(by: str) -> str:
    """The mark atop a Markdown file; readers do not see it."""
    return f"<!-- failback {by} -->"


def new_mark(body: str) -> str:
    """The first line of a new scenario: it changes with the rest, so that an edited one is told from ours."""
    return f"# failback new {blake2b(body.encode(), digest_size=8).hexdigest()}"


def _is_unedited(path: Path) -> bool:
    """Whether nobody has touched it since `failback new` wrote it."""
    first, _, body = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    return first == new_mark(body)


TASKS_CREATOR: Final = "failback check --tasks"
RUNBOOK_CREATOR: Final = "failback runbook"
AFTERCARE_CREATOR: Final = "failback aftercare"
"""Who made a workbook, in its properties."""


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _is_tasks(path: Path) -> bool:
    """A CSV by its heads, a workbook by its properties."""
    if not _is_zip(path):
        return _begins(r"\A\ufeff?id,(effect|what it does),rule,object,", path)
    return _made_by(TASKS_CREATOR, path)


def _made_by(creator: str, path: Path) -> bool:
    """Whether it is a workbook with this creator in its properties."""
    try:
        with ZipFile(path) as book:
            return f"<dc:creator>{creator}<".encode() in book.open("docProps/core.xml").read(HEAD_BYTES)
    except (BadZipFile, KeyError, OSError):
        return False


def _head(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES).decode("utf-8", errors="replace")


def _begins(pattern: str, path: Path) -> bool:
    return re.search(pattern, _head(path), re.MULTILINE) is not None


def _generated(by: str, path: Path) -> bool:
    return f'<meta name="generator" content="failback {by}"/>' in _head(path)


def _json(path: Path) -> Mapping[str, Any]:
    """The object in the file; an empty one where there is none."""
    try:
        found = json.loads(path.read_bytes()) if path.stat().st_size <= JSON_MAX_BYTES else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _has(keys: frozenset[str], path: Path) -> bool:
    return keys <= _json(path).keys()


def _is_history(path: Path) -> bool:
    """Whether the first line is one of a history; a long one counts by its beginning."""
    first = _head(path).removeprefix("\ufeff").split("\n", 1)[0]
    try:
        parsed = json.loads(first)
    except (ValueError, RecursionError):
        return first.startswith('{"data":{') and len(first) >= HEAD_BYTES // 4
    return isinstance(parsed, dict) and parsed.keys() - {CHECKSUM} == _LINE_KEYS


def _is_resolved(path: Path) -> bool:
    return _json(path).get("$schema") == RESOLVED_MARK


def _is_sarif(path: Path) -> bool:
    match _json(path):
        case {"runs": [{"tool": {"driver": {"name": "failback"}}}, *_]}:
            return True
    return False


def _is_approval(path: Path) -> bool:
    match _json(path):
        case {"properties": {"template": {"metadata": {"failback_approval": str()}}}}:
            return True
    return False


def _is_unanswered(path: Path) -> bool:
    """Whether nobody has filled in anything yet: answers are never replaced."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[:1] == ["# failback check --fill"] and all(map(_NO_ANSWER.match, lines))


def _is_rows(path: Path) -> bool:
    """Whether the head of a CSV file has the columns of a study."""
    columns = _head(path).split("\n", 1)[0].rstrip("\r").replace('"', "").split(",")
    return columns[:1] == ["variant"] and "replication" in columns


def _is_parquet(path: Path) -> bool:
    from failback.scenarios.extras import needed

    arrow = needed("pyarrow", "study", "keep runs in Parquet")
    try:
        schema = needed("pyarrow.parquet", "study", "keep runs in Parquet").read_schema(path)
    except (OSError, ValueError, arrow.ArrowException):
        return False
    return b"failback" in (schema.metadata or {})


KINDS: Final[Mapping[str, OutputKind]] = {
    "history": OutputKind("a history", "run", _is_history),
    "result": OutputKind("a result", "run", partial(_has, frozenset({"label", "scenario", "verdict", "item_details"}))),
    "junit": OutputKind("a run as JUnit", "run", partial(_begins, r'^<testsuites name="failback\.')),
    "resolved scenario": OutputKind("the scenario of a run", "run", _is_resolved),
    "case": OutputKind("a case", "explore", partial(_has, frozenset({"failback_case"}))),
    "run": OutputKind("the identity of a run", "run", partial(_has, frozenset({"failback_run"}))),
    "instructions": OutputKind("instructions to a run", "tell", partial(_begins, r'\A\{"failback_instruction": ')),
    "report": OutputKind("a report", "run", partial(_generated, "report")),
    "comparison page": OutputKind("a comparison", "report --compare", partial(_generated, "compare")),
    "comparison text": OutputKind("a comparison", "report --compare", partial(_begins, rf"\A{marked('compare')}$")),
    "comparison": OutputKind(
        "a comparison", "report --compare", partial(_has, frozenset({"predicted", "actual", "judged", "rows"}))
    ),
    "answer page": OutputKind("an answer", "predict", partial(_generated, "predict")),
    "answer text": OutputKind("an answer", "predict", partial(_begins, rf"\A{marked('predict')}$")),
    "answer": OutputKind("an answer", "predict", partial(_has, frozenset({"label", "sentence", "slot_loads"}))),
    "check page": OutputKind("a check", "check --html", partial(_generated, "check")),
    "check as JUnit": OutputKind(
        "a check as JUnit", "check --junit", partial(_begins, r'^<testsuites name="failback check: ')
    ),
    "check proof": OutputKind("a check", "check --out", partial(_has, frozenset({"failback_check"}))),
    "approval": OutputKind("an approval to be sent", "approve", _is_approval),
    "tasks": OutputKind("tasks of a check", "check", _is_tasks),
    "new scenario": OutputKind("a scenario, unedited,", "new", _is_unedited),
    "runbook page": OutputKind("a runbook", "runbook", partial(_generated, "runbook")),
    "runbook text": OutputKind("a runbook", "runbook", partial(_begins, rf"\A{marked('runbook')}$")),
    "runbook steps": OutputKind("the steps of a runbook", "runbook", partial(_begins, r"\A\ufeff?step,wave,leg,")),
    "runbook workbook": OutputKind("the workbook of a runbook", "runbook", partial(_made_by, RUNBOOK_CREATOR)),
    "wave script": OutputKind("the script of a wave", "runbook", partial(_begins, "Made by `failback runbook --s")),
    "wave list": OutputKind("the list of a wave's script", "runbook", partial(_begins, r"\Amachine,leg,")),
    "calibration": OutputKind("a calibration", "calibrate", partial(_begins, r"^[\"']?failback_calibration[\"']?:")),
    "open facts": OutputKind("a list of open facts without an answer", "check --fill", _is_unanswered),
    "findings": OutputKind("findings of a check", "check", _is_sarif),
    "estate": OutputKind("an estate", "import", partial(_begins, r"\A# failback import: ")),
    "pseudonymised copy": OutputKind("a pseudonymised copy", "redact", partial(_begins, rf"\A{COPY_MARK}$")),
    "map of pseudonyms": OutputKind("a map of pseudonyms", "redact", partial(_has, frozenset({MAP_KEY}))),
    "synthetic estate": OutputKind("a synthetic estate", "generate", partial(_begins, rf"\A{SYNTHETIC_MARK}, seed ")),
    "watch page": OutputKind("the page of a watch", "watch", partial(_generated, "watch")),
    "watch text": OutputKind("the page of a watch", "watch", partial(_begins, rf"\A{marked('watch')}$")),
    "watch": OutputKind("the state of a watch", "watch", partial(_has, frozenset({"failback_watch"}))),
    "aftercare page": OutputKind("an aftercare", "aftercare", partial(_generated, "aftercare")),
    "aftercare text": OutputKind("an aftercare", "aftercare", partial(_begins, rf"\A{marked('aftercare')}$")),
    "aftercare tasks": OutputKind(
        "the tasks of an aftercare", "aftercare", partial(_begins, r"\A\ufeff?task,owner,due,what,")
    ),
    "aftercare workbook": OutputKind("the workbook of an aftercare", "aftercare", partial(_made_by, AFTERCARE_CREATOR)),
    "aftercare": OutputKind("an aftercare", "aftercare", partial(_has, frozenset({"failback_aftercare"}))),
    "rows": OutputKind("rows of a study", "whatif", _is_rows),
    "kept runs": OutputKind("runs of a study", "whatif", _is_parquet),
}
"""Kind -> how a file of it is recognised."""
