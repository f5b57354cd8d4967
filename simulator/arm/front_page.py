"""The page at the server's root, for people: the clock, items, jobs with their tasks, a timeline, and a few buttons.

Plain HTML made on the server. There is no JavaScript: what can be pressed is a form.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, parse_qsl

from failback.simulator import ENDED, Job, Progress, ProtectedItem

from .fault_rules import FaultRule, RuleKind
from .news import next_news
from .page_style import STYLE
from .response import ArmError, Response
from .rule_checks import check_rule, task_names
from .site_faults import LINK_SHARES, WORDS, bad, site_fault, strike
from .wire import shown

if TYPE_CHECKING:
    from .handler import ArmMock

SHOWN_MAX: Final = 200
"""Rows of a table on one page."""
LANES_MAX: Final = 60
_HTML: Final = ("Content-Type", "text/html; charset=utf-8")
_RULES: Final[Mapping[str, str]] = {
    "job_fails": "its next job fails",
    "job_stuck": "its next job gets stuck",
    "job_cancelled": "its next job is cancelled",
    "status": "the next request for it is refused (503)",
    "lost_reply": "the next request is done, its answer lost",
    "dropped": "the next connection for it drops",
}


def front_page(mock: "ArmMock", query: str) -> Response:
    """GET /."""
    first = parse_qs(query).get("first", ["0"])[0]
    start = int(first) if first.isascii() and first.isdigit() and len(first) < 10 else 0
    parts = (_head, _buttons, lambda arm: _items(arm, start), _running, _timeline, _ended, _said)
    return Response(200, (_HTML,), _document("".join(part(mock) for part in parts)))


def pressed(mock: "ArmMock", verb: str, body: bytes) -> Response:
    """POST /: a button of the page was pressed."""
    if verb != "POST":
        raise ArmError(405, "MethodNotAllowed", f"{verb[:20]} is not for this path.", allow="GET, POST")
    if not mock.has_control:
        raise ArmError(404, "NotFound", "The control plane of this mock is switched off.")
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    if form.get("do") == "fault":
        _strike(mock, form)
    elif form.get("do") == "step":
        next_news(mock.world)
    elif form.get("do") in _STEPS:
        mock.world.catch_up(mock.world.env.now + _STEPS[form["do"]])
    else:
        raise bad("This button is not one of the page's.")
    return Response(303, (("Location", "/"),))


_STEPS: Final[Mapping[str, float]] = {"minute": 60.0, "hour": 3600.0}


def _strike(mock: "ArmMock", form: Mapping[str, str]) -> None:
    kind, about = form.get("kind", ""), form.get("object", "").strip()
    if kind in _RULES:
        task = form.get("task", "").strip() or None
        rule = FaultRule(RuleKind(kind), object=about or "*", task=task if kind == "job_fails" else None)
        mock.rules.arm(check_rule(rule), None)
    elif kind in LINK_SHARES:
        mock.world.site.set_link(LINK_SHARES[kind])
        mock.note_fault(kind)
    elif kind in WORDS:
        strike(mock.world, site_fault(mock.world, {"kind": kind, "object": about}))
    else:
        raise bad("This kind of fault is not one of the page's.")


# What is shown


def _document(body: str) -> bytes:
    head = f"<meta charset=utf-8><title>failback mock</title><style>{STYLE}</style>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def _head(mock: "ArmMock") -> str:
    over = " Nothing more will happen by itself." if mock.world.is_over else ""
    return (
        "<h1>failback mock <small>a simulated Site Recovery vault; nothing here is real</small></h1>"
        f"<p>Vault <b>{escape(mock.vault_name)}</b>, {len(mock.world.vault.items)} protected items. "
        f"It is <b id=now>{mock.now:%a %d %b %Y, %H:%M:%S} UTC</b> ({_span(mock.world.env.now)} since the start), "
        f"clock <b>{escape(str(mock.clock))}</b>.{over}</p>"
    )


def _buttons(mock: "ArmMock") -> str:
    if not mock.has_control:
        return "<p>The control plane is switched off: this page only shows.</p>"
    steps = (("step", "To the next news"), ("minute", "One minute on"), ("hour", "One hour on"))
    presses = "".join(f"<button name=do value={name}>{text}</button> " for name, text in steps)
    kinds = {**_RULES, **{word: word.replace("_", " ") for word in (*WORDS, *LINK_SHARES)}}
    options = "".join(f"<option value={name}>{escape(text)}</option>" for name, text in kinds.items())
    return (
        f"<form method=post action=/>{presses}</form>"
        "<form method=post action=/ class=fault><input type=hidden name=do value=fault>"
        "<label>Item or part <input name=object list=names></label> "
        f"<label>what happens <select name=kind>{options}</select></label> "
        "<label>at task <input name=task list=tasks placeholder='first task'></label> <button>Let it happen</button>"
        f"<datalist id=names>{_names(mock)}</datalist><datalist id=tasks>{_listed(task_names())}</datalist></form>"
        "<p class=more><a href=/failback/>Control plane</a> &middot; <a href=/failback/history>history</a></p>"
    )


def _names(mock: "ArmMock") -> str:
    estate = mock.world.site.estate
    parts = (*estate.master_targets, *estate.process_servers, *estate.appliances, *estate.hosts, *estate.datastores)
    names = (*list(mock.world.vault.items)[:SHOWN_MAX], *parts, *estate.configuration_servers)
    return _listed(names)


def _listed(names: Iterable[str]) -> str:
    return "".join(f'<option value="{escape(name)}">' for name in names)


def _items(mock: "ArmMock", start: int) -> str:
    items = list(mock.world.vault.items.values())
    rows = "".join(_item(item) for item in items[start : start + SHOWN_MAX])
    more = f"<p><a href='/?first={start + SHOWN_MAX}'>more</a></p>" if start + SHOWN_MAX < len(items) else ""
    head = _row("th", ("item", "architecture", "phase", "as the service says", "runs", "done", "health", "job"))
    return f"<h2>Items</h2><table id=items>{head}{rows}</table>{more}"


def _item(item: ProtectedItem) -> str:
    wire = shown(item)
    percent = f"{item.resync_percent()} %" if item.resync_percent else ""
    health = "<br>".join(escape(f"{code}: {said.message}") for code, said in item.health_errors.items())
    job = escape(item.job.friendly_name) if item.job else ""
    cells = (
        escape(item.name),
        item.architecture.value,
        item.phase.value.replace("_", " "),
        escape(wire.description),
        "site" if item.phase.value in _ON_SITE else "Azure",
        percent,
        f"<span class=bad>{health}</span>" if health else "well",
        job,
    )
    return _row("td", cells)


_ON_SITE: Final = frozenset(
    {
        "replicating_to_azure",
        "failing_over",
        "failed_back",
        "committing_failback",
        "failback_committed",
        "reprotecting_to_azure",
        "resyncing_to_azure",
        "testing_failover",
        "failover_tested",
        "cleaning_up_test",
    }
)


def _running(mock: "ArmMock") -> str:
    jobs = [job for job in mock.world.vault.jobs.values() if job.state not in ENDED and job.parent is None]
    return f"<h2>Running jobs ({len(jobs)})</h2>" + "".join(_job(job) for job in jobs[-SHOWN_MAX:])


def _ended(mock: "ArmMock") -> str:
    jobs = [job for job in mock.world.vault.jobs.values() if job.state in ENDED and job.parent is None]
    newest = sorted(jobs, key=_ended_s, reverse=True)[:SHOWN_MAX]
    return f"<h2>Ended jobs ({len(jobs)})</h2>" + "".join(_job(job) for job in newest)


def _ended_s(job: Job) -> float:
    return job.ended_s or 0.0


def _job(job: Job) -> str:
    marks = {Progress.FAILED: "bad", Progress.CANCELLED: "bad", Progress.SUSPENDED: "wait"}
    why = "" if job.failure is None else f" &mdash; {escape(job.failure.code)}: {escape(job.failure.message)}"
    tasks = "".join(
        f"<li class={task.state.value}>{escape(task.friendly_name)} <i>{task.state.value.replace('_', ' ')}</i></li>"
        for task in job.tasks
    )
    times = _span(job.started_s) + (f" to {_span(job.ended_s)}" if job.ended_s is not None else " until now")
    is_open = " open" if job.state not in ENDED or job.failure else ""
    return (
        f"<details{is_open}><summary><b>{escape(job.friendly_name)}</b> of {escape(job.subject)}, "
        f"<span class={marks.get(job.state, 'ok')}>{job.state.value.replace('_', ' ')}</span>, {times}{why}</summary>"
        f"<ol>{tasks}</ol></details>"
    )


def _timeline(mock: "ArmMock") -> str:
    now_s = mock.world.env.now
    lanes: dict[str, list[Job]] = {}
    for job in mock.world.vault.jobs.values():
        if job.operation is not None and job.about == "item":
            lanes.setdefault(job.subject, []).append(job)
    rows = "".join(_lane(name, jobs, now_s) for name, jobs in list(lanes.items())[:LANES_MAX])
    return f"<h2>Timeline</h2><div id=timeline>{rows or '<p>No job yet.</p>'}</div>"


def _lane(name: str, jobs: Iterable[Job], now_s: float) -> str:
    whole_s = max(now_s, 1.0)
    bars = "".join(
        f"<span class='bar {job.state.value}' style='left:{100 * job.started_s / whole_s:.2f}%;"
        f"width:{max(0.3, 100 * ((job.ended_s or now_s) - job.started_s) / whole_s):.2f}%' "
        f"title='{escape(job.friendly_name)}: {job.state.value}'></span>"
        for job in jobs
        if job.parent is None or job.operation is not None
    )
    return f"<div class=lane><label>{escape(name)}</label><div class=track>{bars}</div></div>"


def _said(mock: "ArmMock") -> str:
    lines = [line for line in mock.history if line["kind"] in ("fault", "command")][-50:]
    rows = "".join(
        _row("td", (_span(line["t_s"]), line["kind"], escape(line["item"] or ""), escape(_short(line["data"]))))
        for line in reversed(lines)
    )
    head = _row("th", ("when", "what", "item", "more"))
    return f"<h2>Asked and struck</h2><table id=history>{head}{rows}</table>"


def _short(data: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in data.items() if key not in ("path", "facts") and value != "")


def _row(kind: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{kind}>{cell}</{kind}>" for cell in cells) + "</tr>"


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
