"""`failback.play` and what it gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.files.calls.typed_fields import typed_fields
from failback.scenarios.reports.run_summary import summary
from failback.scenarios.run.result import Result as PlayedResult
from failback.scenarios.text.plain_words import LEG_WORDS, h_min, verdict_words

from .arguments import checked, settings_for
from .tables import html_line, html_table

if TYPE_CHECKING:
    from failback.reprotect import Line
    from failback.reprotect.driver import Operator
    from failback.scenarios.files.schema import Scenario


@typed_fields("failback.play returns one")
@dataclass(frozen=True, slots=True, repr=False)
class Result(PlayedResult):
    """The outcome of a run. Times are seconds since its start (real in world "azure", else virtual).

    Attributes:
        verdict: "as_expected", "otherwise" (not as the scenario expects) or "interrupted".
        duration_s: The duration of the run.
        items: One entry for each machine: `name`, `phase` at the end, `stopped_by` (a rule or a reason, or empty).
        legs: One entry for each attempt at each leg: `item`, `leg`, `start_s`, `job_end_s`, `end_s`, `outcome`.
        findings: Broken rules and warnings: `rule`, `object`, `item`, `message`, `remedy`, `at_s`.
        checkers: The violations that each checker (see `docs/resume.md`) found.
        surprises: Differences from the outcome that the scenario expects.
    """

    @property
    def as_expected(self) -> bool:
        """True if the run ended as its scenario expects."""
        return self.verdict == "as_expected"

    def __repr__(self) -> str:
        rules = sorted({finding.rule for finding in self.findings})
        found = f"; findings: {', '.join(rules)}" if rules else ""
        head = f"Result of {self.scenario}, world {self.world}, seed {self.seed}"
        return f"<{head}: {verdict_words(self)} {summary(self)}{found}>"

    def _repr_html_(self) -> str:
        from failback.scenarios.reports.report import timeline_svg

        return timeline_svg(self) + self._findings()

    def _findings(self) -> str:
        if not self.findings:
            return html_line("Findings: none.")
        rows = [(f.rule, f.item, f.object, h_min(f.at_s), f.status, f.message, f.remedy) for f in self.findings]
        return html_table(("rule", "machine", "object", "after", "status", "found", "remedy"), rows)

    as_json = checked()(PlayedResult.as_json)

    @checked()
    def leg_rows(self) -> list[dict[str, Any]]:
        """Return the legs as rows for `pandas.DataFrame(result.leg_rows())`. Times are hours since the start."""
        return [
            {
                "item": leg.item,
                "leg": LEG_WORDS[leg.leg].name,
                "start_h": leg.start_s / 3600,
                "end_h": None if leg.end_s is None else leg.end_s / 3600,
                "outcome": leg.outcome,
            }
            for leg in self.legs
        ]


class Interrupted(Exception):
    """The run was interrupted by Ctrl-C or a notebook's stop button. `result` is the result so far."""

    def __init__(self, result: Result) -> None:
        self.result = result
        super().__init__("the run was interrupted")


@checked()
def play(
    scenario: "Scenario | str | Path",
    *,
    world: str = "sim",
    seed: int | None = None,
    settings: Any = None,
    operator: "Operator | None" = None,
    on_line: "Callable[[Line], None] | None" = None,
    confirm: Sequence[str] = (),
    out: str | Path | None = None,
) -> Result:
    """Run a scenario, in a simulation or through the real SDKs.

    Args:
        scenario: A scenario object, the path of a file, or the name of a library scenario.
        world: "sim" (simulated in memory), "lab" (a mock vault and vcsim, through the real SDKs) or "azure" (the
            endpoints in your settings, which must be simulators on this computer).
        seed: The random seed, a whole number. Default: the scenario's own.
        settings: For world "azure": the path of a settings file. Default: only environment variables are read.
        operator: An object that answers the questions of the run, as `failback.reprotect.driver.Operator` describes.
            Default: the answers in the scenario.
        on_line: A function to call with each new line of the run's history.
        confirm: For world "azure": the names of the objects that remedies may change.
        out: A folder for the files that `failback run --out` writes. They are written even if an error ends the run
            early. Default: no files.

    Returns:
        A `Result`, which a notebook shows as a timeline.

    Raises:
        BadInput: An argument, the scenario's file or a setting is wrong, or `out` cannot be written.
        Unreachable: An endpoint of the world could not be reached.
        Interrupted: Ctrl-C or a notebook's stop button ended the run.

    Example:
        >>> result = failback.play("one_modernised_vm", seed=7)
        >>> result.as_expected
        True
        >>> [item.phase for item in result.items]
        ['replicating_to_azure']
        >>> round(result.duration_s / 3600, 1)
        4.8
    """
    from failback.scenarios.reports.kept_run import RunOptions, play_in, run_folder, write_run
    from failback.scenarios.run.confirmation import Confirmation

    how = RunOptions(world, seed, operator, settings_for(world, settings), Confirmation(confirm), on_line)
    with run_folder(out, "run", scenario, how) as folder:  # type: ignore[arg-type]  # `checked` has read both
        ended = play_in(folder, scenario, how)  # type: ignore[arg-type]
        refused = write_run(ended, folder)
    if ended.interrupted:
        raise Interrupted(_shown(ended.result))
    if ended.cause is not None or refused is not None:
        raise ended.cause or refused  # type: ignore[misc]
    return _shown(ended.result)


def _shown(played: PlayedResult) -> Result:
    return Result(**{field.name: getattr(played, field.name) for field in fields(PlayedResult)})
