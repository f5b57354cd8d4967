"""The front page's tables: items, jobs with their tasks, armed fault rules, and what was asked."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Final

from failback.reprotect import Phase, phase_row
from failback.simulator import ENDED, Job, Progress, ProtectedItem, Task
from failback.simulator.arm.state.armed_rules import Armed
from failback.simulator.arm.wire.wire import shown

if TYPE_CHECKING:
    from failback.simulator.arm.state.mock_state import MockState

SHOWN_MAX: Final = 200
"""Rows of a table on one page."""
ASKED_MAX: Final = 50
_UNHAPPY: Final = (Progress.FAILED, Progress.CANCELLED)


def span(seconds: float) -> str:
    """Hours, minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


# Items


def items_table(mock: "MockState", start: int) -> str:
    """Protected items from this one on."""
    items = list(mock.world.vault.items.values())
    rows = [_item(item) for item in items[start : start + SHOWN_MAX]]
    more = f"<p><a href='/?first={start + SHOWN_MAX}#items'>more</a></p>" if start + SHOWN_MAX < len(items) else ""
    heads = ("item", "architecture", "phase", "as the service shows it", "runs in", "health", "job")
    return _section("items", f"Items ({len(items)})", _table(heads, rows) + more)


def _item(item: ProtectedItem) -> Iterable[str]:
    resync = "" if item.resync_percent is None else f" {item.resync_percent()} %"
    kind = "moving" if item.job or item.resync_percent else "resting"
    health = "<br>".join(escape(f"{code}: {error.message}") for code, error in item.health_errors.items())
    return (
        f"<b>{escape(item.name)}</b>",
        item.architecture.value,
        f"<span class='pill {kind}'>{_words(item.phase)}{resync}</span>",
        escape(shown(item).description),
        phase_row(item.phase).runs.value,
        f"<span class=bad>{health}</span>" if health else "<span class=quiet>healthy</span>",
        f"<a href='#{item.job.id}'>{escape(item.job.friendly_name)}</a>" if item.job else "",
    )


def _words(phase: Phase) -> str:
    return phase.value.replace("_", " ").replace("azure", "Azure")


# Jobs


def running_table(mock: "MockState") -> str:
    """Jobs that have not ended, with their tasks."""
    jobs = [job for job in mock.world.vault.jobs.values() if job.state not in ENDED and job.parent is None]
    rows = [(_what(job), escape(job.subject), _state(job), span(job.started_s), _tasks(job)) for job in jobs]
    body = _table(("job", "of", "state", "since", "tasks"), rows[-SHOWN_MAX:]) if rows else "<p>None.</p>"
    return _section("running", f"Running jobs ({len(jobs)})", body)


def ended_table(mock: "MockState") -> str:
    """Jobs that have ended, newest first: those that did not succeed, with the reason, before the others."""
    jobs = [job for job in mock.world.vault.jobs.values() if job.state in ENDED and job.parent is None]
    newest = sorted(jobs, key=_ended_s, reverse=True)
    unhappy = [job for job in newest if job.state in _UNHAPPY]
    happy = [job for job in newest if job.state not in _UNHAPPY]
    table = _jobs(unhappy) if unhappy else "<p>No job failed or was cancelled.</p>"
    others = f"<details><summary>{len(happy)} succeeded</summary>{_jobs(happy)}</details>" if happy else ""
    return _section("ended", f"Ended jobs ({len(jobs)})", table + others)


def _jobs(jobs: list[Job]) -> str:
    rows = [
        (_what(job), escape(job.subject), _state(job), _times(job), _why(job), _tasks(job)) for job in jobs[:SHOWN_MAX]
    ]
    return _table(("job", "of", "state", "when", "why", "tasks"), rows)


def _ended_s(job: Job) -> float:
    return job.ended_s or 0.0


def _what(job: Job) -> str:
    return f"<b id='{job.id}'>{escape(job.friendly_name)}</b>"


def _state(job: Job) -> str:
    return f"<span class='pill {job.state.value}'>{job.state.value.replace('_', ' ')}</span>"


def _times(job: Job) -> str:
    return f"{span(job.started_s)} to {span(_ended_s(job))}"


def _why(job: Job) -> str:
    failure = job.failure
    if failure is None:
        return ""
    return f"<span class=bad>{escape(failure.code)}</span> at <i>{escape(failure.task)}</i>: {escape(failure.message)}"


def _tasks(job: Job) -> str:
    return f"<ol class=tasks>{''.join(_task(task) for task in job.tasks)}</ol>"


def _task(task: Task) -> str:
    state = task.state.value
    return f"<li class={state} title='{state.replace('_', ' ')}'>{escape(task.friendly_name)}</li>"


# Faults and requests


def armed_table(mock: "MockState") -> str:
    """The armed rules, each with a button that takes it away."""
    rows = [_armed(armed, mock.has_control) for armed in mock.rules]
    body = _table(_ARMED_HEADS, rows) if rows else "<p>None.</p>"
    return _section("armed", f"Fault rules ({len(rows)})", body)


def _armed(armed: Armed, has_control: bool) -> Iterable[str]:
    rule = armed.rule
    what = f"{rule.kind.value.replace('_', ' ')}{f' at {escape(rule.task)}' if rule.task else ''} {escape(rule.code)}"
    press = (
        f"<form method=post action=/><input type=hidden name=id value={armed.id}>"
        "<button name=do value=disarm>Remove</button></form>"
    )
    hit = f"{armed.hits} of {'all' if rule.count is None else rule.count}"
    names = (escape(rule.operation), escape(rule.object))
    return armed.id, what, *names, str(armed.calls), hit, press if has_control else ""


def asked_table(mock: "MockState") -> str:
    """The newest requests that asked for a change, and faults that fired."""
    lines = [line for line in mock.history if line["kind"] in ("fault", "command")][-ASKED_MAX:]
    rows = [
        (span(line["t_s"]), _KINDS[line["kind"]], escape(line["item"] or ""), *_line_texts(line["data"]))
        for line in reversed(lines)
    ]
    return _section("asked", "Requests and faults", _table(_ASKED_HEADS, rows))


_ARMED_HEADS: Final = ("rule", "what happens", "operation", "object", "matches", "applied", "")
_ASKED_HEADS: Final = ("when", "what", "item", "operation", "response", "more")
_KINDS: Final = {"command": "request", "fault": "<span class=bad>fault</span>"}


def _line_texts(data: Mapping[str, object]) -> Iterable[str]:
    operation = str(data.get("operation", "")).rpartition(".")[2].removeprefix("begin_")
    known = ("operation", "status", "path", "facts", "verb")
    more = ", ".join(f"{key} {value}" for key, value in data.items() if key not in known and value != "")
    return escape(operation), escape(str(data.get("status", ""))), escape(more)


# Parts of a page


def _section(name: str, title: str, body: str) -> str:
    return f"<section id={name}><h2>{title}</h2>{body}</section>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return f"<div class=wide><table>{_row('th', heads)}{''.join(_row('td', row) for row in rows)}</table></div>"


def _row(kind: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{kind}>{cell}</{kind}>" for cell in cells) + "</tr>"
