"""How long a pilot takes, from the requests of its plan: for each group of machines, and until all of it has ended."""

from collections.abc import Collection, Iterator, Sequence

from failback.reprotect import Operation
from failback.scenarios.outcomes.bands import band
from failback.scenarios.outcomes.planned_downtime import lasts_words
from failback.scenarios.text.plain_words import h_min

from .downtimes import machine_spans
from .planned_requests import PlannedRequest, PlannedTime, end_of_all


def last_end(
    requests: Sequence[PlannedRequest], machines: Collection[str] | None = None, leg: Operation | None = None
) -> PlannedTime | None:
    """When the last of the requests has ended for these machines (`None`: all), of this leg (`None`: any)."""
    return end_of_all(
        request
        for request in requests
        if (leg is None or request.operation is leg)
        and (machines is None or any(item in machines for item in request.items))
    )


def ends_s(requests: Sequence[PlannedRequest], machines: Collection[str] | None = None) -> float:
    """Seconds after the start until these machines (`None`: all) are done with their last leg; 0 without any."""
    found = last_end(requests, machines)
    return 0.0 if found is None else found.middle_s


def down_s(requests: Sequence[PlannedRequest], machines: Collection[str]) -> float | None:
    """The longest downtime of these machines, see `Downtime`. None where none fails back."""
    downs = (down for item, down in machine_spans(requests).items() if item in machines)
    return max((ends_s - begins_s for begins_s, ends_s in downs), default=None)


def _down_in_runs(requests: Sequence[PlannedRequest], machines: Collection[str]) -> tuple[float, float]:
    """The longest of these downtimes in each run: the band of 90 % of the runs."""
    mine = [spans for one in requests for item, spans in one.downs.items() if item in machines]
    in_runs = ([ends_s - begins_s for begins_s, ends_s in filter(None, run)] for run in zip(*mine, strict=True))
    return band([max(run) for run in in_runs if run])


def takes_words(requests: Sequence[PlannedRequest], machines: Collection[str]) -> str:
    """What these machines cost in time, as simulated; empty where nothing of it happens."""
    return ", ".join(_pieces(requests, machines))


def _pieces(requests: Sequence[PlannedRequest], machines: Collection[str]) -> Iterator[str]:
    home = last_end(requests, machines, Operation.COMMIT_FAILBACK)
    again = last_end(requests, machines, Operation.REPROTECT_TO_AZURE)
    if (down := down_s(requests, machines)) is not None:
        middle, in_runs = lasts_words(down, *_down_in_runs(requests, machines))
        yield f"down for {middle}{f' (90 % of the runs: {in_runs})' if in_runs else ''}, until it has been checked"
    if home is not None:
        yield f"home {h_min(home.middle_s)} after the start of the pilot"
    if again is not None:
        yield f"protected again after {h_min(again.middle_s)}"
