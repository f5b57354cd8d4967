"""YAML that grows when it is read, or that builds something: one paragraph, within bounded time and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

LIMITS: Final = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
"""
EACH: Final = """
import contextlib, io, json, sys
from failback.scenarios.cli.entry import run
found = {}
for file in sys.argv[2:]:
    sys.argv[:] = ["failback", *(file if word == "FILE" else word for word in json.loads(COMMAND))]
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = run()
    found[file] = code, said.getvalue()
print(json.dumps(found))
"""
SECTION: Final = {"settings": "azure", "scenario": "name"}
COMMANDS: Final = {
    "settings": ("check", "one_vm", "--world", "azure", "--settings", "FILE"),
    "scenario": ("lint", "FILE"),
    "played": ("run", "FILE"),
    "estate": ("mock", "--estate", "FILE"),
}


def laughs(section: str, opened: str, closed: str, join: str) -> str:
    """Ten levels of ten: ten thousand million when written out."""
    lines = [f"l0: &l0 {opened}{join.join(['x'] * 10)}{closed}"]
    lines += [f"l{n}: &l{n} {opened}{', '.join([f'*l{n - 1}'] * 10)}{closed}" for n in range(1, 10)]
    return "\n".join([*lines, f"{section}: *l9", ""])


def maps(section: str) -> str:
    lines = ["l0: &l0 {a: x}", *(f"l{n}: &l{n} {{a: *l{n - 1}, b: *l{n - 1}}}" for n in range(1, 40))]
    return "\n".join([*lines, f"{section}: *l39", ""])


def bombs(section: str) -> dict[str, str]:
    return {
        "lists": laughs(section, "[", "]", ", "),
        "maps": maps(section),
        "merged": maps(section).replace("{a: *", "{<<: *"),
        "itself": f"{section}: &a {{x: *a}}\n",
        "long name": f"{section}: *{'x' * 50_000}\n",
        "int": f'{section}: !!int "5"\n',
        "str": f'{section}: !!str "5"\n',
        "verbatim": f'{section}: !<tag:yaml.org,2002:timestamp> "2026-01-01"\n',
        "binary": f'{section}: !!binary "{"QUJD" * 10_000}"\n',
        "object": f'{section}: !!python/object/apply:os.system ["touch owned"]\n',
        "named tag": f'%TAG !e! tag:yaml.org,2002:\n---\n{section}: !e!int "5"\n',
        "long tag": f'{section}: !{"x" * 50_000} "5"\n',
        "many tags": f"{section}: [{'!t 1, ' * 10_000}]\n",
        "deep": f"{section}: {'[' * 40_000}\n",
        "endless": f"{section}: x\n{'# ' + 'x' * 100_000}\n" * 220,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
@pytest.mark.parametrize("kind", COMMANDS)
def test_what_grows_or_builds_something_is_refused_in_bounded_time_and_memory(kind: str, tmp_path: Path) -> None:
    files = {tmp_path / f"{name}.yaml": text for name, text in bombs(SECTION.get(kind, "name")).items()}
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    code = LIMITS + f"COMMAND = {json.dumps(COMMANDS[kind])!r}\n" + EACH
    env = {f"FAILBACK_AZURE_{name}": "x" for name in ("SUBSCRIPTION", "RESOURCE_GROUP", "VAULT")}
    done = subprocess.run(
        [sys.executable, "-c", code, "failback", *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
        env={**env, "PATH": "/nowhere", "FAILBACK_AZURE_BASE_URL": "http://127.0.0.1:9"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    ends = {Path(file).stem: end for file, end in json.loads(done.stdout).items()}
    assert ends.keys() == {file.stem for file in files}
    assert {name: code for name, (code, _) in ends.items() if code != 2} == {}
    assert [name for name, (_, said) in ends.items() if "Traceback" in said or not said.strip()] == []
    assert [name for name, (_, said) in ends.items() if "xxxxxxxxxx" in said or "QUJDQUJD" in said] == []
    assert not (tmp_path / "owned").exists()
