"""A file of the connection vanishes while failback runs: the endpoint is unreachable, and no bug is reported."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import AzureSettings, ConsentClient, ControlPlaneClock, EstateClient, RemedyClient, ReplyLost
from failback.adapters.site_recovery_client import RequestUnclear, SiteRecoveryClient, item_path
from failback.reprotect import Unreachable
from failback.scenarios.run.lab_client import clock_of

ENDPOINT: Final = "https://127.0.0.1:9"
ITEM: Final = item_path("/x/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i")
READS: Final[tuple[Callable[[AzureSettings], Any], ...]] = (
    lambda settings: SiteRecoveryClient(settings).items(),
    lambda settings: SiteRecoveryClient(settings).item(ITEM),
    lambda settings: EstateClient(settings, retries=0).below_vault("replicationFabrics"),
    lambda settings: ConsentClient(settings).now(),
    lambda settings: ConsentClient(settings).signed_in(),
    clock_of,
    lambda settings: ControlPlaneClock(settings.endpoint, settings.ca_file).wait(1.0),
)
TOKEN: Final = "eyJhbGciOiJIUzI1NiJ9.eyJvaWQiOiJvIn0.c2ln"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AzureSettings:
    """Those of a server whose CA file is gone."""
    monkeypatch.setattr("azure.core.pipeline.policies.RetryPolicy.sleep", lambda *_: None)
    monkeypatch.setattr("failback.adapters.liveness.Guard.refuse_live", lambda *_: None)
    return AzureSettings("a0", "g", "v", base_url=ENDPOINT, token=TOKEN, ca_file=str(tmp_path / "gone.pem"))


DAMAGED: Final = (
    PermissionError(13, "Permission denied", "msal_token_cache.json"),
    JSONDecodeError("Expecting value", "", 0),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    KeyError("AccessToken"),
)


@dataclass
class NoTokens:
    """Signs in by a file that cannot be read."""

    why: Exception

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        raise self.why


@pytest.mark.parametrize("read", READS)
def test_a_read_without_its_ca_file_is_unreachable(
    read: Callable[[AzureSettings], Any], settings: AzureSettings
) -> None:
    with pytest.raises(Unreachable, match=r"TLS CA certificate bundle.*gone\.pem"):
        read(settings)


def test_a_request_without_its_ca_file_is_unclear_and_is_settled_by_a_look(settings: AzureSettings) -> None:
    sent = SiteRecoveryClient(settings).ask_item(ITEM, "reprotect", {})
    assert isinstance(sent, RequestUnclear)
    assert "gone.pem" in sent.message
    with pytest.raises(ReplyLost, match=r"gone\.pem"):
        RemedyClient(settings).post("a refresh", "/x", "2025-08-01")


@pytest.mark.parametrize("why", DAMAGED, ids=lambda why: type(why).__name__)
@pytest.mark.parametrize("read", [READS[0], READS[3], READS[4]])
def test_a_token_file_that_cannot_be_read_is_no_bug_and_no_odd_answer_of_the_vault(
    read: Callable[[AzureSettings], Any], why: Exception, settings: AzureSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("site_recovery_client", "consent_client"):
        monkeypatch.setattr(f"failback.adapters.{module}.credential_of", lambda _: NoTokens(why))
    with pytest.raises(Unreachable, match=f"There is no access token .*{type(why).__name__}.*az account clear"):
        read(replace(settings, ca_file=None))
