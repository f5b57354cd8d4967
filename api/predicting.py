"""`failback.predict` and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final

from failback.scenarios.files.calls.typed_fields import typed_fields
from failback.scenarios.predictions.prediction import Prediction as Predicted

from .accepts import InvalidArgument, text
from .arguments import bad, checked
from .tables import html_line, html_table

if TYPE_CHECKING:
    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.outcomes.answers import Answer
    from failback.scenarios.outcomes.pictures import Picture

_SHOWN_CHARACTERS: Final = 400
"""Of the sentence in the line that a prompt shows."""


@typed_fields("failback.predict returns one")
@dataclass(frozen=True, slots=True, repr=False)
class Prediction:
    """A prediction made by simulation. Its dates hold in at least `sure` percent of the runs.

    Attributes:
        found: All details of the prediction.
    """

    found: Predicted

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        from failback.scenarios.predictions.sentence import sentence

        return sentence(self.found)

    @property
    def share_in_time(self) -> float:
        """Share of the runs of the expected case in which everything was home in time, 0 to 1."""
        met = self.found.first.in_time
        return met.met / met.runs

    @property
    def home_at(self) -> datetime | None:
        """The time by which everything is home in the expected case. None: too few runs bring everything home."""
        return self.found.first.sure_at

    @property
    def latest_start(self) -> datetime | None:
        """The latest start that brings everything home in time. None if there is none."""
        return self.found.latest

    @property
    def last_go(self) -> datetime | None:
        """The latest time at which failbacks can begin if all machines must be home in time. None if there is none."""
        return self.found.last_go

    @property
    def best_purchase(self) -> str | None:
        """The change that helps most, in words. None if none helps."""
        best = self.found.best
        return None if best is None else best.purchase.words

    @property
    def seed_starts(self) -> Mapping[str, datetime | None]:
        """For each wave, the latest time at which it can begin to replicate home.

        None: even the earliest start is too late, or no disk of the wave seeds ahead. `seed_words` gives the number of
        disks that seed ahead. Without `cutover`, this mapping is empty.
        """
        return {} if self.found.cutover is None else {wave.wave: wave.begins for wave in self.found.cutover.waves}

    @checked()
    def seed_words(self) -> str:
        """State when each wave must begin to replicate home ahead of its cutover, and how long its cutover takes.

        Without `cutover`, it is empty.
        """
        from failback.scenarios.predictions.cutover_words import wave_words

        return wave_words(self.found)

    @checked()
    def seed_picture(self) -> "Picture":
        """Draw how each wave of one run replicates ahead and is cut over (extra `study`).

        Raises `BadInput` without `cutover`.
        """
        from failback.scenarios.predictions.cutover_picture import cutover_picture

        if self.found.cutover is None:
            raise bad("failback.Prediction.seed_picture", "no cutover was asked for; call predict(..., cutover=...)")
        return cutover_picture(self.found)

    @checked()
    def way_home(self) -> "Answer":
        """Return the median run of the expected case, for `failback.pictures.gantt` and `failback.words.way_words`."""
        return self.found.middle

    @checked()
    def as_json(self) -> dict[str, Any]:
        """Return the value that `failback predict` writes to answer.json."""
        from failback.scenarios.predictions.answer_data import as_dict

        return as_dict(self.found)

    @checked()
    def write(self, folder: str | Path) -> Path:
        """Write answer.html and answer.md to a folder. Return the path of answer.html."""
        from failback.scenarios.predictions.page import write_pages

        write_pages(self.found, Path(folder))
        return Path(folder) / "answer.html"

    def __repr__(self) -> str:
        said = shorten(self.sentence, _SHOWN_CHARACTERS, placeholder=" ... (all of it: `sentence`)")
        return f"<Prediction of {self.found.question.scenario.name}: {said}>"

    def _repr_html_(self) -> str:
        from failback.scenarios.predictions.case_rows import case_columns, case_rows

        return html_line(self.sentence, strong=True) + html_table(case_columns(self.found), case_rows(self.found))


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        raise InvalidArgument(
            "a weekday and an hour ('Fri 18:00'), a date and an hour ('2026-06-05 18:00') or a datetime"
        )
    return value


def _time_or_none(value: Any) -> str | None:
    return None if value is None else _time(value)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else text(value)


def _day(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if value is not None and not isinstance(value, str):
        raise InvalidArgument("a date ('2026-06-05'), or None")
    return value


@checked(start=_time_or_none, by=_time, tz=_text_or_none, cutover=_time_or_none, today=_day)
def predict(
    scenario: "Scenario | str | Path",
    *,
    start: str | datetime | None = None,
    by: str | datetime,
    cutover: str | datetime | None = None,
    tz: str | None = None,
    sure: float = 90.0,
    runs: int | None = None,
    seed: int | None = None,
    today: str | date | None = None,
) -> Prediction:
    """Predict whether everything is home by a deadline, by simulating the way home many times.

    Args:
        scenario: A scenario object, the path of a file, or the name of a library scenario.
        start: The start of the way home: "Fri 18:00", "2026-06-05 18:00", or a datetime. Required without `cutover`.
            With `cutover`: the earliest time at which machines may begin to replicate home.
        by: The time by which everything must be home. "Mon 06:00" means the first one after `cutover` or, without it,
            after `start`.
        cutover: The earliest time at which machines may fail back. The result then says when each wave must begin to
            replicate home (`seed_starts`).
        tz: Time zone of these times and of the result, such as "Asia/Tokyo". Default: the scenario's.
        sure: Confidence in percent: a deadline counts as met if at least this share of the runs meets it.
        runs: Number of runs of the expected case (see `docs/predict.md`). Default: depends on the number of machines.
        seed: Seed of the first run. Default: the scenario's own.
        today: Date that counts as today, such as "2026-06-05". Default: the current date.

    Returns:
        A `Prediction`, which a notebook shows as a table of its cases.

    Raises:
        BadInput: An argument or the scenario's file is wrong.

    Example:
        >>> answer = failback.predict("one_vm", start="2026-06-05 18:00", by="2026-06-06 06:00", tz="Asia/Tokyo")
        >>> answer.share_in_time
        1.0
        >>> answer.home_at < answer.found.question.by
        True
    """
    from failback.scenarios.predictions.command import PredictOptions, question_of
    from failback.scenarios.predictions.predict import predict as predicted

    return Prediction(predicted(question_of(PredictOptions(scenario, start, by, tz, sure, runs, seed, today, cutover))))  # type: ignore[arg-type]  # `checked` has converted them
