"""A body must say that it is JSON, as Azure Resource Manager asks of every client, through both doors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import requests

from failback.simulator.arm import ArmMock, mock, serve
from tests.simulator.arm.conftest import VAULT, world_of

POLICY: Final = f"{VAULT}/replicationPolicies/mine?api-version=2025-08-01"
BODY: Final = b'{"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}}'
REFUSED: Final = {
    "curl's own": ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
    "none": (None, "<null>"),
    "text": ("text/plain; charset=utf-8", "text/plain"),
    "what only looks like JSON": ("text/plain; application/json", "text/plain"),
}


@contextmanager
def over_a_socket(arm: ArmMock) -> Iterator[str]:
    with serve(arm, tls=False) as served:
        yield served.base_url


@contextmanager
def in_process(arm: ArmMock) -> Iterator[str]:
    with mock(arm):
        yield "https://management.azure.com"


DOORS: Final = (over_a_socket, in_process)


def put(base: str, media_type: str | None) -> requests.Response:
    headers = {} if media_type is None else {"Content-Type": media_type}
    return requests.put(base + POLICY, data=BODY, headers=headers, timeout=20)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED)
def test_a_body_of_another_type_is_refused_as_azure_does_and_changes_nothing(
    name: str, door: Callable[[ArmMock], Any]
) -> None:
    sent, said = REFUSED[name]
    with door(ArmMock(world_of(), clock="step")) as base:
        answer = put(base, sent)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (415, "UnsupportedMediaType")
        why = f"The content media type '{said}' is not supported. Only 'application/json' is supported."
        assert error["message"] == why
        assert (answer.headers["x-failback-mock"], "x-ms-request-id" in answer.headers) == ("asr", True)
        assert requests.get(base + POLICY, timeout=20).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_json_in_any_letters_and_a_request_without_a_body_are_taken(door: Callable[[ArmMock], Any]) -> None:
    with door(ArmMock(world_of(), clock="step")) as base:
        assert put(base, "Application/JSON; charset=utf-8").status_code == 202
        items = requests.get(f"{base}{VAULT}/replicationProtectedItems?api-version=2025-08-01", timeout=20).json()
        repair = f"{base}{items['value'][0]['id']}/repairReplication?api-version=2025-08-01"
        assert requests.post(repair, headers={"Content-Type": "text/plain"}, timeout=20).status_code == 202


@pytest.mark.parametrize("door", DOORS)
def test_a_sign_in_is_a_form_still(door: Callable[[ArmMock], Any]) -> None:
    with door(ArmMock(world_of(), clock="step")) as base:
        form = {"grant_type": "client_credentials", "scope": f"{base}/.default", "client_id": "c"}
        assert "access_token" in requests.post(f"{base}/tenant/oauth2/v2.0/token", data=form, timeout=20).json()
