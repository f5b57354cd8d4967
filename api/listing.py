"""What is there to play: the library, and a scenario of a file."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.files.calls.typed_fields import holds

from .accepts import InvalidArgument
from .arguments import checked
from .tables import html_table

if TYPE_CHECKING:
    from failback.scenarios.files.schema import Scenario


def _files(value: Any) -> Mapping[str, Path]:
    if not holds(Mapping[str, Path], value):
        raise InvalidArgument("a mapping of names to paths; failback.library() returns a library")
    return value  # type: ignore[no-any-return]  # `holds` has checked it


def _rules(value: Any) -> "Library | None":
    if not isinstance(value, Library | None):
        raise InvalidArgument("a library, or None")
    return value


class Library(Mapping[str, str]):
    """The drills that come with `failback`: a mapping of names to titles."""

    @checked(files=_files, rules=_rules)
    def __init__(self, files: Mapping[str, Path], rules: "Library | None" = None) -> None:
        self._files, self._rules = files, rules

    @property
    def rules(self) -> "Library":
        """The other library scenarios, each for a single rule."""
        return Library({}) if self._rules is None else self._rules

    @cached_property
    def _titles(self) -> dict[str, str]:
        from failback.scenarios.files.loader import title_of

        return {name: title_of(file) for name, file in self._files.items()}

    def __getitem__(self, name: str) -> str:
        if not isinstance(name, str):  # what has no hash is no name either
            raise KeyError(name)
        return self._titles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        width = max(map(len, self), default=0)
        lines = [f"{name:{width}}  {title}" for name, title in self.items()]
        return "\n".join([*lines, *self._more()])

    def _repr_html_(self) -> str:
        more = "".join(f"<p>{escape(line)}</p>" for line in self._more())
        return html_table(("scenario", "what happens"), self.items()) + more

    def _more(self) -> list[str]:
        return [f"and {len(self.rules)} scenarios of single rules: failback.library().rules"] if self.rules else []


@checked()
def library() -> Library:
    """List the library scenarios that are not for a single rule, each with its title.

    Returns:
        A mapping of names to titles. Its attribute `rules` is such a mapping of those for a single rule.

    Example:
        >>> failback.library()["one_vm"]
        'One classic machine goes to Azure and comes home'
        >>> "appliance_port_is_closed" in failback.library().rules
        True
    """
    from failback.scenarios.files.loader import by_kind
    from failback.scenarios.files.loader import library as files

    drills, rules = by_kind(files())
    return Library(drills, Library(rules))


@checked()
def load_scenario(scenario: "Scenario | str | Path") -> "Scenario":
    """Read a scenario and validate it, as `failback lint` does.

    Args:
        scenario: The path of a scenario file, or the name of a library scenario. An object is returned as it is.

    Returns:
        The scenario. It is frozen; `failback.stories.varied` returns a changed copy.

    Raises:
        BadInput: The file cannot be read or has mistakes. The message lists every mistake with its line number.

    Example:
        >>> failback.load_scenario("one_vm")
        <Scenario one_vm: 1 machine, seed 1>
    """
    return scenario  # type: ignore[return-value]  # `checked` has read it
