"""Nights in real time, with `failback watch` as the process that people start: does its prediction hold there too?

The mock is a process with the truth (`--clock real:FACTOR`), and so is the run that brings the machines home. The watch
knows the file only; its predictions are read from its own history, the true end from the jobs of the vault. A busy
machine makes the looks later, so the table differs a little from run to run.

    python benchmarks/real_nights.py classic 50000 50001        these nights, one after the other
    python benchmarks/real_nights.py modernised 50002 --vcsim   with a vcsim that is watched too
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from failback.adapters import DATACENTER
from failback.reprotect import Architecture
from failback.scenarios import Scenario
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.outputs.kinds import RESOLVED_MARK

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.nights import row
from tests.scenarios.watching.hidden_night import TENTHS, TRIES, Said, as_filed, truth_of

FACTOR: Final = 240
"""Virtual seconds in one of the wall: a night of five hours in 75 seconds."""
EVERY_S: Final = 240
"""Virtual seconds between two looks of the watch."""
FAILBACK: Final = (sys.executable, "-m", "failback")


@contextmanager
def process(*words: str, env: dict[str, str], **how: Any) -> Iterator["subprocess.Popen[str]"]:
    """This command beside; it is ended at the end of the block."""
    with subprocess.Popen([*FAILBACK, *words], text=True, env=os.environ | env, **how) as started:
        try:
            yield started
        finally:
            started.terminate()


@contextmanager
def vcsim(truth: str, wanted: bool) -> Iterator[dict[str, str]]:
    """The variable that leads to a vcsim with the estate; nothing where none is wanted."""
    if not wanted:
        yield {}
        return
    with process("vcsim", truth, env={}, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        line = next(each for each in started.stdout if "FAILBACK_VCSIM=" in each)
        yield {"FAILBACK_VCSIM": line.partition("FAILBACK_VCSIM=")[2].strip().strip("'\"")}


def settings_of(mock: dict[str, Any], site: dict[str, str]) -> dict[str, str]:
    """How the people's run reaches the vault, and the vCenter where there is one."""
    azure = {key: str(mock[key]) for key in ("base_url", "ca_file", "subscription", "resource_group", "vault")}
    sections = {"AZURE": azure | {"credential": "token", "token": "t", "reads_per_s": "1000"}}
    sections["CLOCK"] = {"poll_s": "0.25", "factor": str(FACTOR)}
    for url in map(urlsplit, site.values()):
        login = {"host": url.hostname or "", "port": str(url.port), "user": url.username or "", "verify": "false"}
        sections["VSPHERE"] = login | {"password": url.password or "", "within": DATACENTER}
    return {f"FAILBACK_{name}_{key.upper()}": value for name, keys in sections.items() for key, value in keys.items()}


def home_at(mock: dict[str, Any]) -> datetime:
    """When the last failback was committed, by the vault's own jobs."""
    vault = f"/subscriptions/{mock['subscription']}/resourceGroups/{mock['resource_group']}/providers"
    url = f"{mock['base_url']}{vault}/Microsoft.RecoveryServices/vaults/{mock['vault']}/replicationJobs"
    token = {"Authorization": "Bearer t"}
    answer = requests.get(url, {"api-version": "2025-08-01"}, headers=token, verify=mock["ca_file"], timeout=60)
    jobs = [each["properties"] for each in answer.json()["value"]]
    return max(datetime.fromisoformat(job["endTime"]) for job in jobs if job["friendlyName"] == "Commit")


def said_in(history: Path, home: datetime) -> Iterator[Said]:
    """The first prediction at or after each tenth of the way, in seconds since the watch began."""
    lines = [json.loads(line) for line in history.read_text("utf-8").splitlines()]
    found = [(line["t_s"], line["data"]) for line in lines if line["name"] == "Predicted"]
    began = datetime.fromisoformat(found[0][1]["at"]).timestamp() - found[0][0]
    home_s = home.timestamp() - began
    for tenth in TENTHS:
        told = next((data["whole"] for t_s, data in found if home_s * tenth / 10 <= t_s < home_s), None)
        if told is not None and told["high"] is not None:
            low_s, high_s = (datetime.fromisoformat(told[end]).timestamp() - began for end in ("low", "high"))
            yield Said(tenth, low_s, high_s, home_s)


def night(filed: Scenario, seed: int, folder: Path, on_site: bool) -> list[Said]:
    """One night from start to finish."""
    patient = replace(filed, plan=replace(filed.plan, attempts_max=TRIES))
    for name, scenario in {"filed": filed, "people": patient, "truth": truth_of(filed, seed)}.items():
        (folder / f"{name}.json").write_text(resolved_text(scenario, RESOLVED_MARK), encoding="utf-8")
    truth, clock = str(folder / "truth.json"), f"real:{FACTOR}"
    with vcsim(truth, on_site) as site:
        words = ["mock", truth, "--clock", clock, "--json", *(["--vcsim"] if on_site else [])]
        with process(*words, env=site, stdout=subprocess.PIPE) as served:
            assert served.stdout is not None
            mock = json.loads(served.stdout.readline())
            lab = site | {"FAILBACK_MOCK": mock["base_url"], "FAILBACK_MOCK_CA_FILE": mock["ca_file"]}
            out, told = str(folder / "watch"), (folder / "told.txt").open("w", encoding="utf-8")
            people = ["run", str(folder / "people.json"), "--world", "azure", "--out", str(folder / "run")]
            words = ["watch", str(folder / "filed.json"), "--world", "lab", "--out", out, "--every", str(EVERY_S)]
            with told, process(*people, env=settings_of(mock, site), stdout=told, stderr=told):
                with process(*words, env=lab, stdout=told, stderr=told) as watch:
                    assert watch.wait(timeout=900) == 0
                return list(said_in(folder / "watch/history.jsonl", home_at(mock)))


def main(architecture: str, seeds: Sequence[int], on_site: bool) -> int:
    """Print the table."""
    said: list[Said] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            said += (found := night(as_filed(Architecture(architecture)), seed, Path(name), on_site))
        missed = ", ".join(str(each.tenth) for each in found if not each.holds) or "none"
        print(f"night {seed}: {found[0].home_s / 3600:.1f} h, tenths that do not hold: {missed}", flush=True)
    print("tenth  nights   holds  too early  too late  width, of the whole night")
    for tenth in TENTHS:
        print(row(tenth, [each for each in said if each.tenth == tenth]))
    return 0


if __name__ == "__main__":
    given = [each for each in sys.argv[2:] if each != "--vcsim"]
    raise SystemExit(main(sys.argv[1], [int(each) for each in given], "--vcsim" in sys.argv))
