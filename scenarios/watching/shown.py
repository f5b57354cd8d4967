"""The night for people: a table at the terminal, and the facts from which pages are made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from failback.scenarios.text.plain_words import PHASE_WORDS, date_words, machines

from .ahead import as_plain
from .ahead_words import ahead_lines
from .standing import MachineRow, Standing, State, late_words

LABELS: Final = {"azure": "a live vault, read only", "lab": "a mock vault: nothing here is real"}
NOT_COMPARED: Final = (
    "No real night has been compared with such a prediction yet: treat its times as an estimate, not as a promise."
)
LOST: Final = "The vault cannot be seen now, so this is the last look."
HEADS: Final = ("wave", "machine", "state", "where it stands", "job", "resync", "RPO", "plan", "who must act", "why")
CHECK_HEADS: Final = {
    "application": "application",
    "check": "kind",
    "target": "target",
    "state": "state",
    "what was seen": "result",
    "who must act": "who",
}
"""Of the table of checks: each head, and what of a check is below it."""
_WORDS: Final = {phase.value: words for phase, words in PHASE_WORDS.items()}
_GIB: Final = 2**30


def cells(row: MachineRow) -> tuple[str, ...]:
    """One machine as the cells of a table."""
    return (
        row.wave,
        row.item,
        row.state.value,
        _WORDS.get(row.phase, row.phase),
        row.job,
        resync_words(row),
        "" if row.rpo_s is None else f"{row.rpo_s} s",
        late_words(row.late_s),
        row.who,
        why_words(row),
    )


def table(stands: Standing) -> tuple[list[str], list[tuple[State, tuple[str, ...]]]]:
    """The heads, and the rows of the machines with what they say of each; without columns in which nothing is."""
    rows = [(row.state, cells(row)) for row in stands.rows]
    used = [n for n, head in enumerate(HEADS) if head in ("machine", "state") or any(row[n] for _, row in rows)]
    return [HEADS[n] for n in used], [(state, tuple(row[n] for n in used)) for state, row in rows]


def resync_words(row: MachineRow) -> str:
    """How far the resync is: percent, bytes compared, bytes sent."""
    if row.percent is None and row.scanned_bytes is None:
        return ""
    parts = [] if row.percent is None else [f"{row.percent} %"]
    if row.scanned_bytes is not None:
        parts.append(f"{row.scanned_bytes / _GIB:.1f} GiB compared")
    if row.transferred_bytes is not None:
        parts.append(f"{row.transferred_bytes / _GIB:.1f} GiB sent")
    return ", ".join(parts)


def why_words(row: MachineRow) -> str:
    """What holds it up, and what its file says will."""
    return "; ".join(
        f"{each.id + ': ' if each.id else ''}{each.text}{' (according to the estate file)' if each.by_file else ''}"
        for each in row.holds
    )


def summary(stands: Standing) -> Iterator[str]:
    """The night in a few sentences."""
    counts = ", ".join(f"{n} {state.value}" for state in State if (n := _count(stands, state)))
    yield f"{machines(len(stands.rows))} at {date_words(stands.at)}: {counts}."
    if stands.lost:
        yield f"{LOST} {stands.lost}"
    if stands.waiting_reads:
        yield f"{stands.waiting_reads} requests for details wait for the next update (limit of requests per hour)."
    for row in stands.rows:
        for each in row.holds:
            if not each.by_file:
                yield f"{row.item}: {each.text}. {each.who}{': ' + each.remedy if each.remedy else ''}."
    yield from _checks(stands)


def _checks(stands: Standing) -> Iterator[str]:
    """How many have passed, and each that has not."""
    counts = Counter(str(check["state"]) for check in stands.checked)
    if counts:
        yield f"Checks of the applications: {', '.join(f'{count} {state}' for state, count in counts.items())}."
    for each in stands.checked:
        if each["who"]:
            seen = f"{each['state']}: {each['result']}"
            yield f"{each['application']}: {each['kind']} {each['target']}: {seen}. Who must act: {each['who']}."


def _count(stands: Standing, state: State) -> int:
    return sum(row.state is state for row in stands.rows)


def as_json(stands: Standing) -> dict[str, Any]:
    """The night as plain data; instants in ISO format, durations in seconds."""
    return {
        "failback_watch": 1,
        "label": LABELS[stands.world],
        "scenario": stands.scenario,
        "world": stands.world,
        "at": stands.at.isoformat(),
        "over": stands.over,
        "blocks": stands.blocks,
        "lost": stands.lost,
        "machines": [_machine(row) for row in stands.rows],
        "waves": [asdict(wave) for wave in stands.waves],
        "told": [{"at": at.isoformat(), "kind": told.kind, "text": told.text} for at, told in stands.told],
        "checks": list(stands.checked),
        "ahead": None if stands.ahead is None else as_plain(stands.ahead),
    }


def _machine(row: MachineRow) -> dict[str, Any]:
    since = None if row.since is None else row.since.isoformat()
    return {**asdict(row), "state": row.state.value, "since": since}


def print_standing(stands: Standing, *, width: int | None) -> None:
    """Print the table and the sentences."""
    from rich.table import Table

    from failback.scenarios.text.terminal_console import console

    heads, rows = table(stands)
    shown = Table(*heads, title=f"{stands.scenario}: {LABELS[stands.world]}")
    for _, row in rows:
        shown.add_row(*row)
    console(width=width).print(shown)
    lines = [] if stands.ahead is None else [*ahead_lines(stands.ahead), NOT_COMPARED]
    print("\n".join([*summary(stands), *lines]))
