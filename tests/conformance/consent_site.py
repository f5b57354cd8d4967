"""A vault that counts as live (a declared tunnel) though it is the mock, and two people who can sign in to it."""

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import AzureSettings
from failback.scenarios import load_scenario
from failback.scenarios.consent.approval import approval_name, approval_path, vault_id
from failback.scenarios.consent.subject import subject_of
from failback.simulator.arm import ArmMock, Response, Served

from .live_site import failback

READS: Final = frozenset({"GET", "HEAD"})
SETTINGS: Final = ("--settings", "DIR/settings.yaml")
AZURE: Final = ("--world", "azure", *SETTINGS)


@dataclass
class ConsentSite:
    """`asked`: every request that arrived. `folder` has settings, rehearsal and check."""

    mock: ArmMock
    served: Served
    folder: Path
    patch: pytest.MonkeyPatch
    asked: list[tuple[str, str]] = field(default_factory=list)

    def changes(self) -> list[str]:
        """What arrived and was no read, besides approvals, which come from another person's tool."""
        return [f"{method} {url}" for method, url in self.asked if method not in READS and "/deployments/" not in url]

    def signs_in(self, who: str) -> None:
        """From now on, this person (or `app:`, this program) types the commands."""
        self.patch.setenv("FAILBACK_AZURE_TOKEN", self.mock.token_of(who) if who else "a-token-that-was-typed")

    def types(self, command: str, *arguments: str) -> int:
        """The exit code of this command; DIR stands for the folder."""
        return failback(self.patch, command, *(each.replace("DIR", str(self.folder)) for each in arguments))

    def rehearses(self) -> None:
        """Play the scenario in sim, and keep it."""
        assert self.types("run", "DIR/s.yaml", "--out", "DIR/rehearsal") == 0

    def checks(self) -> None:
        """Check the vault, with what is accepted so far."""
        accepted = (
            ("--accept", "DIR/accept.yaml", "--today", "2026-06-05") if (self.folder / "accept.yaml").exists() else ()
        )
        assert self.types("check", "DIR/s.yaml", *AZURE, "--out", "DIR/check", *accepted) == 0

    def accepts_what_is_unknown(self) -> None:
        """Accept each unknown finding of the check by rule, object and name."""
        unknown = json.loads((self.folder / "check/check.json").read_text("utf-8"))["unknown"]
        pairs = dict.fromkeys(tuple(each.split(":")[:2]) for each in unknown)
        more = {"reason": "a rehearsed stand-in", "name": "Alice", "expires": "2026-12-31"}
        entries = [{"rule": rule, "object": name, **more} for rule, name in pairs]
        (self.folder / "accept.yaml").write_text(json.dumps({"accept": entries}), encoding="utf-8")

    def approves(self) -> None:
        """Whoever is signed in runs `failback approve`."""
        assert self.types("approve", "DIR/rehearsal", *SETTINGS, "--out", "DIR/approval.json") == 0

    def is_approved_by(self, who: str) -> None:
        """The log says that this person approved it, and nobody else; then Alice signs in."""
        self.mock.context.resources.log.clear()
        self.signs_in(who)
        self.puts_deployment((self.folder / "name").read_text("utf-8"))
        self.signs_in("alice")

    def puts_deployment(self, name: str) -> None:
        """Send the file of the approval as this deployment, as `az rest` would."""
        body = (self.folder / "approval.json").read_bytes()
        url = f"{approval_path(self.settings, name)}?api-version=2021-04-01"
        token = {"Authorization": f"Bearer {os.environ['FAILBACK_AZURE_TOKEN']}"}
        assert self.mock.handle("PUT", url, token, body).status in (200, 201)

    @property
    def name_of_approval(self) -> str:
        """That of an approval which holds for twelve hours from the beginning."""
        return approval_name(self.subject_hash, self.vault_id, self.mock.epoch + timedelta(hours=12))

    @property
    def subject_hash(self) -> str:
        """Of the scenario as it is in the file now."""
        return subject_of(load_scenario(self.folder / "s.yaml")).hash

    @property
    def settings(self) -> AzureSettings:
        """The vault."""
        return AzureSettings(self.mock.subscription, self.mock.resource_group, self.mock.vault_name)

    @property
    def vault_id(self) -> str:
        """Its id."""
        return vault_id(self.settings)

    def has_all_consent(self) -> None:
        """Alice rehearses, checks and accepts; Bob asks what to send."""
        self.signs_in("alice")
        self.rehearses()
        self.checks()
        self.accepts_what_is_unknown()
        self.checks()
        self.signs_in("bob")
        self.approves()

    def runs(self, legs: str = "reprotect_to_on_premises", **instead: str) -> int:
        """The exit code of the run with everything that one person can type."""
        given = {"vault-name": self.mock.vault_name, "rehearsed": "DIR/rehearsal", "checked": "DIR/check"}
        given |= {"open-legs": legs, "out": "DIR/night"} | {
            name.replace("_", "-"): text for name, text in instead.items()
        }
        options = (part for name, text in given.items() if text for part in (f"--{name}", text))
        return self.types("run", "DIR/s.yaml", *AZURE, *options)

    def resumes(self, legs: str) -> int:
        """The exit code of `resume` with the same."""
        given = ("--vault-name", self.mock.vault_name, "--rehearsed", "DIR/rehearsal", "--checked", "DIR/check")
        return self.types("resume", "DIR/night", *SETTINGS, *given, "--open-legs", legs)


TWO_WAVES: Final = """
name: two_waves_home
estate:
  link: {bandwidth_mbit_per_s: 500}
  virtual_machines:
    - {name: app-01, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 80}]}
    - {name: app-02, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 80}]}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 4096}]
  appliances: [{name: appliance-01, host: esx-01, datastore: gold}]
plan:
  waves: [{name: first, items: [app-01]}, {name: second, items: [app-02]}]
  retry_delay_s: 1
"""
"""Both stand in Azure; the second wave begins when the first is home, which takes longer than a check is good for."""


def settings_of(mock: ArmMock, served: Served, *, allow_changes: bool = True) -> str:
    """The settings file of a person who has declared the mock to be a tunnel to a live vault."""
    azure: dict[str, Any] = {
        "subscription": mock.subscription,
        "resource_group": mock.resource_group,
        "vault": mock.vault_name,
    }
    azure |= {"base_url": served.base_url, "credential": "token", "tunnel": True, "reads_per_s": 1000}
    return json.dumps({"azure": azure | {"allow_changes": allow_changes}, "clock": {"poll_s": 0.01}})


def listen(site: ConsentSite) -> None:
    """Write down what arrives."""
    handle = site.mock.handle

    def heard(method: str, url: str, headers: Any, body: bytes) -> Response:
        site.asked.append((method, url))
        return handle(method, url, headers, body)

    site.mock.handle = heard  # type: ignore[method-assign]  # the door calls it by its name
