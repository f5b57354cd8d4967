"""An answer to a pseudonymised copy, with the original names again: whoever has the map reads what a vendor wrote."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from failback.scenarios.outputs.kinds import MAP_KEY
from failback.scenarios.outputs.refusal import why
from failback.scenarios.text.name_lists import listed
from failback.scenarios.usage_error import UsageError

SIZE_MAX_BYTES: Final = 64 * 2**20
"""An answer is text that somebody wrote; what is larger is another file."""
_PSEUDONYM: Final = re.compile(r"(?<![\w-])p\d{2,}-[a-z]+(?:-[a-z]+)*(?!\w)", re.IGNORECASE)
"""As `Pseudonyms` gives them: `p017-machine`, `p04-dns-name`."""


@dataclass(frozen=True, slots=True)
class TranslatedBack:
    """The text with names in it, and the pseudonyms that the map does not know."""

    text: str
    unknown: tuple[str, ...]

    @property
    def warning(self) -> str:
        """One sentence, where there is something to say."""
        if not self.unknown:
            return ""
        return f"Not in the map, so left as written: {listed(self.unknown, 10)}. Is it the map of this copy?"


def translate_back(answer: Path, map_file: Path) -> TranslatedBack:
    """Read both. Raises `UsageError` for what cannot be read, or is no map of pseudonyms."""
    return translated_back(_text(answer, "the answer"), _names(map_file))


def translated_back(text: str, names: Mapping[str, str]) -> TranslatedBack:
    """`names`: pseudonym -> name. Upper and lower case are one: a pseudonym may begin a sentence."""
    folded = {pseudonym.casefold(): name for pseudonym, name in names.items()}
    unknown: dict[str, None] = {}

    def name(found: re.Match[str]) -> str:
        words = found[0]
        while words:  # what somebody wrote behind it, as in `p017-machine-based`, is no part of it
            if (original := folded.get(words.casefold())) is not None:
                return original + found[0][len(words) :]
            words = words.rpartition("-")[0]
        unknown[found[0]] = None
        return found[0]

    return TranslatedBack(_PSEUDONYM.sub(name, text), tuple(unknown))


def _names(file: Path) -> Mapping[str, str]:
    try:
        found = json.loads(_text(file, "the map")).get(MAP_KEY)
        return {str(pseudonym): str(name) for name, pseudonym in found.items()}
    except (ValueError, AttributeError, RecursionError):
        text = "it is not a map that `failback redact --map` or `failback import --redact --map` wrote"
        raise UsageError(f"{file}: {text}.") from None


def _text(file: Path, what: str) -> str:
    try:
        if file.stat().st_size > SIZE_MAX_BYTES:
            raise UsageError(f"{file}: {what} is larger than {SIZE_MAX_BYTES // 2**20} MiB.")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as broken:
        raise UsageError(f"{file}: {what} cannot be read: {why(broken)}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: {what} is no text in UTF-8; save it as plain text (UTF-8) first.") from None
