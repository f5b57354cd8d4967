"""Mutants of what a vault answers, through what reads one: `check`, `calibrate`, and the adapter of a run."""

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

from failback.adapters import AzureSettings, BadSettings, EstateClient, NotUnderstood, SiteRecoveryVault, read_vault
from failback.reprotect import Choices, Operation, Unreachable
from failback.scenarios import load_scenario, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock

from .ends import Ends, called, ended
from .ends import pytestmark as needs_a_timer
from .mutants import OF_JSON, mutants

STORY: Final = "both_architectures_side_by_side"
AZURE: Final = "https://management.azure.com"
SHARES: Final = {"check": 250, "calibrate": 250, "estate": 700, "vault": 800}
"""Mutants for each reader; 2,000 together."""
READ: Final = "read"
REFUSED: Final = "refused"

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
        self.kept: dict[tuple[str, str], tuple[int, dict[str, str], bytes]] = {}
        self.asked = 0
        self.wrong_at, self.status, self.wrong = -1, 200, b""

    def answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        said = self.kept.get(key := (request.method or "GET", request.url or ""))
        if said is None:
            reply = self.arm.handle(*key, dict(request.headers), b"")
            said = self.kept[key] = (reply.status, dict(reply.headers), reply.body)
        self.asked += 1
        return (self.status, said[1], self.wrong) if self.asked - 1 == self.wrong_at else said

    def tell(self, wrong_at: int = -1, wrong: bytes = b"", status: int = 200) -> None:
        self.asked, self.wrong_at, self.wrong, self.status = 0, wrong_at, wrong, status


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
        net.add_callback("GET", re.compile(re.escape(AZURE)), callback=made.answer, content_type=None)
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


def ends_of(reader: str, vault: Vault, out: Path) -> str:
    match reader:
        case "check":
            return ended("check", STORY, "--world", "azure")
        case "calibrate":
            told = ("--least", "1", "--architecture", "modernised", "--out", str(out / "found.yaml"))
            return ended("calibrate", "--world", "azure", *told)
        case "estate":
            return called(lambda: read_estate(vault))
        case _:
            return called(lambda: read(vault))


@pytest.mark.parametrize("reader", list(SHARES))
def test_no_mutant_of_a_vault_s_answer_ends_in_a_traceback_or_never(reader: str, vault: Vault, tmp_path: Path) -> None:
    vault.tell()
    sound = ends_of(reader, vault, tmp_path)
    answers, ends = list(vault.kept.values()), Ends()
    assert sound in {"0", "1", READ}
    assert len(answers) >= 3
    for at, (status, _, body) in enumerate(answers):
        share = SHARES[reader] // len(answers) + (at < SHARES[reader] % len(answers))
        for number, text in mutants(body, OF_JSON, share, seed=at):
            chance = Random(f"{reader}/{at}/{number}")
            vault.tell(at, text, status if chance.random() < 0.9 else chance.choice((200, 204, 404, 403, 500)))
            ends.note(ends_of(reader, vault, tmp_path), at * 10_000 + number)
    counted = Counter({end: len(numbers) for end, numbers in ends.found.items()})
    assert sum(counted.values()) == SHARES[reader]
    assert not ends.wrong(frozenset({"0", "1", "2", "3", READ, REFUSED}))
    assert counted[sound] > 0
    assert counted["3"] + counted[REFUSED] > 0
