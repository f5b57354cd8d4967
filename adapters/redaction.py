"""What must never be shown: the secrets that were read, and what looks like one, taken out of any text.

Whoever reads a secret says so with `remember_secret`, whatever becomes of the text that has it: the terminal, a log, a
history, a report or a traceback of a library. All of these pass `redacted` on their way out. Secrets shorter than
`LEAST` characters are not looked for by their value: they would be found in ordinary words and numbers.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote, quote_plus, unquote

HIDDEN: Final = "(hidden)"
"""Stands for a secret. It has no character that means anything in JSON, XML, HTML, YAML or CSV."""
LEAST: Final = 6
"""Characters of the shortest secret that is looked for."""
OUR_WORDS: Final = frozenset({"failback", "loopback", "password", "secret", "simulator"})
"""Words of our own messages, which would lose their sense; whoever has one of them for a password has none."""
SECRET_VARIABLES: Final = (
    "FAILBACK_AZURE_TOKEN",
    "FAILBACK_VSPHERE_PASSWORD",
    "AZURE_CLIENT_SECRET",  # these are read by azure-identity
    "AZURE_PASSWORD",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "IDENTITY_HEADER",
    "MSI_SECRET",
)
LOGIN_VARIABLES: Final = ("FAILBACK_VCSIM", "FAILBACK_AZURE_BASE_URL", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
"""Variables with an address, which may have a user and a password in it; those of proxies also in lower case."""

_LOGIN: Final = r"[^\s/@\"'<>\\]"
_SLASHED: Final = rf"[^\s/@:]*:(?!\d{{1,5}}/)(?:{_LOGIN}|/)*"
"""User and password, if what follows the colon is no port: the password has a slash that nobody wrote as %2F."""
_LOOKS: Final[tuple[tuple[str, re.Pattern[str], str], ...]] = (
    ("earer", re.compile(r"\b([Bb]earer)(\s+|%20)[\w.~+/=-]{6,}"), rf"\1\2{HIDDEN}"),
    ("asic", re.compile(r"(Authorization\W{1,5}Basic\s+)[\w+/=-]+"), rf"\1{HIDDEN}"),
    ("://", re.compile(rf"(?<=://)(?!user:password@)(?:{_LOGIN}*|{_SLASHED})@(?=[\w\[])"), f"{HIDDEN}@"),
    ("eyJ", re.compile(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),
    ("sig=", re.compile(r"\b(sig=)[\w%+/=-]{6,}"), rf"\1{HIDDEN}"),
)
"""What looks like a secret: characters without which it cannot be there, the pattern, and what stands there instead."""
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_known: dict[str, None] = {}
_pattern: re.Pattern[str] | None = None


def remember_secret(*secrets: str | None) -> None:
    """From now on, these are hidden wherever a text leaves the program."""
    global _pattern
    wholes = [secret.strip() for secret in secrets if secret]
    pieces = [piece for whole in wholes for piece in (whole, *CONTROL.split(whole))]
    new = {form for each in pieces if len(each) >= LEAST and each not in OUR_WORDS for form in _forms(each)}
    if new - _known.keys():
        _known.update(dict.fromkeys(new))
        _pattern = re.compile("|".join(re.escape(form) for form in sorted(_known, key=len, reverse=True)))


def remember_login(address: str | None) -> None:
    """Hide the password in an address from now on, however badly the address is written."""
    written = address or ""
    after = written.partition("://")[2] or written
    for end in (found.start() for found in re.finditer("@", after)):
        before, colon, password = after[:end].partition(":")
        password_part = password if colon else "" if "/" in before or "://" in written else before
        remember_secret(password_part, unquote(password_part))


def remember_environment(environ: Mapping[str, str]) -> None:
    """Hide the secrets that this program and azure-identity would find in an environment."""
    remember_secret(*(environ.get(name) for name in SECRET_VARIABLES))
    for name in LOGIN_VARIABLES:
        for each in (name, name.lower()):
            remember_login(environ.get(each))


def redacted(text: str) -> str:
    """The text without secrets."""
    if _pattern is not None:
        text = _pattern.sub(HIDDEN, text)
    for mark, pattern, instead in _LOOKS:
        if mark in text:
            text = pattern.sub(instead, text)
    return text


def without_login(address: str) -> str:
    """The address without user and password."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else address.rpartition("@")[2]


def _forms(secret: str) -> Iterator[str]:
    """The secret as it stands in a text, in JSON, in an address, in XML and HTML, and in what `repr` writes."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret, safe="")
    yield quote_plus(secret)
    markup = html.escape(secret, quote=False)
    yield markup
    yield markup.replace('"', "&quot;")
    yield markup.replace('"', "&quot;").replace("'", "&#x27;")
    yield markup.replace('"', "&#34;").replace("'", "&#39;")
    yield repr(secret)[1:-1]
    yield repr(secret.encode())[2:-1]
