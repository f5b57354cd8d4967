"""The control API's faults: arm a rule, let something happen on site at once, list and disarm rules."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from failback.simulator.arm.state.fault_rules import FaultRule, RuleKind
from failback.simulator.arm.wire.response import ArmError, Json

from .rule_checks import check_rule, tasks_of_jobs
from .site_faults import LINK_SHARES, apply_site_fault, parsed, site_fault

if TYPE_CHECKING:
    from failback.simulator.arm.state.mock_state import MockState


def apply_fault(mock: "MockState", body: Mapping[str, Any]) -> Json:
    """Arm a rule, or let something happen on site now or at its instant."""
    kind, world = str(body.get("kind")), mock.world
    if kind in LINK_SHARES:
        world.site.set_link(LINK_SHARES[kind])
        mock.note_fault(kind)
        return {"now_s": world.env.now}
    if kind in [known.value for known in RuleKind]:
        rule = check_rule(parsed(FaultRule, body))
        armed = mock.rules.arm(rule, site_fault(world, rule.fault) if rule.fault is not None else None)
        return {"now_s": world.env.now, "id": armed.id}
    apply_site_fault(world, site_fault(world, body))
    return {"now_s": world.env.now}


def list_rules(mock: "MockState", body: Mapping[str, Any]) -> Json:
    """The armed rules with their counters."""
    return {"rules": [armed.as_json() for armed in mock.rules]}


def disarm(mock: "MockState", body: Mapping[str, Any]) -> Json:
    """Take one rule away, or all."""
    rule = body.get("id")
    gone = mock.rules.disarm(None if rule is None else str(rule))
    if rule is not None and not gone:
        raise ArmError(404, "NotFound", f"There is no fault rule '{str(rule)[:50]}'.")
    return {"disarmed": gone}


def list_tasks(mock: "MockState", body: Mapping[str, Any]) -> Json:
    """The tasks of every job."""
    return {"jobs": tasks_of_jobs()}


RULE_FIELDS: Final[Mapping[str, str]] = {
    "kind": "for a fault rule: status, lost_reply, dropped, slow, duplicate, stale_read, async_only, job_stuck, "
    "job_fails, job_cancelled, job_ends_as, site; for a fault on site, at once: process_server_down, link_cut, "
    "link_mended, datastore_full, snapshot_appears, host_disconnects, credentials_revoked ..., or a kind of fault "
    "from the schema of scenarios",
    "operation": "for a fault rule: name of the operation in the Python SDK, or a pattern such as *reprotect",
    "object": "name of an item, plan, job or fabric; for a fault on site: name of the server, host, datastore or "
    "machine that it affects",
    "nth": "number of the first matching request that is affected, from 1",
    "count": "number of requests that are affected; null: all",
    "from_s": "virtual second from which the rule applies",
    "until_s": "virtual second until which the rule applies",
    "probability": "probability that a request is affected, drawn from the run's seed",
    "status": "HTTP status",
    "retry_after_s": "header Retry-After, in seconds",
    "task": "job_fails: name of the task; GET /failback/tasks lists them",
    "code": "error code",
    "message": "error message",
    "delay_s": "slow: delay in real seconds",
    "fault": "site: what happens on site",
}
"""Fields of the body, for people."""
