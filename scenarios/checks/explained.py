"""What is known of a code or a rule, as lines for people."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from failback.reprotect import (
    CODES,
    PROOFS,
    READINGS,
    REQUIREMENTS,
    Applies,
    Holds,
    Requirement,
    by_code,
    by_id,
    certainty_of,
    remedy_of,
)

_WIDTH: Final = 11


def all_names() -> tuple[str, ...]:
    """Each code and each rule with its meaning."""
    codes = (f"{code:{_WIDTH}} {known.meaning}" for code, known in CODES.items())
    rules = (f"{row.id:{_WIDTH}} {row.title}" for row in REQUIREMENTS if row.id not in CODES)
    return tuple(chain(codes, rules))


def explained(name: str) -> tuple[str, ...]:
    """All that is known; nothing where nothing is."""
    wanted = name.strip()
    row = by_id(wanted.upper()) or by_code(wanted.upper()) or by_code(wanted)
    code = wanted if wanted in CODES else row.code if row else wanted.upper()
    parts = [list(_code_lines(code))] if code in CODES else []
    parts += [list(_rule_lines(row))] if row else []
    return tuple(line for number, part in enumerate(parts) for line in (*([""] if number else []), *part))


def _line(label: str, text: str) -> str:
    return f"  {label:{_WIDTH}}{text}"


def _code_lines(code: str) -> Iterator[str]:
    known = CODES[code]
    yield f"Code {code}: {known.meaning}"
    yield _line("appears at", known.step)
    yield _line("causes", known.causes)
    yield _line("to do", known.action)
    yield _line("source", f"{known.source} ({known.sure})")


def _rule_lines(row: Requirement) -> Iterator[str]:
    yield f"Rule {row.id}: {row.title}"
    yield _line("code", f"{row.code}{' (ours; the vendor publishes none)' if row.code.startswith('FB-') else ''}")
    yield _line("classic", _holds(row.architectures.classic))
    yield _line("modernised", _holds(row.architectures.modernised))
    yield _line("checked at", "; ".join(f"{point.operation.value}: {point.stage.value}" for point in row.where))
    yield _line("at fault", row.kind_of_object.value)
    yield _line("to do", f"{row.who}: {row.remedy}")
    if row.id in PROOFS:
        yield _line("wanted", PROOFS[row.id].wanted)
        yield _line("proof", PROOFS[row.id].seen_by)
    if row.waits_s:
        yield _line("patience", f"resolves itself within {row.waits_s / 60:.0f} min")
    if (remedy := remedy_of(row.id)) is not None:
        yield _line("failback", f"can do it itself ({remedy.act.value.replace('_', ' ')}) if the plan says apply")
    for reading in READINGS:
        if row.id in reading.rules:
            yield _line("reading", f"{reading.id}, {reading.subject}: {' or '.join(reading.choices)} ({reading.sides})")
    yield _line("source", row.source)


def _holds(applies: Applies) -> str:
    if applies.answer is Holds.NO:
        return f"does not apply: {applies.source}"
    answer = "applies" if applies.answer is Holds.YES else "may apply"
    return f"{answer} ({certainty_of(applies).value}: {applies.source})"
