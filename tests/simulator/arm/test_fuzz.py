"""Whatever comes in, the answer is never a crash and every error is in ARM's words."""

import json
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from failback.simulator.arm import ROUTES, ArmMock
from failback.simulator.arm.control.control_plane import CONTROLS
from failback.simulator.arm.control.site_faults import WORDS as SITE_WORDS
from failback.simulator.arm.state.fault_rules import RuleKind

from .conftest import Caller, world_of
from .test_surface import TAKEN, filled, path_of

WORDS = st.sampled_from(
    [
        "instanceType", "InMage", "InMageAzureV2", "InMageRcm", "InMageRcmFailback", "failoverDirection", "groups",
        "PrimaryToRecovery", "RecoveryToPrimary", "providerSpecificDetails", "masterTargetId", "recoveryPointId", "id",
        "sourceSiteOperations", "Required", "groupType", "Boot", "replicationProtectedItems", "performShutdown", "true",
    ]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | WORDS
VALUES = st.recursive(
    LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(WORDS | st.text(max_size=5), v, max_size=6)
)
CALLER = Caller(ArmMock(world_of(), clock="step"))
NAMES = {
    "subscription": "sub",
    "resource_group": "rg",
    "vault": "v",
    "plan": "classic-plan",
    "tenant": "t",
    "provider": "p",
    "vcenter": "vcenter",
    "mapping": "24-hour-replication-policy",
    "policy": "24-hour-replication-policy",
    "setting": "default",
    "certificate": "c",
    "network": "none",
}
CHANGES = [row for row in ROUTES if row.verb != "GET" and not row.operation.startswith("arm:")]


@settings(max_examples=300, deadline=None)
@given(row=st.sampled_from(CHANGES), properties=VALUES, item=st.sampled_from(["sql0", "web1"]))
def test_any_body_is_taken_or_refused_in_arms_words(row: Any, properties: Any, item: str) -> None:
    CALLER.control("POST", "reset")
    segments = CALLER.item_path(item).split("/")
    known = NAMES | {
        "fabric": segments[10],
        "container": segments[12],
        "item": segments[14],
        "job": "none",
        "machine": item,
    }
    answer = CALLER(row.verb, row.path.format(**known), {"properties": properties})
    assert answer.status in (200, 202, 204, 400, 404, 409)
    assert answer.status < 300 or set(answer.body["error"]) >= {"code", "message"}


@settings(max_examples=300, deadline=None)
@given(row=st.sampled_from(TAKEN), junk=LEAVES | VALUES, data=st.data())
def test_a_documented_body_with_one_part_spoilt_is_taken_or_refused_in_arms_words(
    row: Any, junk: Any, data: Any
) -> None:
    CALLER.control("POST", "reset")
    operation, item, other, body = row
    verb, path = path_of(CALLER, operation, item, other)
    sent = filled(body, CALLER, item)
    answer = CALLER(verb, path, spoilt(sent, junk, data))
    assert answer.status in (200, 202, 400, 404, 409)
    assert answer.status < 300 or set(answer.body["error"]) >= {"code", "message"}


def spoilt(value: Any, junk: Any, data: Any) -> Any:
    """The body with one of its parts, at any depth, replaced."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return value | {key: spoilt(value[key], junk, data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        return [spoilt(value[0], junk, data), *value[1:]]
    return junk


READS = [row for row in ROUTES if row.verb == "GET" and not row.operation.startswith("arm:")]
FILTERS = st.text(max_size=30) | st.sampled_from(
    ["Moon eq '1'", "State eq", "StartTime ge 'x'", "StartTime ge '99999-01-01'", "a eq 'b' and", "'' eq ''"]
)


@settings(max_examples=300, deadline=None)
@given(row=st.sampled_from(READS), text=FILTERS, token=st.text(max_size=12), item=st.sampled_from(["sql0", "web1"]))
def test_any_query_of_a_read_is_answered_or_refused_in_arms_words(row: Any, text: str, token: str, item: str) -> None:
    CALLER.control("POST", "reset")  # another test may have deleted the item
    segments = CALLER.item_path(item).split("/")
    known = defaultdict(lambda: "none", NAMES)
    known |= {"fabric": segments[10], "container": segments[12], "item": segments[14]}
    query = urlencode({"api-version": "2025-08-01", "$filter": text, "skipToken": token, "instanceType": text})
    answer = CALLER("GET", f"{row.path.format_map(known)}?{query}")
    assert answer.status in (200, 400, 404)
    assert answer.status == 200 or set(answer.body["error"]) >= {"code", "message"}


NUMBERS = st.integers() | st.floats(allow_nan=True) | st.sampled_from([10**400, -1, 1e308, 10**20, "1", True, None])
FIELD_NAMES = sorted({name for row in CONTROLS for name in row.fields})
FIELDS = st.dictionaries(st.sampled_from(FIELD_NAMES), NUMBERS | VALUES, max_size=6)
RULES = st.fixed_dictionaries(
    {"kind": st.sampled_from([kind.value for kind in RuleKind] + list(SITE_WORDS))},
    optional={name: NUMBERS | LEAVES for name in FIELD_NAMES if name != "kind"},
)


@settings(max_examples=300, deadline=None)
@given(row=st.sampled_from(CONTROLS), body=FIELDS | RULES | VALUES)
def test_any_body_of_the_control_plane_is_taken_or_refused(row: Any, body: Any) -> None:
    answer = CALLER.arm.handle(row.verb, f"/failback/{row.path}", {}, json.dumps(body).encode())
    assert answer.status in (200, 400, 404, 409)
    CALLER.control("DELETE", "faults")
    CALLER.control("POST", "reset")
    CALLER.arm.forks.clear()


FORMS = st.dictionaries(
    st.sampled_from(["do", "kind", "object", "task", "id"]),
    st.text(max_size=10) | st.sampled_from(["fault", "disarm", "job_fails", "link_cut", "snapshot_appears", "sql0"]),
)


@settings(max_examples=200, deadline=None)
@given(form=FORMS)
def test_any_form_of_the_page_is_taken_or_refused_on_the_page(form: Any) -> None:
    answer = CALLER.arm.handle("POST", "/", {}, urlencode(form).encode())
    assert answer.status in (303, 400)
    assert CALLER.arm.handle("GET", "/", {}, b"").status == 200


@settings(max_examples=300, deadline=None)
@given(verb=st.sampled_from(["GET", "POST", "PUT", "x"]), path=st.text(max_size=40), raw=st.binary(max_size=60))
def test_any_path_and_any_bytes_are_answered_in_arms_words(verb: str, path: str, raw: bytes) -> None:
    answer = CALLER.arm.handle(verb, f"https://management.azure.com/{path}", {}, raw)
    if answer.headers[0] == ("Content-Type", "text/html; charset=utf-8"):
        return  # the front page
    assert 400 <= answer.status < 500
    assert set(json.loads(answer.body)["error"]) >= {"code", "message"}
