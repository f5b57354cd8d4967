"""What a check leaves as a proof: of which plan, for which vault, when by the vault's clock, and what it found."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from failback.scenarios.checks.command import CheckDone
from failback.scenarios.judging.check import Status
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.usage_error import UsageError

from .approval import vault_id
from .case import Checked, Or
from .subject import subject_of

CHECK: Final = "check.json"
KIND: Final = "check proof"
_FORMAT: Final = 1
_SIZE_MAX_BYTES: Final = 64_000_000


def write_check(done: CheckDone, folder: Path) -> None:
    """Write it. Raises `CannotWrite`, and `UsageError` for a check that has looked at no vault."""
    if done.request.world != "azure" or done.seen.at is None:
        raise UsageError(
            "--out writes the proof for `run --checked`, so it needs --world azure, and the vault's clock."
        )
    subject = subject_of(done.located.scenario)
    value = {
        "failback_check": _FORMAT,
        "hash": subject.hash,
        "vault": vault_id(done.request.settings.azure),
        "world": done.request.world,
        "at": done.seen.at.isoformat(),
        "blocks": done.report.blocks(unknown_blocks=False),
        "unknown": list(_unknown(done)),
        "subject": {name: getattr(subject, name) for name in ("plan", "answers", "machines", "servers")},
    }
    with reserved(folder, {CHECK: KIND}):
        write_text(folder / CHECK, json.dumps(value, indent=2, sort_keys=True) + "\n", KIND)


def _unknown(done: CheckDone) -> Iterator[str]:
    """What nobody could judge and nobody accepted: by the finding's id, which has the rule and the object's name."""
    from failback.scenarios.checks.told import told_causes

    covered = done.accepted.covered if done.accepted else {}
    causes = [told.cause for told in told_causes(done.report) if told.cause.status == Status.UNKNOWN.value]
    yield from (each.id for cause in causes for each in cause.observed if each not in covered)


def read_check(folder: Path) -> Or[Checked]:
    """The check in this folder; why there is none."""
    path = folder / CHECK
    try:
        content = path.read_bytes() if path.stat().st_size <= _SIZE_MAX_BYTES else b""
        value = json.loads(content)
        if not isinstance(value, dict) or value.pop("failback_check", None) != _FORMAT:
            return f"{path} was not written by `failback check --out`"
        stated = value.pop("hash", None)
        found = _adapter().validate_python(value)
    except OSError as broken:
        return f"{path} cannot be read ({broken.strerror})"
    except (ValueError, RecursionError, ValidationError):
        return f"{path} was not written by `failback check --out`"
    if stated != found.subject.hash:
        return f"{path} was edited: its hash is not that of its plan"
    return found if found.at.tzinfo else f"{path} was edited: its date has no time zone"


@cache
def _adapter() -> TypeAdapter[Checked]:
    return TypeAdapter(Checked)
