"""A careless person, with production credentials in the environment, types every command of the documentation.

Vault and vCenter count as live and write down what arrives. Nothing changes there, nothing secret comes out, and no
file that was there before is another one afterwards.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from failback.scenarios import resolve

from .live_site import LIVE_NAME, STORY, Site, failback

TOP: Final = Path(__file__).parents[2]
PAGES: Final = (TOP / "README.md", *sorted((TOP / "docs").glob("*.md")))
COMMAND: Final = re.compile(r"^ {4}(failback [^#\n]+|(?:python3|py) run\.py[^#\n]*)", re.MULTILINE)
INLINE: Final = re.compile(
    r"`(failback (?:run|check|calibrate|report|lint|mock|demo|predict|whatif|runbook|vcsim|watch|note|aftercare)"
    r" [^`]+)`"
)
NOT_TYPED: Final = ("python3 run.py", "failback vcsim --install")
"""So begins what is not typed here: it installs, from the network. What `run.py demo` plays is `failback demo`."""
SMALLER: Final = (
    (r"\b(five_hundred|sixty)_machines\b", "one_vm"),
    (r"--port \d+", "--port 0"),
    (r"=100\.\.1000:100", "=100,1000"),
    (r"=1\.\.\d", "=1,2"),
    (r"--runs \d+", ""),
    (r"^failback (predict|whatif) .*", r"\g<0> --runs 2"),
    (r"^failback whatif .*", r"\g<0> --workers 1"),
    (r"^failback watch .*", r"\g<0> --once"),
    (r"^failback explore .*", "failback explore one_vm --seeds 2"),
)
"""The same commands with less to work out, and at free ports."""
WORLDS: Final = {
    "run": ("lab", "azure"),
    "demo": ("lab",),
    "check": ("lab", "azure"),
    "calibrate": ("lab", "azure"),
}
CANARY: Final = "CANARY-7f3a"

pytestmark = [pytest.mark.vcsim, pytest.mark.slow]


def documented() -> list[str]:
    """Every command line of the documentation, once."""
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    found = [hit.strip() for text in texts for pattern in (COMMAND, INLINE) for hit in pattern.findall(text)]
    return list(dict.fromkeys(found))


def typed() -> Iterator[str]:
    """What is typed of it: as it stands, and in the other worlds where the command knows them."""
    for line in documented():
        if line.startswith(NOT_TYPED):
            continue
        for pattern, instead in SMALLER:
            line = re.sub(pattern, instead, line)
        yield line
        for world in WORLDS.get(line.split()[1], ()) if "--world" not in line else ():
            yield f"{line} --world {world}"
    yield f"failback run {STORY} --world azure --confirm-remedy mt-linux"


def belongings(folder: Path) -> None:
    """What the documentation takes for granted that a person has."""
    story = resolve("one_vm").read_text(encoding="utf-8")
    estate = yaml.safe_dump(yaml.safe_load(story)["estate"])
    for name, text in {
        "my-scenario.yaml": story,
        "my-estate.yaml": estate,
        "estate.yaml": estate,
        "estate-before.yaml": estate,
        "estate-now.yaml": estate,
        "exports": '{"value": []}',
        "prices.csv": "what,per_month\ndisk,1\n",
        "my-vault.yaml": "azure: {reads_per_s: 1000}\n",
        "recipe.yaml": "machines: 3\n",
        "jobs.json": '{"value": []}',
        "items.json": '{"value": []}',
        "items-by-id.json": '{"value": []}',
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Person:
    """Types, and looks afterwards what has become of the site, of secrets and of files."""

    def __init__(self, site: Site, folder: Path, monkeypatch: Any, capsys: Any) -> None:
        self.site, self.folder, self.monkeypatch, self.capsys = site, folder, monkeypatch, capsys
        self.typed: dict[str, int] = {}
        self.wrong: list[str] = []

    def types(self, line: str, place: Path) -> dict[Path, bytes]:
        """Type it in this folder; gives the files that are new there."""
        before = files_in(place)
        self.monkeypatch.chdir(place)
        words = [name for word in shlex.split(line)[1:] for name in expanded(word, place)]
        code = failback(self.monkeypatch, *words)
        said = "".join(self.capsys.readouterr())
        after = files_in(place)
        lost = [path for path, content in before.items() if after.get(path) != content]
        new = {path: content for path, content in after.items() if path not in before}
        leaks = [path for path, content in new.items() if self.is_secret(content.decode("utf-8", "replace"))]
        self.typed[f"{line} ({place.name})"] = code
        for what, is_so in {
            f"code {code}": code not in (0, 1, 2, 3),
            "a traceback": "Traceback" in said,
            f"a change: {self.site.changes()}": self.site.changes(),
            f"a secret in its output: {said}": self.is_secret(said),
            f"a secret in {leaks}": leaks,
            f"lost or replaced: {lost}": lost,
        }.items():
            if is_so:
                self.wrong.append(f"{line} ({place.name}): {what}")
        return new

    def is_secret(self, text: str) -> bool:
        return CANARY in text or self.site.proxy.settings.password in text


def expanded(word: str, place: Path) -> list[str]:
    """As a shell does it."""
    return sorted(str(path.relative_to(place)) for path in place.glob(word)) or [word] if "*" in word else [word]


@pytest.fixture
def person(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: Any
) -> Person:
    """Both endpoints are live: one by its name, the other by what it says of itself."""
    request.getfixturevalue("proxies_hide_the_simulator")
    monkeypatch.setenv("FAILBACK_AZURE_BASE_URL", f"https://{LIVE_NAME}:{site.served.port}")
    monkeypatch.setenv("FAILBACK_AZURE_TOKEN", CANARY)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", CANARY)
    monkeypatch.setenv("FAILBACK_VCSIM", site.vcenter())
    monkeypatch.setenv("NO_PROXY", "*")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    for module in ("mock_server", "vcsim_server"):  # nobody is there to press Ctrl-C
        monkeypatch.setattr(f"failback.scenarios.servers.{module}.until_stopped", nullcontext)
    return Person(site, tmp_path, monkeypatch, capsys)


def test_every_command_of_the_documentation_is_typed() -> None:
    left_out = {line for line in documented() if line.startswith(NOT_TYPED)}
    assert left_out == {line for line in documented() if "run.py" in line or "--install" in line}
    verbs = {line.split()[1] for line in typed()}
    assert verbs >= {"run", "check", "calibrate", "report", "lint", "demo", "predict", "whatif", "mock", "vcsim"}


def test_a_careless_person_changes_nothing_shows_nothing_and_loses_nothing(person: Person) -> None:
    model = person.folder / "model"
    (model / "runs").mkdir(parents=True)
    belongings(model)
    for name in ("last", "2026-05", "2026-06"):
        person.types(f"failback run one_vm --out runs/{name}", model)
    for number, line in enumerate(typed()):
        alone, beside = (person.folder / f"{number}{kind}" for kind in ("-alone", "-beside"))
        shutil.copytree(model, alone)
        shutil.copytree(model, beside)
        new = person.types(line, alone)
        for path in new:  # the same names were somebody's files before
            (beside / path).parent.mkdir(parents=True, exist_ok=True)
            (beside / path).write_text("mine\n", encoding="utf-8")
        if new:
            person.types(line, beside)
    assert not person.wrong, "\n".join(person.wrong)
    leaks = [path for path, content in files_in(person.folder / "temporary").items() if CANARY in str(content)]
    assert not leaks
    ended_well = [line for line, code in person.typed.items() if code in (0, 1) and "-alone" in line]
    assert person.site.asked  # reads did arrive
    assert {line.split()[1] for line in ended_well} >= {"run", "check", "report", "lint", "demo", "predict", "whatif"}
