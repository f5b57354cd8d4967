"""The front page's timeline: a lane for each item, a bar for each of its jobs, over virtual time since the start."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from failback.simulator import Job

if TYPE_CHECKING:
    from failback.simulator.arm.state.mock_state import MockState

LANES_MAX: Final = 60
_TICKS_S: Final = (1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400)
_TICKS_MAX: Final = 10
_LEGEND: Final = (
    "<p class=legend><span class='key succeeded'></span> succeeded <span class='key in_progress'></span> runs "
    "<span class='key suspended'></span> waiting <span class='key failed'></span> failed or cancelled; "
    "point at a bar for its job</p>"
)


def timeline(mock: "MockState") -> str:
    """The section."""
    whole_s, lanes = max(mock.world.env.now, 1.0), _lanes(mock)
    rows = "".join(_lane(name, jobs, whole_s) for name, jobs in list(lanes.items())[:LANES_MAX])
    left_out = f"<p>{len(lanes) - LANES_MAX} more items are not shown.</p>" if len(lanes) > LANES_MAX else ""
    body = f"{_LEGEND}<div class=lanes>{_axis(whole_s)}{rows}</div>{left_out}" if lanes else "<p>No job yet.</p>"
    return f"<section id=timeline><h2>Timeline</h2>{body}</section>"


def _lanes(mock: "MockState") -> dict[str, list[Job]]:
    lanes: dict[str, list[Job]] = {}
    for job in mock.world.vault.jobs.values():
        if job.operation is not None and job.about == "item":
            lanes.setdefault(job.subject, []).append(job)
    return lanes


def _axis(whole_s: float) -> str:
    every_s = next((tick for tick in _TICKS_S if whole_s / tick <= _TICKS_MAX), _TICKS_S[-1])
    count = min(int(whole_s / every_s), 2 * _TICKS_MAX)
    marks = "".join(_mark(n * every_s, whole_s) for n in range(count + 1))
    return f"<div class=lane><label></label><div class='track axis'>{marks}</div></div>"


def _mark(at_s: float, whole_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    text = f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return f"<span style='left:{100 * at_s / whole_s:.2f}%'>{text}</span>"


def _lane(name: str, jobs: Iterable[Job], whole_s: float) -> str:
    bars = "".join(_bar(job, whole_s) for job in jobs)
    return f"<div class=lane><label>{escape(name)}</label><div class=track>{bars}</div></div>"


def _bar(job: Job, whole_s: float) -> str:
    ended_s = whole_s if job.ended_s is None else job.ended_s
    width = max(0.4, 100 * (ended_s - job.started_s) / whole_s)
    left = min(100 * job.started_s / whole_s, 100 - width)
    title = f"{job.friendly_name}, {job.state.value.replace('_', ' ')}, {ended_s - job.started_s:.0f} s"
    place = f"left:{left:.2f}%;width:{width:.2f}%"
    return f"<span class='bar {job.state.value}' style='{place}' title='{escape(title)}'></span>"
