"""Every answer has an id of its request, as the service's have, whatever the request asks and however it ends."""

import json
from typing import Any

import pytest
import requests

from failback.simulator.arm import serve
from tests.simulator.arm.conftest import VAULT

GROUP = VAULT.partition("/providers")[0]
VERSION = "?api-version=2025-08-01"
ASKED: dict[str, tuple[str, str, int]] = {
    "a list": ("GET", f"{VAULT}/replicationProtectedItems{VERSION}", 200),
    "nothing such": ("GET", f"{VAULT}/replicationJobs/none{VERSION}", 404),
    "no version": ("GET", f"{VAULT}/replicationJobs", 400),
    "no operation": ("GET", "/nowhere" + VERSION, 404),
    "another verb": ("DELETE", VAULT + "/replicationJobs" + VERSION, 405),
    "a neighbour": ("GET", f"{GROUP}{VERSION}", 200),
    "the sign-in": ("POST", "/common/oauth2/v2.0/token", 200),
    "the control API": ("GET", "/failback/clock", 200),
    "an unknown control": ("GET", "/failback/none", 404),
    "the page": ("GET", "/", 200),
    "what the mock does not serve": ("GET", f"{VAULT}/replicationMigrationItems{VERSION}", 501),
}


def ids_of(answer: Any) -> list[str]:
    return [value for name, value in answer.headers if name == "x-ms-request-id"]


@pytest.mark.parametrize("asked", ASKED)
def test_every_answer_has_one_id_of_its_request(asked: str, call: Any) -> None:
    verb, url, status = ASKED[asked]
    answers = [call.arm.handle(verb, f"https://management.azure.com{url}", {}, b"") for _ in range(2)]
    assert [answer.status for answer in answers] == [status, status]
    first, second = map(ids_of, answers)
    assert (len(first), len(second), first == second) == (1, 1, False)


def test_what_a_fault_rule_answers_has_one_too(call: Any) -> None:
    call.arm.fault(kind="status", status=503)
    assert len(ids_of(call("GET", "replicationJobs"))) == 1


def test_the_job_of_an_accepted_operation_stays_its_only_id(call: Any, failover_body: Any) -> None:
    answer = call("POST", call.item_path("sql0") + "/unplannedFailover", failover_body)
    assert [name.rpartition("/")[0].endswith("/replicationJobs") for name in ids_of(answer)] == [True, True]


def test_ids_are_the_same_in_every_run(make_call: Any) -> None:
    runs = [[ids_of(call("GET", "replicationJobs")) for _ in range(3)] for call in (make_call(), make_call())]
    assert runs[0] == runs[1]


def test_what_the_server_refuses_by_itself_has_one(call: Any) -> None:
    with serve(call.arm, tls=False) as served:
        refused = requests.get(served.base_url, headers={"Host": "evil.example"}, timeout=5)
    assert refused.status_code >= 400
    assert refused.headers["x-ms-request-id"]


def refused(call: Any, headers: dict[str, str]) -> tuple[str, Any]:
    url = f"https://management.azure.com{VAULT}/replicationJobs{VERSION}&$filter=(("
    answer = call.arm.handle("GET", url, headers, b"")
    (own,) = ids_of(answer)
    return own, json.loads(answer.body)["error"]["details"][0]


def test_a_refusal_names_its_own_id_and_the_clients(call: Any) -> None:
    own, detail = refused(call, {"x-ms-client-request-id": "mine"})
    assert (detail["activityId"], detail["clientRequestId"]) == (own, "mine")


def test_a_refusal_of_a_client_that_names_no_id_has_no_empty_ones(call: Any) -> None:
    own, detail = refused(call, {})
    assert (detail["activityId"], detail["clientRequestId"]) == (own, own)
