"""The page at the server's root, for people: the clock, items, jobs with their tasks, a timeline, and a few buttons.

Plain HTML made on the server. There is no JavaScript: what can be pressed is a form.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, parse_qsl

from failback.reprotect import replaced
from failback.simulator.arm.state.fault_rules import FaultRule, RuleKind
from failback.simulator.arm.wire.response import ArmError, Response

from .front_tables import SHOWN_MAX, armed_table, asked_table, ended_table, items_table, running_table, span
from .front_timeline import timeline
from .news import next_news
from .page_style import STYLE
from .rule_checks import check_rule, task_names
from .site_faults import LINK_SHARES, WORDS, apply_site_fault, bad, site_fault

if TYPE_CHECKING:
    from failback.simulator.arm.state.mock_state import MockState

_HTML: Final = ("Content-Type", "text/html; charset=utf-8")
_RULES: Final[Mapping[str, str]] = {
    "job_fails": "its next job fails",
    "job_stuck": "its next job gets stuck",
    "job_cancelled": "its next job is cancelled",
    "status": "the next request for it is refused (503)",
    "lost_reply": "the next request is processed, but its response is lost",
    "dropped": "the next connection for it drops",
}


def front_page(mock: "MockState", query: str) -> Response:
    """GET /."""
    first = parse_qs(query).get("first", ["0"])[0]
    start = int(first) if first.isascii() and first.isdigit() and len(first) < 10 else 0
    return _page(mock, start=start)


def _page(mock: "MockState", *, start: int = 0, wrong: str = "", status: int = 200) -> Response:
    banner = f"<p class=banner role=alert>{escape(wrong)}</p>" if wrong else ""
    parts = (
        running_table(mock),
        items_table(mock, start),
        timeline(mock),
        ended_table(mock),
        armed_table(mock),
        asked_table(mock),
    )
    return Response(status, (_HTML,), _document(_head(mock) + _buttons(mock) + banner + _NAV + "".join(parts)))


_NAV: Final = "<nav>{}</nav>".format(
    " ".join(
        f"<a href=#{name}>{text}</a>"
        for name, text in (
            ("running", "Running jobs"),
            ("items", "Items"),
            ("timeline", "Timeline"),
            ("ended", "Ended jobs"),
            ("armed", "Armed faults"),
            ("asked", "Requests"),
        )
    )
)


def _document(body: str) -> bytes:
    """The whole page, in which no name or message has a character that would harm whoever shows it."""
    head = (
        "<meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>failback mock</title><style>{STYLE}</style>"
    )
    return replaced(f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>").encode()


def _head(mock: "MockState") -> str:
    items, over = mock.world.vault.items.values(), mock.world.is_over
    unwell = sum(bool(item.health_errors) for item in items)
    late = f", reads show what was {mock.lag_s:g} s ago" if mock.lag_s else ""
    return (
        "<h1>failback mock <small>a simulated Site Recovery vault; nothing here is real</small></h1>"
        f"<p>Vault <b>{escape(mock.vault_name)}</b>: {len(items)} protected items, {unwell} of them with health "
        f"errors. It is <b id=now>{mock.now:%a %d %b %Y, %H:%M:%S} UTC</b>, {span(mock.world.env.now)} after the "
        f"start. Clock "
        f"<b>{escape(str(mock.clock))}</b>{late}.{' Nothing more will happen without a request.' if over else ''}</p>"
    )


# Buttons


def _buttons(mock: "MockState") -> str:
    if not mock.has_control:
        return "<p>The control API is turned off, so this page is read-only.</p>"
    presses = "".join(f"<button name=do value={name}>{text}</button> " for name, (text, _) in _PRESSES.items())
    kinds = {**_RULES, **{word: word.replace("_", " ") for word in (*WORDS, *LINK_SHARES)}}
    options = "".join(f"<option value={name}>{escape(text)}</option>" for name, text in kinds.items())
    return (
        f"<form method=post action=/>{presses}"
        "<a href=/failback/>Control API</a> <a href=/failback/history>History as JSON</a></form>"
        "<form method=post action=/ class=fault><input type=hidden name=do value=fault>"
        "<label>Inject a fault into <input name=object list=names placeholder='any item'></label> "
        f"<label><select name=kind aria-label='what happens'>{options}</select></label> "
        "<label>at task <input name=task list=tasks placeholder='its first'></label> <button>Inject</button>"
        f"<datalist id=names>{_names(mock)}</datalist><datalist id=tasks>{_listed(task_names())}</datalist></form>"
    )


def _names(mock: "MockState") -> str:
    estate = mock.world.site.estate
    parts = (*estate.master_targets, *estate.process_servers, *estate.appliances, *estate.hosts, *estate.datastores)
    return _listed([*list(mock.world.vault.items)[:SHOWN_MAX], *parts, *estate.configuration_servers])


def _listed(names: list[str]) -> str:
    return "".join(f'<option value="{escape(name)}">' for name in names)


def pressed(mock: "MockState", verb: str, body: bytes) -> Response:
    """POST /: a button of the page was pressed. What cannot be done is said on the page."""
    if verb != "POST":
        raise ArmError(405, "MethodNotAllowed", f"{verb[:20]} is not allowed for this path.", allow="GET, POST")
    if not mock.has_control:
        raise ArmError(404, "NotFound", "The control API of this mock is turned off.")
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        _press(mock, form)
    except ArmError as refused:
        return _page(mock, wrong=refused.message, status=refused.status)
    return Response(303, (("Location", "/"),))


def _press(mock: "MockState", form: Mapping[str, str]) -> None:
    do = form.get("do", "")
    if do == "fault":
        _apply_site_fault(mock, form)
    elif do == "disarm":
        mock.rules.disarm(form.get("id", ""))
    elif do in _PRESSES:
        _PRESSES[do][1](mock)
    else:
        raise bad("This page has no such button.")


def _apply_site_fault(mock: "MockState", form: Mapping[str, str]) -> None:
    kind, about = form.get("kind", ""), form.get("object", "").strip()
    if kind in _RULES:
        task = form.get("task", "").strip() or None
        rule = FaultRule(RuleKind(kind), object=about or "*", task=task if kind == "job_fails" else None)
        mock.rules.arm(check_rule(rule), None)
    elif kind in LINK_SHARES:
        mock.world.site.set_link(LINK_SHARES[kind])
        mock.note_fault(kind)
    elif kind in WORDS:
        apply_site_fault(mock.world, site_fault(mock.world, {"kind": kind, "object": about}))
    else:
        raise bad("This page has no such kind of fault.")


def _to_the_next_news(mock: "MockState") -> None:
    next_news(mock.world)


def _a_minute_on(mock: "MockState") -> None:
    mock.world.catch_up(mock.world.env.now + 60.0)


def _an_hour_on(mock: "MockState") -> None:
    mock.world.catch_up(mock.world.env.now + 3600.0)


def _begin_again(mock: "MockState") -> None:
    mock.reset()


_PRESSES: Final[Mapping[str, tuple[str, Callable[["MockState"], None]]]] = {
    "step": ("To the next change", _to_the_next_news),
    "minute": ("Forward one minute", _a_minute_on),
    "hour": ("Forward one hour", _an_hour_on),
    "reset": ("Start again", _begin_again),
}
