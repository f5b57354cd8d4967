"""What is known of a code, a rule or a reading, as lines for people."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from failback.reprotect import (
    CAREFUL,
    CODES,
    COMMANDS,
    OPEN_CHOICES,
    OPEN_CHOICES_MEAN,
    OWN_CODE_REASONS,
    PROOFS,
    READINGS,
    REQUIREMENTS,
    SERVICE_CODES,
    STEPS,
    Applies,
    Holds,
    Reading,
    Requirement,
    by_code,
    by_id,
    certainty_of,
    filled_in_general,
    remedy_of,
    service_codes_of,
    sources_of,
    steps_in_general,
)

from .as_json import asked_for
from .own_codes import OWN_CODES, source_of

_WIDTH: Final = 11
_GENERAL: Final = (
    "the steps are those of any estate, and `failback check` prints those of yours: here, a step that depends on the "
    "estate begins with its condition, and a condition within another one is in square brackets; *otherwise* refers to "
    "the condition before it, also if that is in an earlier step; words in capitals stand for names or values, such as "
    "MACHINE (OBJECT: the object that breaks the rule; DATA-SERVER: the process server or appliance; RECEIVER: the "
    "master target or appliance; SCENARIO: the scenario file, also called the file); the line `found` and the disk "
    "that is named are in the output of `failback check`"
)


def all_names() -> tuple[str, ...]:
    """Each code, rule and reading with its meaning, our own codes last."""
    codes = (f"{code:{_WIDTH}} {known.meaning}" for code, known in CODES.items())
    rules = (f"{row.id:{_WIDTH}} {row.title}" for row in REQUIREMENTS if row.id not in CODES)
    readings = (f"{reading.id:{_WIDTH}} {reading.subject}" for reading in READINGS)
    ours = (f"{code:{_WIDTH}} {known.meaning}" for code, known in OWN_CODES.items())
    return tuple(chain(codes, rules, readings, ours))


def explained(name: str) -> tuple[str, ...]:
    """All that is known; nothing where nothing is."""
    wanted = name.strip()
    row = by_id(wanted.upper()) or by_code(wanted.upper()) or by_code(wanted)
    code = wanted if wanted in CODES else row.code if row else wanted.upper()
    parts = [list(_code_lines(code))] if code in CODES else []
    parts += [list(_rule_lines(row))] if row else []
    parts += [list(_own_lines(own)) for own in OWN_CODES if own.casefold() == wanted.casefold()]
    parts += [list(_reading_lines(reading)) for reading in READINGS if reading.id == wanted.upper()]
    return tuple(line for number, part in enumerate(parts) for line in (*([""] if number else []), *part))


def _line(label: str, text: str) -> str:
    return f"  {label:{_WIDTH}}{text}"


def _code_lines(code: str) -> Iterator[str]:
    known = CODES[code]
    yield f"Code {code}: {known.meaning}"
    yield _line("appears at", known.step)
    yield _line("causes", known.causes)
    yield _line("remedy", known.action)
    like = dict.fromkeys(rule for (rule, _), sent in SERVICE_CODES.items() if sent.code == code)
    if like:
        yield _line(
            "also", f"simulated jobs show it for the rules {', '.join(like)} (inferred: their causes are like it)"
        )
    yield _line("source", f"{known.source} ({known.sure})")
    yield from _pages(known.source)


def _rule_lines(row: Requirement) -> Iterator[str]:
    yield f"Rule {row.id}: {row.title}"
    yield _line(
        "code",
        f"{row.code}{' (assigned by failback; Microsoft has published none)' if row.code.startswith('FB-') else ''}",
    )
    for operation, sent in service_codes_of(row.id):
        job = operation.value.replace("_", " ")
        yield _line("job's code", f"{sent.code} for {job} (inferred: {sent.why})")
    if row.code.startswith("FB-") and row.id in OWN_CODE_REASONS:
        yield _line("own code", f"because {OWN_CODE_REASONS[row.id]}")
    yield _line("classic", _holds(row.architectures.classic))
    yield _line("modernised", _holds(row.architectures.modernised))
    yield _line("checked at", "; ".join(f"{point.operation.value}: {point.stage.value}" for point in row.where))
    yield _line("object", row.kind_of_object.value)
    yield _line("remedy", f"{row.who}: {row.remedy}")
    if row.id in PROOFS:
        yield from _steps(row)
        if row.id in CAREFUL:
            yield _line("careful", filled_in_general(CAREFUL[row.id], row))
        yield _line("wanted", filled_in_general(PROOFS[row.id].wanted, row))
        yield _line("proof", filled_in_general(PROOFS[row.id].seen_by, row))
    if row.id in COMMANDS:
        yield _line("command", filled_in_general(COMMANDS[row.id], row))
    if row.waits_s:
        yield _line("wait", f"the rule is usually met without any action within {row.waits_s / 60:.0f} min")
    if (remedy := remedy_of(row.id)) is not None:
        act = remedy.act.value.replace("_", " ")
        yield _line("failback", f"can apply this remedy itself ({act}), if the plan says remedies: {asked_for(row.id)}")
    for reading in READINGS:
        if row.id in reading.rules:
            yield _line("reading", f"{reading.id}, {reading.subject}; see `failback explain {reading.id}`")
    yield _line("source", row.source)
    yield from _pages(row.source)


def _steps(row: Requirement) -> Iterator[str]:
    for n, step in enumerate(steps_in_general(STEPS[row.id], row), 1):
        yield _line("do" if n == 1 else "", f"{n}. {step}")
    yield _line("note", _GENERAL)


def _own_lines(code: str) -> Iterator[str]:
    yield f"Code {code}: {OWN_CODES[code].meaning}"
    yield _line("remedy", OWN_CODES[code].action)
    yield _line("source", source_of(code))


def _reading_lines(reading: Reading) -> Iterator[str]:
    yield f"Reading {reading.id}: {reading.subject}"
    yield _line("articles", reading.sides)
    yield _line("default", reading.default)
    yield _line("choices", ", ".join(reading.choices))
    if reading.choices == OPEN_CHOICES:
        yield _line("meaning", OPEN_CHOICES_MEAN)
    yield _line("rules", ", ".join(reading.rules) or "none")


def _pages(text: str) -> Iterator[str]:
    """Where the names of the sources lead."""
    for name, source in sources_of(text):
        if source.address:
            yield _line("page", f"{name}: {source.address} ({source.read})")


def _holds(applies: Applies) -> str:
    if applies.answer is Holds.NO:
        return f"does not apply: {applies.source}"
    sure = certainty_of(applies).value
    because = applies.source if applies.source.startswith(sure) else f"{sure}: {applies.source}"
    return f"{'applies' if applies.answer is Holds.YES else 'may apply'} ({because})"
