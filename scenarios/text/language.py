"""Sentences in the language of a page: whole ones with named placeholders, English in the code, others in tables.

`said` says a sentence in the language of the `with speaking(...)` around it. What is put into words before anybody
knows for which page is a `Wording`: English text that remembers how it was made, which `translated` says anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Final

ENGLISH: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = {ENGLISH: "English", "ja": "Japanese"}
"""The languages by their code (BCP 47). Each but English has a table `data/CODE.yaml`: English sentence to its own."""
_SPOKEN: Final[ContextVar[str]] = ContextVar("language", default=ENGLISH)


class Wording(str):
    """A sentence in English that can be said in another language, too."""

    message: str
    values: Mapping[str, str]

    def __reduce__(self) -> tuple[Any, ...]:
        return _wording, (self.message, dict(self.values))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, everything is said in this language, one of `LANGUAGES`."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> str:
    """The language of now."""
    return _SPOKEN.get()


def message(text: str) -> str:
    """Mark a sentence that is said later: so a test finds it and asks for its translations."""
    return text


def wording(text: str, /, **values: str) -> Wording:
    """A sentence whose language is chosen when it is shown."""
    return _wording(text, values)


def said(text: str, /, **values: str) -> str:
    """A sentence in the language of now. Raises `KeyError` where its table lacks it, which a test rules out."""
    sentence = text if spoken() == ENGLISH else table(spoken())[text]
    return sentence.format(**{name: translated(value) for name, value in values.items()}) if values else sentence


def translated(text: str) -> str:
    """A wording in the language of now; any other text, such as a name, as it is."""
    return said(text.message, **text.values) if isinstance(text, Wording) else text


def joined(parts: Iterable[str], between: str) -> str:
    """The parts with what stands between them in this language."""
    return said(between).join(parts)


@cache
def table(language: str) -> Mapping[str, str]:
    """The sentences of a language by those in English."""
    import yaml

    text = files("failback.scenarios").joinpath("data", f"{language}.yaml").read_text("utf-8")
    found: dict[str, str] = yaml.safe_load(text)
    return found


def _wording(text: str, values: Mapping[str, str]) -> Wording:
    made = Wording(text.format(**values) if values else text)
    made.message, made.values = text, values
    return made
