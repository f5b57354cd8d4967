"""Mutants of what a vault answers, through what asks one: `check`, `calibrate`, and the adapters of a run.

Those of a run also ask for something here: the mock's own answers to a request are among those that are changed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final

import pytest
import responses
from requests import PreparedRequest

from failback.adapters import (
    AzureSettings,
    BadSettings,
    EstateClient,
    NotUnderstood,
    Pace,
    RemedyClient,
    SiteRecoveryVault,
    SiteRemedies,
    read_vault,
    vault_steps,
)
from failback.reprotect import Act, ApplyRemedy, Choices, Operation, Plan, StartOperation, Unreachable, choose
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

from .ends import Ends, called, ended
from .ends import pytestmark as needs_a_timer
from .mutants import OF_JSON, flip_bytes, mutants

STORY: Final = "both_architectures_side_by_side"
AZURE: Final = "https://127.0.0.1:7443"
SHARES: Final = {
    "check": 200,
    "calibrate": 200,
    "estate": 500,
    "vault": 500,
    "perform": 400,
    "reconcile": 100,
    "remedies": 100,
}
"""Mutants for each reader; 2,000 together."""
READ: Final = "read"
REFUSED: Final = "refused"
ASKED: Final = frozenset({"Accepted", "RequestRefused", "Unanswered", "RemedyApplied", "RemedyFailed"})
"""What the adapters of a run give as an answer to what they ask for."""
HEADERS: Final = ("Location", "Azure-AsyncOperation", "x-ms-request-id", "Retry-After", "Content-Type")

Answer = tuple[int, dict[str, str], bytes]

pytestmark = [pytest.mark.slow, needs_a_timer]


class Vault:
    """A vault in the middle of a drill: says what was recorded, but for one answer of a conversation."""

    def __init__(self) -> None:
        scenario = load_scenario(resolve(STORY))
        self.estate = scenario.estate
        self.names = tuple(scenario.estate.virtual_machines)
        world = World(spec_of(scenario))
        world.catch_up(1000.0)
        for name in self.names:
            world.vault.start(name, Operation.FAILOVER, Choices(shut_down_source=True))
        world.catch_up(10_000.0)
        for name in self.names[1::2]:
            world.vault.start(name, Operation.COMMIT_FAILOVER, Choices())
        world.catch_up(20_000.0)
        self.arm = ArmMock(world, epoch=scenario.starts_at, clock="step")
        self.settings = AzureSettings(
            self.arm.subscription,
            self.arm.resource_group,
            self.arm.vault_name,
            base_url=AZURE,
            credential="token",
            token="token",
            reads_per_s=1e6,
        )
        self.kept: dict[tuple[str, str], Answer] = {}
        self.said: list[Answer] = []
        self.wrong_at = -1
        self.wrong: Answer = 200, {}, b""

    def answer(self, request: PreparedRequest) -> Answer:
        said = self.kept.get(key := (request.method or "GET", request.url or ""))
        if said is None:
            sent = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
            reply = self.arm.handle(*key, dict(request.headers), sent)
            said = self.kept[key] = (reply.status, dict(reply.headers), reply.body)
        self.said.append(self.wrong if len(self.said) == self.wrong_at else said)
        return self.said[-1]

    def tell(self, wrong_at: int = -1, wrong: Answer = (200, {}, b"")) -> None:
        self.said, self.wrong_at, self.wrong = [], wrong_at, wrong


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    """Reached within the process: a request to anywhere else is not sent. Nothing sleeps between two tries."""
    made = Vault()
    monkeypatch.setattr("time.sleep", lambda _: None)
    for name in ("subscription", "resource_group", "base_url", "credential", "token"):
        monkeypatch.setenv(f"FAILBACK_AZURE_{name.upper()}", getattr(made.settings, name))
    monkeypatch.setenv("FAILBACK_AZURE_VAULT", made.settings.vault)
    monkeypatch.setenv("FAILBACK_AZURE_READS_PER_S", "1000")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        for verb in ("GET", "POST"):
            net.add_callback(verb, re.compile(re.escape(AZURE)), callback=made.answer, content_type=None)
        yield made


def read(vault: Vault) -> str:
    """As a run reads: names, items, jobs."""
    try:
        with closing(SiteRecoveryVault(vault.settings, vault.names)) as adapter:
            adapter.items()
            adapter.read(vault.names)
    except (BadSettings, NotUnderstood, Unreachable):
        return REFUSED
    return READ


def read_estate(vault: Vault) -> str:
    """As a check reads: what the vault says of an estate."""
    try:
        with closing(EstateClient(vault.settings)) as client:
            read_vault(client, vault.estate, None)
    except (BadSettings, NotUnderstood, Unreachable):
        return REFUSED
    return READ


def commands(vault: Vault) -> tuple[StartOperation, ...]:
    """A request for an item of each architecture: to commit, and to come home, which needs more reads before it."""
    plan, estate = Plan(), vault.estate
    operations = (Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES)
    asked = [(name, operations[n % 2]) for n, name in enumerate(vault.names)]
    return tuple(StartOperation(name, op, choose(estate, plan, name, op), f"{name}/{op.value}") for name, op in asked)


def ask(vault: Vault, number: int, *, again: bool) -> str:
    """As a run asks, or as one that goes on where another was broken off."""
    try:
        with closing(SiteRecoveryVault(vault.settings, vault.names)) as adapter:
            command = commands(vault)[number % len(vault.names)]
            return type((adapter.reconcile if again else adapter.perform)(command)).__name__
    except (BadSettings, NotUnderstood, Unreachable):
        return REFUSED


def remedy(vault: Vault, number: int) -> str:
    """As a run applies a remedy that the vault takes, and looks whether it has worked."""
    estate, name = vault.estate, vault.names[number % len(vault.names)]
    of, beside = (list(estate.process_servers) * 2)[:2]
    command = (
        ApplyRemedy(name, "A03", Act.REFRESH_PROVIDER, next(iter(estate.configuration_servers)), None, "k"),
        ApplyRemedy(name, "P08", Act.SWITCH_PROCESS_SERVER, of, beside, "k"),
        ApplyRemedy(name, "806", Act.START_REPLICA, name, None, "k"),
    )[number % 3]
    try:
        with closing(RemedyClient(vault.settings, Pace(1e6))) as client:
            return type(SiteRemedies(vault_steps(client, lambda _: None)).apply(command)).__name__
    except (BadSettings, NotUnderstood, Unreachable):
        return REFUSED


def ends_of(reader: str, vault: Vault, out: Path, number: int) -> str:
    match reader:
        case "check":
            return ended("check", STORY, "--world", "azure")
        case "calibrate":
            told = ("--min-measurements", "1", "--architecture", "modernised", "--out", str(out / "found.yaml"))
            return ended("calibrate", "--world", "azure", *told)
        case "estate":
            return called(lambda: read_estate(vault))
        case "perform" | "reconcile":
            return called(lambda: ask(vault, number, again=reader == "reconcile"))
        case "remedies":
            return called(lambda: remedy(vault, number))
        case _:
            return called(lambda: read(vault))


TURNS: Final = {"perform": 4, "reconcile": 2, "remedies": 3}
"""Different requests of one reader; each is asked with its own conversation."""


@pytest.mark.parametrize("reader", list(SHARES))
def test_no_mutant_of_a_vault_s_answer_ends_in_a_traceback_or_never(reader: str, vault: Vault, tmp_path: Path) -> None:
    ends, sound = Ends(), set[str]()
    turns = TURNS.get(reader, 1)
    for turn in range(turns):
        vault.tell()
        sound.add(ends_of(reader, vault, tmp_path, turn))
        answers = list(vault.said)
        assert len(answers) >= 2
        for at, answer in enumerate(answers):
            whole = SHARES[reader] // turns
            share = whole // len(answers) + (at < whole % len(answers))
            for number, body in mutants(answer[2], OF_JSON, share, seed=at):
                chance = Random(f"{reader}/{turn}/{at}/{number}")
                vault.tell(at, changed(answer, body, chance))
                ends.note(ends_of(reader, vault, tmp_path, turn), turn * 1_000_000 + at * 10_000 + number)
    counted = Counter({end: len(numbers) for end, numbers in ends.found.items()})
    assert sound <= {"0", "1", READ} | ASKED
    assert sum(counted.values()) == SHARES[reader] // turns * turns
    assert not ends.wrong(frozenset({"0", "1", "2", "3", READ, REFUSED}) | ASKED)
    assert sum(counted[end] for end in sound) > 0
    assert sum(counted[end] for end in ("3", REFUSED, "RequestRefused", "Unanswered", "RemedyFailed")) > 0


def changed(answer: Answer, body: bytes, chance: Random) -> Answer:
    """The answer with another body, and now and then another status or other headers."""
    status = answer[0] if chance.random() < 0.9 else chance.choice((200, 202, 204, 404, 403, 409, 429, 500))
    headers = dict(answer[1])
    if chance.random() < 0.3:
        name = chance.choice(HEADERS)
        headers[name] = flip_bytes(headers.get(name, "x").encode(), chance).decode("latin-1")
    return status, {name: re.sub(r"[\r\n]", " ", value) for name, value in headers.items()}, body
