"""`failback.check` and its report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.checks.as_json import full_rows
from failback.scenarios.checks.command import CheckDone, CheckRequest, as_value, check_located, write_sarif
from failback.scenarios.checks.finding_words import found_words, numbered, object_words, what_to_do
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.calls.typed_fields import typed_fields
from failback.scenarios.judging.check import Status
from failback.scenarios.judging.judged import coverage_words, judged_of
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

from .accepts import InvalidArgument, names, path, scenario_file
from .arguments import checked, not_written, settings_for
from .tables import html_line, html_table

if TYPE_CHECKING:
    from failback.scenarios.files.schema import Scenario


@typed_fields("failback.check returns one")
@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The result of a check.

    Attributes:
        done: The complete result of the check.
    """

    done: CheckDone

    @property
    def blocked(self) -> bool:
        """True if there is a blocker; with `unknown_blocks`, unknown facts count too."""
        return self.done.blocks

    @property
    def ready(self) -> bool:
        """True if there is no blocker and every rule that could block can be judged."""
        return self.headline == "ready"

    @property
    def headline(self) -> str:
        """The result in words: ready, not ready, or how much is unknown."""
        return self.done.report.headline

    @property
    def findings(self) -> list[dict[str, Any]]:
        """One row for each rule, object and machine.

        The status is blocks, unknown, before_return, after_return or advice.
        """
        return [row for told in told_causes(self.done.report) for row in full_rows(told)]

    @property
    def blockers(self) -> list[dict[str, Any]]:
        """The findings that block."""
        return [row for row in self.findings if row["status"] == Status.BLOCKS.value]

    @property
    def notes(self) -> tuple[str, ...]:
        """The assumptions of the result, and remarks about where the facts come from."""
        return (*self.done.granted, *self.done.seen.notes)

    @checked()
    def as_json(self) -> Mapping[str, Any]:
        """Return the value that `failback check --json` prints."""
        return as_value(self.done)

    @checked(file=path)
    def write_sarif(self, file: str | Path) -> None:
        """Write the findings as SARIF, with their line numbers in the estate file."""
        try:
            write_sarif(self.done, Path(file))
        except OSError as broken:
            raise not_written("failback.Report.write_sarif", Path(file), broken) from None

    def __repr__(self) -> str:
        blocked = {row["item"] for row in self.blockers} & self.done.report.estate.virtual_machines.keys()
        rules = ", ".join(sorted({row["rule"] for row in self.blockers}))
        what = f"; {machines(len(blocked))} of {len(self.done.report.items)} blocked by {rules}" if blocked else ""
        return f"<Report of {self.done.located.scenario.name}: {self.headline}{what}>"

    def _repr_html_(self) -> str:
        """A row for each cause: 269 machines that one thing stops are one row with their list."""
        rows = [_html_row(told) for told in told_causes(self.done.report)]
        columns = ("status", "rule", "object", "machines", "found", "wanted", "who does what", "proof")
        notes = "".join(html_line(note) for note in (*self.notes, coverage_words(judged_of(self.done.report))))
        return html_line(self.headline, strong=True) + notes + (html_table(columns, rows) if rows else "")


def _html_row(told: ToldCause) -> tuple[str, ...]:
    cause, unknown = told.cause, told.cause.status == Status.UNKNOWN.value
    found = (object_words(cause), listed(cause.items), found_words(told))
    do = f"{told.person}: {numbered(what_to_do(told))}"
    wanted = "; ".join(told.keys) if unknown else told.proof.wanted
    return cause.status.replace("_", " "), cause.rule, *found, wanted, do, told.proof.seen_by


def _estate(value: Any) -> Any:
    from failback.scenarios.files.lint import LEFT_TO_RULES
    from failback.scenarios.files.loader import Located, load_located
    from failback.scenarios.files.schema import Scenario

    if isinstance(value, Scenario):
        return Located(value, {})
    return load_located(scenario_file(value), LEFT_TO_RULES)


def _readings(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return names([f"{conflict}={choice}" for conflict, choice in value.items()])
    try:
        return names(value)
    except InvalidArgument:
        raise InvalidArgument("a mapping such as {'C03': 'strict'}") from None


@checked(estate=_estate, readings=_readings)
def check(
    estate: "Scenario | str | Path",
    *,
    world: str = "sim",
    readings: Mapping[str, str] | Iterable[str] = (),
    settings: Any = None,
    unknown_blocks: bool = False,
) -> Report:
    """Check whether the machines of an estate can come home. The check changes nothing.

    Args:
        estate: A scenario, the path of an estate or scenario file, or the name of a library scenario.
        world: Where facts come from: "sim" (the file), "lab" (a mock vault and vcsim) or "azure" (live, read only).
        readings: A choice for each *reading* that you want to change (see `docs/rules.md`), such as {"C03": "strict"}.
        settings: For world "azure": the path of a settings file. Default: only environment variables are read.
        unknown_blocks: True counts unknown facts as blockers.

    Returns:
        A `Report`, which a notebook shows as a table.

    Raises:
        BadInput: An argument, the file or a setting is wrong.
        Unreachable: An endpoint of the world could not be reached.

    Example:
        >>> report = failback.check("appliance_port_is_closed")
        >>> report.ready, report.blocked
        (False, True)
        >>> sorted({finding["rule"] for finding in report.blockers})
        ['A15']
    """
    asked = CheckRequest("", world, tuple(readings), settings_for(world, settings), unknown_blocks)
    return Report(check_located(estate, asked))  # type: ignore[arg-type]  # `checked` has read it
