"""All facts that nobody knows, as a file to fill in; an estate takes it back with `facts: FILE`.

Each key of the estate is there, with where its value is found and which rules it answers.
Machines whose rule reads keys of their own alone are asked about once and written out each; the rest are asked one by
one. Where a rule stops looking at the first unknown fact, the next one shows when that is answered and filled again.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from failback.scenarios.judging.check import Report, Status

from .finding_words import LATER
from .told import told_causes, told_one_by_one

MARK: Final = "# failback check --fill"
"""The first line, by which a file is known as ours."""
OPEN: Final = "unknown"
_HEAD: Final = (
    MARK,
    "# Replace each `unknown` with the value that you have found, and add the key `facts: THIS-FILE` to the estate.",
    "# A key that is still `unknown` has no effect. Some rules need another fact once the first one is known: run",
    "# `failback check --fill` again afterwards, with a new file name.",
)
_Open = dict[tuple[str, str], dict[str, list[str]]]
"""Section and name -> key -> the hints of the rules that ask for it."""


def fill_text(report: Report) -> str:
    """The file. Empty but for its head where nothing is open."""
    found: _Open = {}
    for told in told_causes(report):
        if told.cause.status == Status.UNKNOWN.value and told.facts:
            for fact, where in told_one_by_one(report, told):
                hints = found.setdefault((fact.section, fact.name), {}).setdefault(fact.key, [])
                hint = f"{told.cause.rule}: {LATER if told.not_yet else ''}{where}"
                if hint not in hints:
                    hints.append(hint)
    return "\n".join((*_HEAD, *_sections(report, found))) + "\n"


def _sections(report: Report, found: _Open) -> Iterator[str]:
    for section in dict.fromkeys(section for section, _ in found):
        yield f"{section}:"
        for (of, name), keys in found.items():
            if of == section:
                yield from _part(report, section, name, keys)


def _part(report: Report, section: str, name: str, keys: Mapping[str, list[str]]) -> Iterator[str]:
    if section != "link":
        yield f"  - name: {json.dumps(name)}"
    part = getattr(report.estate, section)
    for line in _lines(_tree(keys), part[name] if section != "link" else part):
        yield f"    {line}" if section != "link" else f"  {line}"


def _tree(keys: Mapping[str, list[str]]) -> dict[str, Any]:
    """`azure.moved` as moved within azure."""
    tree: dict[str, Any] = {}
    for key, hints in keys.items():
        *path, last = key.split(".")
        inner = tree
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = hints
    return tree


def _lines(tree: Mapping[str, Any], part: Any) -> Iterator[str]:
    for key, below in tree.items():
        if isinstance(below, list):
            yield from (f"# {hint}" for hint in below)
            yield f"{key}: {OPEN}"
        elif all(step.isdigit() for step in below):
            yield f"{key}:"
            yield from (f"  {line}" for line in _elements(below, getattr(part, key)))
        else:
            yield f"{key}:"
            yield from (f"  {line}" for line in _lines(below, getattr(part, key)))


def _elements(tree: Mapping[str, Any], parts: Any) -> Iterator[str]:
    """The elements of a list up to the last that is asked about; what is not asked about stays as it is."""
    for place in range(max(map(int, tree)) + 1):
        part, below = parts[place], tree.get(str(place), {})
        lines = [*([f"name: {json.dumps(part.name)}"] if part.name else []), *_lines(below, part)]
        yield from (f"{'- ' if n == 0 else '  '}{line}" for n, line in enumerate(lines or ["{}"]))
