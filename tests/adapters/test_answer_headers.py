"""What an answer asks us to wait for is foreign: of any size, negative or garbage, it delays and breaks nothing."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

import pytest
import responses

from failback.adapters import AzureSettings, EstateClient, Pace, SiteRecoveryVault
from failback.adapters.answer_headers import WAIT_MAX_S, limit_wait, wait_asked_s, whole_number
from failback.reprotect import Unreachable
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

ENDPOINT: Final = "https://127.0.0.1:7443"
ODD: Final = ("-1", "-1e9", "1e9", "1e400", "inf", "nan", "²", "٣", "soon", "", "0", "1_000")
FAR: Final = ("99999999", "9" * 15, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT")
SETTINGS: Final = AzureSettings("s", "g", "v", base_url=ENDPOINT, credential="token", token="t", reads_per_s=1e6)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that somebody wanted to sleep for."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.mark.parametrize("header", ["Retry-After", "retry-after-ms", "x-ms-retry-after-ms"])
@pytest.mark.parametrize("value", [*ODD, *FAR], ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize("status", [429, 503])
def test_whatever_a_refusal_asks_for_it_is_tried_a_few_times_and_then_told(
    status: int, value: str, header: str, slept: list[float]
) -> None:
    with responses.RequestsMock() as net:
        net.get(re.compile(f"{ENDPOINT}/.*"), status=status, json={}, headers={header: value})
        with pytest.raises(Unreachable, match=f"{SETTINGS.vault} at {ENDPOINT} could not be read"):
            SiteRecoveryVault(SETTINGS).items()
        assert 1 < len(net.calls) < 12
    assert all(0 <= seconds <= WAIT_MAX_S for seconds in slept)


@pytest.mark.parametrize("value", [*ODD, *FAR], ids=lambda value: ascii(value)[:20])
def test_whatever_an_answer_asks_for_the_pace_of_a_run_is_one_that_can_be_meant(value: str) -> None:
    story = load_scenario(resolve("one_vm"))
    mock = ArmMock(World(spec_of(story)), epoch=story.starts_at, clock="step")
    names = tuple(story.estate.virtual_machines)
    settings = AzureSettings(mock.subscription, mock.resource_group, mock.vault_name, ENDPOINT, "public", "token", "t")
    with responses.RequestsMock() as net:

        def answer(request: object) -> tuple[int, dict[str, str], bytes]:
            said = mock.handle("GET", str(request.url), {}, b"")  # type: ignore[attr-defined]  # a prepared request
            return said.status, dict(said.headers) | {"Retry-After": value}, said.body

        net.add_callback("GET", re.compile(f"{ENDPOINT}/.*"), answer, content_type=None)
        vault = SiteRecoveryVault(settings, names)
        assert vault.read(names)
    assert vault.retry_after_s == (WAIT_MAX_S if value in FAR else None)


@pytest.mark.parametrize("left", [*ODD, "9" * 400], ids=lambda value: ascii(value)[:20])
def test_a_budget_that_is_no_number_is_passed_over(left: str) -> None:
    headers = {"x-ms-ratelimit-remaining-subscription-reads": left}
    with responses.RequestsMock() as net:
        net.get(re.compile(f"{ENDPOINT}/.*"), json={"value": []}, headers=headers)
        assert EstateClient(SETTINGS, Pace(1e6)).below_vault("replicationFabrics") == ()


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"Retry-After": "17"}, {"Retry-After": "17"}),
        ({"Retry-After": "1.5"}, {"Retry-After": "2"}),
        ({"Retry-After": "3600"}, {"Retry-After": "120"}),
        ({"x-ms-retry-after-ms": "2500"}, {"Retry-After": "3"}),
        ({"Retry-After": "soon", "retry-after-ms": "4000"}, {"Retry-After": "4"}),
        ({"Retry-After": "-7", "Date": "x"}, {"Date": "x"}),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After": "0"}),
        ({}, {}),
    ],
)
def test_a_wait_is_left_in_seconds_and_within_bounds(headers: dict[str, str], left: dict[str, str]) -> None:
    limit_wait(headers)
    assert headers == left


def test_a_date_is_a_wait_until_then() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    asked_s = wait_asked_s({"Retry-After": soon})
    assert asked_s is not None
    assert 0 < asked_s <= 60


def test_only_plain_digits_are_a_whole_number() -> None:
    assert [whole_number(value) for value in ("12", " 12 ", 12, "1.5", "²", "٣", None, "9" * 16)] == [12, 12, 12] + [
        None
    ] * 5
