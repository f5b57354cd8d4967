"""What the mock says is left of a client's budget, and what happens when none is."""

from typing import Any

import pytest

from failback.simulator.arm.state.request_limits import READS

NAME = "x-ms-ratelimit-remaining-subscription"


@pytest.mark.parametrize(
    ("verb", "kind", "left", "of_all"),
    [
        ("GET", "reads", "249", "3749"),
        ("PUT", "writes", "199", "2999"),
        ("POST", "writes", "199", "2999"),
        ("DELETE", "deletes", "199", "2999"),
    ],
)
def test_each_answer_says_what_is_left(verb: str, kind: str, left: str, of_all: str, call: Any) -> None:
    answers = [call(verb, path, {}) for path in ("replicationProtectedItems", "nothing")]
    for answer in answers:
        limits = {name: value for name, value in answer.headers if name.startswith("x-ms-ratelimit")}
        assert limits == {f"{NAME}-{kind}": left, f"{NAME}-global-{kind}": of_all}


def test_the_control_api_has_no_limit(call: Any) -> None:
    assert call.control("GET", "clock").header(f"{NAME}-reads") is None


def test_unless_it_is_told_so_the_mock_takes_as_many_as_it_can(call: Any) -> None:
    answers = [call("GET", "replicationPolicies") for _ in range(READS.size + 50)]
    assert {(answer.status, answer.header(f"{NAME}-reads")) for answer in answers} == {(200, "249")}


def test_reads_that_are_limited_are_refused_when_the_bucket_is_empty_until_some_have_come_back(make_call: Any) -> None:
    wall = [0.0]
    call = make_call(reads_limited=True, wall=lambda: wall[0])
    answers = [call("GET", "replicationPolicies") for _ in range(READS.size + 1)]
    assert [answer.status for answer in answers] == [200] * READS.size + [429]
    assert [answers[n].header(f"{NAME}-reads") for n in (0, 100, 249, 250)] == ["249", "149", "0", "0"]
    assert [answers[n].header(f"{NAME}-global-reads") for n in (0, 250)] == ["3749", "3500"]
    refused = answers[-1]
    assert (refused.code, refused.header("Retry-After")) == ("SubscriptionRequestsThrottled", "1")
    wall[0] = 1.0
    assert [call("GET", "replicationPolicies").status for _ in range(26)] == [200] * 25 + [429]
    wall[0] = 1e6
    assert call("GET", "replicationPolicies").header(f"{NAME}-reads") == "249"


def test_writes_and_the_control_api_are_served_when_no_read_is_left(make_call: Any, failover_body: Any) -> None:
    call = make_call(reads_limited=True, wall=lambda: 0.0)
    path = call.item_path("sql0")
    while call("GET", path).status == 200:
        continue
    assert call("POST", f"{path}/unplannedFailover", failover_body).status == 202
    assert call.control("GET", "clock").status == 200


def test_a_mock_that_was_reset_and_its_forks_are_limited_too(make_call: Any) -> None:
    call = make_call(reads_limited=True, wall=lambda: 0.0)
    call.control("POST", "fork", {"vault": "other"})
    call.control("POST", "reset")
    other = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/other/replicationPolicies"
    for path in ("replicationPolicies", other):
        assert [call("GET", path).status for _ in range(READS.size + 1)][-2:] == [200, 429]
