"""A request without a token gets a 401 where the mock is asked to be as strict as Azure."""

import pytest
import requests

from failback.simulator.arm import ArmMock, serve
from tests.simulator.arm.conftest import VAULT, world_of

ITEMS = f"{VAULT}/replicationProtectedItems?api-version=2025-08-01"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (None, "AuthenticationFailed"),
        ("", "AuthenticationFailed"),
        ("Basic dTpw", "AuthenticationFailedInvalidHeader"),
        ("Bearer ", "AuthenticationFailedInvalidHeader"),
    ],
)
def test_a_resource_is_not_shown_without_a_bearer_token(sent: str | None, code: str) -> None:
    headers = {} if sent is None else {"Authorization": sent}
    with serve(ArmMock(world_of(), clock="step"), tls=False, require_token=True) as served:
        answer = requests.get(served.base_url + ITEMS, headers=headers, timeout=20)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
        assert requests.get(served.base_url + "/failback/clock", timeout=20).status_code == 200


def test_any_token_is_taken_and_none_is_needed_where_nobody_asks_for_it() -> None:
    with serve(ArmMock(world_of(), clock="step"), tls=False, require_token=True) as served:
        told = {"Authorization": "Bearer any"}
        assert requests.get(served.base_url + ITEMS, headers=told, timeout=20).status_code == 200
    with serve(ArmMock(world_of(), clock="step"), tls=False) as served:
        assert requests.get(served.base_url + ITEMS, timeout=20).status_code == 200
