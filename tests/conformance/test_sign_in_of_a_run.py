"""The sign-in ends while a run goes on: a new token is taken, and where there is none the run ends and can go on."""

import json
import os
import time
from typing import Any, Final

import pytest
from azure.core.credentials import AccessToken
from azure.identity import AzureCliCredential

from failback.simulator.arm import Response

from .night_site import HOME, Answer, Night

ENDED: Final = Response(401, (), b'{"error": {"code": "ExpiredAuthenticationToken", "message": "It has ended."}}')


class SignIn:
    """Gives the token that stands here, which ends within a minute, so that it is asked for each request."""

    def __init__(self) -> None:
        self.token, self.given = "old", list[str]()

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        self.given.append(self.token)
        return AccessToken(self.token, int(time.time()) + 60)


@pytest.fixture
def sign_in(night: Night) -> SignIn:
    found = SignIn()
    night.patch.setattr("failback.adapters.site_recovery_client.credential_of", lambda _: found)
    return found


def test_a_token_that_ends_in_mid_run_is_renewed_and_the_run_ends_as_without_it(night: Night, sign_in: SignIn) -> None:
    refused: list[str] = []

    def ended(night: Night, method: str, url: str, answer: Answer) -> Response:
        if night.sent >= 2 and (refused or method == "GET") and night.token == "Bearer old":
            refused.append(method)
            sign_in.token = "new" if len(refused) > 2 else "old"
            return ENDED
        return answer()

    night.trouble = ended
    assert night.runs() == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)
    assert (set(refused), night.token) == ({"GET"}, "Bearer new")


def test_a_token_near_its_end_is_renewed_before_a_request_and_not_only_after_it_was_refused(
    night: Night, sign_in: SignIn
) -> None:
    def ended(night: Night, method: str, url: str, answer: Answer) -> Response:
        good = f"Bearer {sign_in.token}"
        if method == "GET":
            sign_in.token = f"after read {len(night.asked)}"  # what was good for this read is not for what follows
        return answer() if night.token == good else ENDED

    night.trouble = ended
    assert night.runs() == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


def test_a_request_that_meets_an_ended_token_is_not_lost(
    night: Night, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    refused: list[str] = []

    def ended(night: Night, method: str, url: str, answer: Answer) -> Response:
        if method == "POST" and night.sent == 2 and not refused:
            refused.append(url)
            return ENDED
        return answer()

    night.trouble = ended
    assert night.runs() == 3
    said = capsys.readouterr().err.strip().splitlines()
    assert said[0] == f"To continue this run, use `failback resume {night.folder}/night`."
    assert len(said) == 2
    assert "Check who is signed in" in said[1]
    assert night.types("resume", "DIR/night") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)


GOOD: Final = """echo '{"accessToken": "t", "expires_on": 4102444800, "expiresOn": "2099-01-01 00:00:00.000000"}'"""
DAMAGED: Final = "echo 'ERROR: Expecting value: line 1 column 1 (char 0)' >&2; exit 1"


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for az is a shell script")
def test_stored_tokens_that_are_damaged_in_mid_run_end_it_in_one_paragraph_and_it_goes_on_after_az_login(
    night: Night, capfd: pytest.CaptureFixture[str]
) -> None:
    az = night.folder / "bin/az"
    az.parent.mkdir()

    def says(words: str) -> None:
        az.write_text(f"#!/bin/sh\n{words}\n", encoding="utf-8")
        az.chmod(0o755)

    def damaged(night: Night, method: str, url: str, answer: Answer) -> Response:
        if night.sent < 2 or method != "GET":
            return answer()
        says(DAMAGED)
        return ENDED

    says(GOOD)
    night.patch.setenv("PATH", f"{az.parent}:/usr/bin:/bin")
    night.patch.setattr("failback.adapters.site_recovery_client.credential_of", lambda _: AzureCliCredential())
    night.trouble = damaged
    assert night.runs() == 3
    said = capfd.readouterr().err.strip().splitlines()
    assert said[0] == f"To continue this run, use `failback resume {night.folder}/night`."
    assert len(said) == 2
    assert "There is no access token for the vault" in said[1]
    assert "az account clear" in said[1]
    says(GOOD)
    night.trouble = lambda _night, _method, _url, answer: answer()
    assert night.types("resume", "DIR/night") == 0
    assert (night.ends(), night.is_whole()) == (HOME, True)
    assert "ERROR" not in json.dumps(json.loads((night.folder / "night/result.json").read_text("utf-8"))["items"])
