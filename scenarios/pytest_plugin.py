"""pytest's door to the mock: fixtures and markers, all named `failback_...`. Loading it imports no SDK.

@pytest.mark.failback_scenario("one_modernised_vm")
def test_my_glue_code(failback_mock):
    failback_mock.fault(kind="job_fails", task="Start failover", code="78093")
    ...   # code that makes its own DefaultAzureCredential() and client, and knows nothing of any mock
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from failback.simulator.arm import ArmMock, Served

MARKERS: Final = (
    "failback_scenario(name): the scenario whose estate the mock holds; default: the showcase vault",
    "failback_clock(mode): how the mock's clock advances: poll (default), step or real:FACTOR",
    "failback_consistency(kind): strong, or eventual:SECONDS for reads that show the past; strong when left out",
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)


@pytest.fixture
def failback_arm(request: pytest.FixtureRequest) -> "ArmMock":
    """A mock of its own for this test, behind no door yet."""
    from failback.simulator.arm import lag_of

    from .servers.mock_server import mock_of
    from .servers.showcase import showcase

    clock, name = _marker_value(request, "failback_clock") or "poll", _marker_value(request, "failback_scenario")
    lag_s = lag_of(_marker_value(request, "failback_consistency") or "strong")
    if name is None:
        return showcase(clock=clock, lag_s=lag_s)
    from .files.loader import load_scenario, resolve

    return mock_of(load_scenario(resolve(name)), clock, lag_s=lag_s)


@pytest.fixture
def failback_mock(failback_arm: "ArmMock", monkeypatch: pytest.MonkeyPatch) -> "Iterator[ArmMock]":
    """Whatever this process asks of Azure's management address reaches the mock; so does every sign-in.

    Code with a `DefaultAzureCredential()` and no address of its own runs as it is. Requests to anywhere else fail.
    """
    from failback.simulator.arm import mock

    for name in _ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    with mock(failback_arm, sign_in=True):
        yield failback_arm
    _warn_of_idle_rules(failback_arm)


@pytest.fixture
def failback_server(failback_arm: "ArmMock") -> "Iterator[Served]":
    """The mock as a server with TLS on a free port of this computer: `base_url` and `ca_file`."""
    from failback.simulator.arm import serve

    with serve(failback_arm) as served:
        yield served
    _warn_of_idle_rules(failback_arm)


@pytest.fixture
def failback_serve() -> Any:
    """A door for mocks that the test made itself; use it in a `with`."""

    @contextmanager
    def door(arm: "ArmMock", **settings: Any) -> "Iterator[Served]":
        from failback.simulator.arm import serve

        with serve(arm, **settings) as served:
            yield served

    return door


def _warn_of_idle_rules(arm: "ArmMock") -> None:
    """A fault rule of the test that matched no request most likely has a typo."""
    for armed in arm.rules:
        rule = armed.rule
        if armed.hits == 0 and rule.probability >= 1:
            what = f"{rule.kind.value}, operation {rule.operation}, object {rule.object}"
            warnings.warn(
                f"the fault rule {armed.id} ({what}) saw {armed.calls} requests and matched none", stacklevel=2
            )


_ELSEWHERE: Final = (
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_USERNAME",
    "IDENTITY_ENDPOINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
)
"""Variables that would send a sign-in somewhere else."""


def _marker_value(request: pytest.FixtureRequest, marker: str) -> str | None:
    found = request.node.get_closest_marker(marker)
    return None if found is None else str(found.args[0])
