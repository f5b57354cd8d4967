"""What is taken out of a text: secrets that were read, in every form in which a text may have them, and their looks."""

import html
import json
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import markupsafe
import pytest

from failback.adapters import AzureSettings, VsphereSettings, redaction
from failback.adapters.redaction import HIDDEN, redacted, remember_environment, remember_login, remember_secret

ODD = "CANARY \"'\\<&>ä/@9"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", {})
    monkeypatch.setattr(redaction, "_pattern", None)


FORMS = (
    ODD,
    json.dumps(ODD),
    json.dumps(ODD, ensure_ascii=False),
    quote(ODD, safe=""),
    html.escape(ODD),
    str(markupsafe.escape(ODD)),
    Xml.tostring(Xml.Element("a", {"b": ODD}), encoding="unicode"),
    repr(ODD),
    repr(ODD.encode()),
)


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_every_form_in_which_it_is_written(form: str) -> None:
    remember_secret(ODD)
    assert "CANARY" not in redacted(f"before {form} after")
    assert redacted(f"before {form} after").startswith("before ")


def test_each_line_of_a_secret_is_one_too() -> None:
    remember_secret("CANARY-one\nCANARY-two\n")
    assert redacted("CANARY-two, then CANARY-one") == f"{HIDDEN}, then {HIDDEN}"


def test_what_is_too_short_or_a_word_of_ours_is_left_in_the_text() -> None:
    remember_secret("lab", "password", None, "")
    assert redacted("the lab asks for a password") == "the lab asks for a password"


@pytest.mark.parametrize(
    "address",
    [
        "https://user:CANARY9@host:8989/sdk",
        "user:CANARY9@host:8989/sdk",
        "https://user:CANARY9@more@host/sdk",
        "https://user:CANARY9@host/a@b",
        "CANARY9@host",
    ],
)
def test_the_password_of_an_address_is_known_however_it_is_written(address: str) -> None:
    remember_login(address)
    assert redacted("the port CANARY9 is none") == f"the port {HIDDEN} is none"


def test_a_password_is_known_decoded_too() -> None:
    remember_login("https://user:CANARY%2F9@host/sdk")
    assert redacted("CANARY/9 and CANARY%2F9") == f"{HIDDEN} and {HIDDEN}"


def test_a_path_with_an_at_sign_is_no_secret() -> None:
    remember_login("/opt/vcsim@1.0/bin/vcsim")
    assert redacted("/opt/vcsim@1.0/bin/vcsim") == "/opt/vcsim@1.0/bin/vcsim"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.DEF-123", f"Authorization: Bearer {HIDDEN}"),
        ("Authorization: Basic dXNlcjpw", f"Authorization: Basic {HIDDEN}"),
        ("at https://user:pw@host:443/sdk", f"at https://{HIDDEN}@host:443/sdk"),
        ("at https://user:p/w@host/sdk", f"at https://{HIDDEN}@host/sdk"),
        ("a token eyJhbGciOi.eyJzdWIiOiIx.c2ln here", f"a token {HIDDEN} here"),
        ("https://blob/x?sv=2020&sig=ab%2Fcdefg%3D&se=1", f"https://blob/x?sv=2020&sig={HIDDEN}&se=1"),
    ],
)
def test_what_looks_like_a_secret_is_one(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "a bearer token is missing",
        "https://host:443/a@b and x@y.example",
        "Set it to https://user:password@host:port/sdk",
        "https://registry.npmjs.org/@azure/arm",
    ],
)
def test_what_only_resembles_one_stays(text: str) -> None:
    assert redacted(text) == text


def test_secrets_of_the_environment_and_of_settings_are_known() -> None:
    remember_environment({"AZURE_CLIENT_SECRET": "CANARY1", "https_proxy": "http://me:CANARY2@proxy:3128"})
    AzureSettings("s", "g", "v", token="CANARY3")
    VsphereSettings("host", "user", "CANARY4")
    assert redacted("CANARY1 CANARY2 CANARY3 CANARY4").split() == [HIDDEN] * 4
