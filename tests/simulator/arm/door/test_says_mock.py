"""Every answer of the mock says that it is one: what asks can tell it from a live vault."""

import pytest
import requests

from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

WORD = ("x-failback-mock", "asr")


@pytest.mark.parametrize("control", [True, False])
@pytest.mark.parametrize("path", ["/", "/failback/clock", "/subscriptions/s", "/nothing", "/\\", "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "NONSENSE"])
def test_every_answer_says_so_whatever_was_asked(world: World, method: str, path: str, control: bool) -> None:
    arm = ArmMock(world, clock="step", control=control)
    assert WORD in arm.handle(method, path, {}, b"").headers


def test_the_door_says_so_where_the_mock_is_not_even_asked(world: World) -> None:
    with serve(ArmMock(world, control=False), tls=False) as served:
        for host in ("elsewhere.example", "127.0.0.1"):
            answer = requests.get(f"{served.base_url}/subscriptions", headers={"Host": host}, timeout=5)
            assert answer.headers.get(WORD[0]) == WORD[1]
            assert not answer.ok
