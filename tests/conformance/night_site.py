"""A vault in this process in which things go wrong, and a run of world azure in it, as it is typed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from failback.reprotect.driver import Replay
from failback.scenarios import load_scenario
from failback.scenarios.exploring.verdict import sent_twice
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.run.player import drill_of
from failback.simulator.arm import ArmMock, Response, Served

from .live_site import failback

FACTOR: Final = 20_000
TWO: Final = """
name: two_home
estate:
  link: {bandwidth_mbit_per_s: 500}
  virtual_machines:
    - {name: app-01, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 80}]}
    - {name: app-02, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 80}]}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 4096}]
  appliances: [{name: appliance-01, host: esx-01, datastore: gold}]
plan: {retry_delay_s: 1}
"""
Answer = Callable[[], Response]
Trouble = Callable[["Night", str, str, Answer], Response]


@dataclass
class Night:
    """A vault, a folder and what is typed. `asked`: what arrived, the last with `token`; `trouble` may answer."""

    mock: ArmMock
    served: Served
    folder: Path
    patch: pytest.MonkeyPatch
    asked: list[tuple[str, str]] = field(default_factory=list)
    token: str = ""
    trouble: Trouble = lambda _night, _method, _url, answer: answer()

    @property
    def sent(self) -> int:
        """How many requests arrived that are no reads."""
        return sum(method == "POST" for method, _ in self.asked)

    def types(self, command: str, *arguments: object) -> int:
        """The exit code of this command; DIR stands for the folder."""
        words = (str(each).replace("DIR", str(self.folder)) for each in (*arguments, "--settings", "DIR/settings.json"))
        return failback(self.patch, command, *words)

    def runs(self, out: str = "DIR/night") -> int:
        """The exit code of the run."""
        return self.types("run", "DIR/s.yaml", "--world", "azure", "--out", out)

    def ends(self) -> dict[str, str]:
        """Where the machines ended, by the result."""
        return dict(json.loads((self.folder / "night/result.json").read_text("utf-8"))["items"])

    def is_whole(self) -> bool:
        """Whether nothing was sent twice, and the rules lead to all that the history says."""
        lines = read_journal(self.folder / "night/history.jsonl").lines
        Replay(drill_of(load_scenario(self.folder / "night/scenario.json")), lines)
        return not list(sent_twice(self.mock.world, ()))

    def breaks_off(self) -> None:
        """The run is interrupted once two requests are on their way."""
        write = HistoryFile.write

        def writing(file: HistoryFile, line: Any) -> None:
            if self.sent >= 2 and line.kind == "observation":
                raise KeyboardInterrupt
            write(file, line)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(HistoryFile, "write", writing)
            assert self.runs() == 4


def settings_of(mock: ArmMock, served: Served, **more: Any) -> Any:
    azure = {"subscription": mock.subscription, "resource_group": mock.resource_group, "vault": mock.vault_name}
    azure |= {"base_url": served.base_url, "ca_file": str(served.ca_file), **more}
    return {"azure": azure, "clock": {"poll_s": 0.02, "factor": 1 if more else FACTOR, "patience_s": 1}}


HOME: Final = {"app-01": "replicating_to_azure", "app-02": "replicating_to_azure"}
