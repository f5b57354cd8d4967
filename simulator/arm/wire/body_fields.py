"""Reads request bodies field by field: what is missing or wrong is a 400 that names the field."""

from collections.abc import Collection, Mapping
from typing import Any

from .response import ArmError, bad_request


class BodyFields:
    """One JSON object of a body. `path` says where it stands, for the messages."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, Mapping):
            raise bad_request(f"{path} must be an object.", target=path)
        self._values, self.path = value, path

    def inner(self, name: str) -> "BodyFields":
        """The object below this field; empty when it is left out."""
        value = self._values.get(name)
        return BodyFields({} if value is None else value, self.at(name))

    def each(self, name: str) -> "list[BodyFields]":
        """The objects in this list; none when it is left out."""
        return [BodyFields(value, f"{self.at(name)}[{n}]") for n, value in enumerate(self._list(name))]

    def maybe(self, name: str) -> str | None:
        """A string, or None when it is left out, null or empty."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise self.refused(name, "must be a string.")
        return value or None

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self.maybe(name)
        if value is None:
            raise self.refused(name, "is missing.")
        return value

    def words(self, name: str) -> list[str]:
        """The strings in this list; none when it is left out."""
        found = self._list(name)
        if any(not isinstance(value, str) for value in found):
            raise self.refused(name, "must be a list of strings.")
        return found

    def flag(self, name: str) -> bool | None:
        """True or false, or None when it is left out."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.refused(name, "must be true or false.")
        return value

    def texts(self, name: str) -> dict[str, str] | None:
        """An object of strings, or None when it is left out."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping) or any(not isinstance(one, str) for one in value.values()):
            raise self.refused(name, "must be an object of strings.")
        return dict(value)

    @property
    def sent(self) -> dict[str, Any]:
        """All of it, as it was sent."""
        return dict(self._values)

    def has(self, name: str) -> bool:
        """Whether it is there and not null."""
        return self._values.get(name) is not None

    def number(self, name: str) -> int | None:
        """A whole number, or None when it is left out."""
        value = self._values.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.refused(name, "must be a whole number.")
        return value

    def word(self, name: str, known: Collection[str]) -> str | None:
        """One of the known words, in any case, or None when it is left out."""
        value = self.maybe(name)
        if value is None:
            return None
        for word in known:
            if word.lower() == value.lower():
                return word
        raise self.refused(name, f"is '{value[:100]}'; it must be one of {', '.join(known)}.")

    def needed_word(self, name: str, known: Collection[str]) -> str:
        """One of the known words, which must be there."""
        self.text(name)
        word = self.word(name, known)
        assert word is not None
        return word

    def refused(self, name: str, why: str, action: str = "") -> ArmError:
        """The 400 for this field, which is its target. `why` goes on from its path."""
        return bad_request(f"{self.at(name)} {why}", action, target=self.at(name))

    def _list(self, name: str) -> list[Any]:
        value = self._values.get(name)
        if value is not None and not isinstance(value, list):
            raise self.refused(name, "must be a list.")
        return value or []

    def at(self, name: str) -> str:
        """Where this field stands, for a message."""
        return f"{self.path}.{name}" if self.path else name


def properties_of(body: Any) -> BodyFields:
    """The `properties` object that every body of this service has."""
    if not isinstance(body, Mapping):
        raise bad_request("The body must be a JSON object with properties.", target="properties")
    return BodyFields(body.get("properties"), "properties")
