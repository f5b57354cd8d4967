"""The identity of a run: `run.json` beside its history says which run that is, and whether it goes on.

It holds what is not the same for the same seed (an id, a process), so that history and result can be.
"""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from failback.scenarios.outputs.writing import write_text

RUN: Final = "run.json"
FORMAT: Final = 1
RUNNING, FINISHED = "running", "finished"
LIVE: Final = "azure"
"""A run in this world is never replaced."""
_CAME_LATER: Final = ("time_zone", "file", "estate_file")
_SIZE_MAX_BYTES: Final = 1_000_000
_CHANGES: Final = frozenset({"state", "pid", "host", "label", "seal"})
"""What changes while a run goes on; `label` becomes another where consent is given later."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which run it is. `pid` and `host` say where it goes on; None once it is over.

    The rest is the head of the journal of a run that can be resumed: the hash of its resolved scenario, and the instant
    of virtual second 0 on the wall's clock, where that is the clock of the run.
    """

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    command: str
    scenario: str
    title: str
    world: str
    label: str
    seed: int
    starts_at: datetime
    versions: Mapping[str, str] = field(default_factory=dict)
    state: str = RUNNING
    pid: int | None = None
    host: str | None = None
    plan_hash: str = ""
    epoch: datetime | None = None
    vault: str = ""
    """Hash of the id of its vault, where that is outside this computer's simulators: a run goes on in its own vault."""
    began_at: datetime | None = None
    """When it was begun, by the clock on the wall."""
    time_zone: str | None = None
    """The zone of the site's clocks, where its scenario names one."""
    file: str = ""
    """The path of its scenario, as it was given; empty for one of the library, or one that was made in Python."""
    estate_file: str = ""
    """The path of the file in which its estate stands."""
    failback_run: int = FORMAT
    seal: str = ""
    """Hash of all that never changes of it, as it was written."""

    def finished(self) -> "Identity":
        """The same run when it is over."""
        return replace(self, state=FINISHED, pid=None, host=None)

    def resumed(self) -> "Identity":
        """The same run as it goes on in this process."""
        return replace(self, state=RUNNING, pid=os.getpid(), host=socket.gethostname())

    @property
    def is_sealed(self) -> bool:
        """Whether it is what was written: nobody has edited its world, its vault or its epoch since."""
        return self.seal == _seal(self)

    @property
    def place(self) -> str:
        """Where it goes on."""
        return f"process {self.pid} on {self.host}" if self.pid else "another process"


def here(command: str, facts: Mapping[str, object]) -> Identity:
    """The identity of a run that this process begins. `facts`: scenario, title, world, label, seed, starts_at, ..."""
    place = {"pid": os.getpid(), "host": socket.gethostname(), "began_at": datetime.now(UTC)}
    values = {"id": token_hex(6), "command": command, **place, **facts}
    return _adapter().validate_python(values)


def write_identity(identity: Identity, folder: Path) -> None:
    """Write it. Raises `CannotWrite`."""
    data = {**_plain(identity), "seal": _seal(identity)}
    write_text(folder / RUN, json.dumps(data, indent=2, sort_keys=True) + "\n", "run")


def _plain(identity: Identity) -> dict[str, object]:
    instants = {name: getattr(identity, name) for name in ("starts_at", "epoch", "began_at")}
    plain = {**asdict(identity), **{name: None if at is None else at.isoformat() for name, at in instants.items()}}
    for name in _CAME_LATER:  # left out where empty, so that the seal of a run of before they came still holds
        if not plain[name]:
            del plain[name]
    return plain


def _seal(identity: Identity) -> str:
    """It shows an edit, as the checksums of a history do; whoever knows how it is made can make another."""
    facts = {name: value for name, value in _plain(identity).items() if name not in _CHANGES}
    return blake2b(json.dumps(facts, sort_keys=True).encode(), digest_size=16).hexdigest()


def read_identity(folder: Path) -> Identity | None:
    """The identity that stands in this folder; None where none can be read."""
    path = folder / RUN
    try:
        if not path.is_file() or path.stat().st_size > _SIZE_MAX_BYTES:
            return None
        return _adapter().validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


@cache
def _adapter() -> TypeAdapter[Identity]:
    return TypeAdapter(Identity)
