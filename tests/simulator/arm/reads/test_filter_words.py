"""A filter may name only words that its field can have: an empty list would pass for an answer."""

from typing import Any, Final

import pytest

WRONG: Final = {
    "replicationJobs": ("JobStatus eq 'Failled'", "JobStatus eq 'Failed,Succeded'", "JobStatus ne 'Canceled'"),
    "replicationEvents": ("Severity eq 'Error'", "EventType eq 'JobsStatus'"),
    "replicationProtectedItems": ("InstanceType eq 'InMageRCMM'", "multiVmGroupCreateOption eq 'Manual'"),
    "CONTAINER/replicationProtectableItems": ("State eq 'Unprotect'",),
}
RIGHT: Final = {
    "replicationJobs": ("JobStatus eq 'failed, SUCCEEDED'", "JobStatus eq 'CompletedWithInformation'"),
    "replicationEvents": ("Severity eq 'Warning'", "EventType eq 'ServerHealth'"),
    "replicationProtectedItems": ("InstanceType eq 'A2A'",),
    "CONTAINER/replicationProtectableItems": ("State eq 'Unprotected'",),
}


def ask(call: Any, collection: str, text: str) -> Any:
    container = call.item_path("sql0").partition("/replicationProtectedItems")[0]
    query = f"api-version=2025-08-01&$filter={text}".replace(" ", "%20")
    return call("GET", collection.replace("CONTAINER", container), query=query)


def cases(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(collection, text) for collection, texts in table.items() for text in texts]


@pytest.mark.parametrize(("collection", "text"), cases(WRONG))
def test_a_word_that_nothing_can_have_is_refused_with_those_that_can_be(collection: str, text: str, call: Any) -> None:
    answer = ask(call, collection, text)
    assert (answer.status, answer.code) == (400, "InvalidFilter")
    assert "; it can be " in answer.body["error"]["message"]


@pytest.mark.parametrize(("collection", "text"), cases(RIGHT))
def test_a_word_that_something_can_have_may_find_nothing(collection: str, text: str, call: Any) -> None:
    assert ask(call, collection, text).body["value"] == []


def test_jobs_are_found_by_the_state_that_they_show(call: Any) -> None:
    account = {"properties": {"runAsAccountId": None}}
    assert call("POST", f"{call.item_path('web0')}/updateMobilityService", account).status == 202
    (job,) = ask(call, "replicationJobs", "JobStatus eq 'CompletedWithInformation'").body["value"]
    assert job["properties"]["state"] == "CompletedWithInformation"
    assert ask(call, "replicationJobs", "JobStatus eq 'Succeeded'").body["value"] == []
