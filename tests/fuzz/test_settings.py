"""Mutants of settings, in files and in the environment: they are refused in words, or a command begins."""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import responses

from failback.adapters import BadSettings, load_settings
from failback.adapters.liveness import is_loopback

from .ends import Ends, called, ended
from .ends import pytestmark as needs_a_timer
from .mutants import ODD, OF_JSON, OF_TEXT, Change, flip_bytes, mutants

TOLD: Final[Mapping[str, Mapping[str, Any]]] = {
    "azure": {
        "subscription": "00000000-0000-4000-8000-000000000001",
        "resource_group": "failback",
        "vault": "vault",
        "base_url": "https://127.0.0.1:7443",
        "credential": "token",
        "cloud": "public",
        "verify": False,
        "tunnel": False,
        "connect_timeout_s": 1.0,
        "read_timeout_s": 2.5,
        "reads_per_s": 1000,
    },
    "vsphere": {
        "host": "127.0.0.1",
        "user": "administrator@vsphere.local",
        "port": 7444,
        "verify": False,
        "within": "DC1/vm/Prod",
        "site_recovery_account": "svc-asr",
        "connect_timeout_s": 1,
    },
    "clock": {"poll_s": 30, "factor": 60.0},
}
SECRETS: Final = {"FAILBACK_AZURE_TOKEN": "token", "FAILBACK_VSPHERE_PASSWORD": "pass"}
PLAYED_EVERY: Final[Mapping[str, int]] = {"loaded": 3, "refused": 36}
"""Of the mutants that end so, one in so many is also what a command is given; it costs fifty times as much."""
LOADED: Final = "loaded"
REFUSED: Final = "refused"
FORESEEN: Final = frozenset({"0", "1", "2", "3", LOADED, REFUSED})

pytestmark = [pytest.mark.slow, needs_a_timer]


def change_line(text: bytes, chance: Random) -> bytes:
    """What stands after a key becomes something else."""
    lines = text.split(b"\n")
    keyed = [at for at, line in enumerate(lines) if re.match(rb"\s*\w+ ?[:=] ?\S", line)]
    if not keyed:
        return flip_bytes(text, chance)
    at = chance.choice(keyed)
    key, sign, _ = re.split(rb"([:=])", lines[at], maxsplit=1)
    lines[at] = key + sign + b" " + chance.choice(WRITTEN)
    return b"\n".join(lines)


WRITTEN: Final = (
    *(json.dumps(value, ensure_ascii=False).encode("utf-8", errors="surrogatepass") for value in ODD),
    b"!!python/object:os.system [x]",
    b"&a [*a]",
    b"*nowhere",
    b"2026-06-05",
    b"1e400",
    b".nan",
    b"0x_",
    b"|\n  x",
    b"'http://[::1'",
    b"'https://user:word@127.0.0.1:7443'",
    b"'https://127.0.0.1:99999'",
    b"'https://example.invalid'",
    b"example.invalid",
    b"default",
    b"true",
)


def as_yaml() -> bytes:
    return "".join(
        f"{section}:\n" + "".join(f"  {key}: {json.dumps(value)}\n" for key, value in keys.items())
        for section, keys in TOLD.items()
    ).encode()


def as_toml() -> bytes:
    return "".join(
        f"[{section}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        for section, keys in TOLD.items()
    ).encode()


OF_FILES: Final[tuple[Change, ...]] = (*OF_TEXT, change_line, change_line, change_line)
KINDS: Final[Mapping[str, tuple[str, bytes, tuple[Change, ...], int]]] = {
    "yaml": ("settings.yaml", as_yaml(), OF_FILES, 500),
    "json": ("settings.yml", json.dumps(TOLD).encode(), OF_JSON, 200),
    "toml": ("settings.toml", as_toml(), OF_FILES, 700),
}
OF_ENVIRONMENT: Final = 600


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing leaves this computer: everybody else is unknown or refuses."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:
        if not isinstance(address, tuple) or not is_loopback(str(address[0])):
            raise ConnectionRefusedError(111, "Connection refused")
        connect(self, address)

    def look_up_here(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not is_loopback(name):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *arguments, **named)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
    monkeypatch.setattr("time.sleep", lambda _: None)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        net.add("GET", re.compile(r"https://127\.0\.0\.1:7443/.*"), json={"value": []})
        yield


def load(path: Path | None, env: Mapping[str, str]) -> str:
    try:
        load_settings(path, env)
    except BadSettings as wrong:
        return REFUSED if str(wrong).strip() else "refused without a word"
    return LOADED


def is_played(ends: Ends, end: str) -> bool:
    return len(ends.found[end]) % PLAYED_EVERY.get(end, 1) == 0


def command_of(number: int) -> tuple[str, ...]:
    verb = ("check", "run")[number % 2]
    return (verb, "one_vm", "--world", "azure")


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_mutant_of_a_settings_file_ends_in_a_traceback_or_never(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name, text, changes, count = KINDS[kind]
    file, ends = tmp_path / name, Ends()
    file.write_bytes(text)
    assert load(file, SECRETS) == LOADED
    for number, mutant in mutants(text, changes, count, seed=len(kind)):
        file.write_bytes(mutant)
        ends.note(end := called(lambda: load(file, SECRETS)), number)
        if is_played(ends, end):
            ends.note(ended(*command_of(number), "--settings", str(file)), number)
    assert not ends.wrong(FORESEEN)
    assert {LOADED, REFUSED, "2", "3"} <= ends.found.keys()


def test_no_mutant_of_the_environment_ends_in_a_traceback_or_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sound = {
        f"FAILBACK_{s.upper()}_{key.upper()}": str(value) for s, keys in TOLD.items() for key, value in keys.items()
    }
    sound |= SECRETS
    assert load(None, sound) == LOADED
    ends = Ends()
    for number in range(OF_ENVIRONMENT):
        chance = Random(f"environment/{number}")
        env = dict(sound)
        for _ in range(chance.choice((1, 1, 2, 3))):
            _change_variable(env, chance)
        end = called(lambda env=env: load(None, env))  # type: ignore[misc]  # mypy: a lambda's default
        ends.note(end, number)
        if is_played(ends, end):
            with pytest.MonkeyPatch.context() as patched:
                for name in {*sound, *env}:
                    patched.delenv(name, raising=False)
                for name, value in env.items():
                    patched.setenv(name, value.replace("\x00", "0").encode("utf-8", errors="replace").decode())
                ends.note(ended(*command_of(number)), number)
    assert not ends.wrong(FORESEEN)
    assert {LOADED, REFUSED, "2", "3"} <= ends.found.keys()


def _change_variable(env: dict[str, str], chance: Random) -> None:
    name = chance.choice(sorted(env))
    match chance.randrange(4):
        case 0:
            del env[name]
        case 1:
            env[name + chance.choice(("", "_X", "_", "É"))] = env.pop(name)
        case _:
            env[name] = chance.choice(
                [str(value) for value in ODD if value != 10**400] + [w.decode("utf-8", "replace") for w in WRITTEN]
            )
