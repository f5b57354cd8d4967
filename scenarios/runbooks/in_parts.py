"""Applications that come home in parts, each once: in which waves, from when to when, what a pilot adds, what helps."""

from collections.abc import Iterable, Iterator, Mapping

from .application_rows import ApplicationRow


def in_parts_lines(rows: Iterable[ApplicationRow], pilot: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Application, and what is said of it. `pilot`: of those of which a pilot brings only some machines home."""
    for row in rows:
        if words := " ".join(_sentences(row, pilot)):
            yield row.name, words


def _sentences(row: ApplicationRow, pilot: Mapping[str, str]) -> Iterator[str]:
    if row.name in pilot:
        yield pilot[row.name]
    if row.apart:
        waves = f" ({', '.join(row.waves)})" if len(row.waves) > 1 else ""
        yield f"From {row.apart}, some machines run on site and others in Azure{waves}."
        yield (
            "To bring these home together: one wave for them, and in it an entry of `plan: together`, or one recovery "
            "plan (`plan: recovery_plans`)."
        )
    if row.down and row.stays:
        yield (
            f"As planned, {row.stays} stays in Azure. To bring it home with the others, first fix "
            f"{row.stays_for}, then write the plan and this runbook anew."
        )
