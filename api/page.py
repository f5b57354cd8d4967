"""The page docs/api.md, made of the docstrings: `python -m failback.page > docs/api.md`."""

import inspect
import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any, Final

import failback

HEAD: Final = """<!-- Generated (python -m failback.page > docs/api.md); do not edit. -->

# In Python

`import failback` provides the names below. The module `failback.simulator.network` (how data transfers share bandwidth)
and the protocol `failback.reprotect.driver.Operator` (who answers the questions of a run) are also public; import them
separately. The [README](../README.md#terms) explains the terms.

A *library scenario* comes with `failback`. Each function raises `failback.BadInput` if an argument, a file or a setting
is invalid.
"""
VERBS: Final = ("play", "check", "predict", "Study", "calibrate", "mock", "load_scenario", "library")
VALUES: Final = (
    "Scenario",
    "Result",
    "Report",
    "Prediction",
    "Calibration",
    "Mock",
    "Library",
    "BadInput",
    "Unreachable",
    "Interrupted",
)
MODULES: Final = ("stories", "words", "pictures")
_SECTION: Final = re.compile(r"^(Args|Returns|Raises|Attributes|Example):\n((?:    .*\n|\n)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r"^(\w+): ", re.MULTILINE)
_PAGE: Final = re.compile(r"`docs/([\w.]+\.(?:md|json))`")
"""Another page, as docstrings name it."""
_ALWAYS_RAISED: Final = re.compile(r"^BadInput: .*\n?(?: +.*\n?)*", re.MULTILINE)
"""What the head of the page says of every function."""
_TITLES: Final = {"Args": "Arguments", "Attributes": "Attributes", "Raises": "Raises"}


def api_page() -> str:
    """The whole page."""
    parts = [HEAD, "## Functions\n"]
    parts += (_about(f"failback.{name}", getattr(failback, name)) for name in VERBS)
    for name in MODULES:
        module = getattr(failback, name)
        parts += [f"## failback.{name}\n", f"{inspect.getdoc(module)}\n"]
        parts += (_about(f"failback.{name}.{inner}", getattr(module, inner)) for inner in _public(module))
    parts += ["## Results and errors\n"]
    parts += (_about(f"failback.{name}", getattr(failback, name)) for name in VALUES)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


def _public(module: ModuleType) -> list[str]:
    return list(vars(module)["__all__"])


def _about(name: str, thing: Any) -> str:
    text = _rendered(inspect.getdoc(thing) or "")
    if not inspect.isclass(thing):
        return f"### {name}\n\n{_form(name, thing)}{text}"
    is_called = name == "failback.Study"
    head = f"### {name}\n\n{_form(name, thing) if is_called else ''}{text}"
    return _with_list(_with_list(head, "Attributes", _properties(thing)), "Methods", _methods(thing))


def _form(name: str, thing: Any) -> str:
    """How it is called."""
    return f"```text\n{name}({', '.join(_parameters(thing))})\n```\n\n"


def _parameters(thing: Any, most: int = 20) -> list[str]:
    """As they are written in a call. Of more than `most` (keys of a table), the first are shown."""
    parameters = list(inspect.signature(thing).parameters.values())
    shown = [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in parameters]
    first = next((n for n, p in enumerate(parameters) if p.kind is inspect.Parameter.KEYWORD_ONLY), len(shown))
    if first < len(shown):
        shown.insert(first, "*")
    return [*shown[: first + 3], "..."] if len(shown) > most else shown


def _with_list(text: str, title: str, lines: Iterable[str]) -> str:
    """With these lines under the title, which the text may have already with its last list."""
    listed = "\n".join(f"- {line}" for line in lines)
    if not listed:
        return text.rstrip() + "\n"
    heading = f"**{title}**\n\n"
    return f"{text.rstrip()}\n{'' if heading in text else chr(10) + heading}{listed}\n"


def _properties(thing: type) -> Iterator[str]:
    for name, member in vars(thing).items():
        if isinstance(member, property) and not name.startswith("_"):
            yield f"`{name}`: {_sentence(member)}"


def _methods(thing: type) -> Iterator[str]:
    for name, member in vars(thing).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield f"`{name}({', '.join(_parameters(member, 10)[1:])})`: {_sentence(member)}"


def _sentence(member: Any) -> str:
    """The first paragraph of what it says of itself."""
    said = (inspect.getdoc(member) or "").partition("\n\n")[0].replace("\n", " ")
    return _PAGE.sub(r"[\1](\1)", said)


def _rendered(text: str) -> str:
    """A docstring in Google's form as Markdown."""
    return _PAGE.sub(r"[\1](\1)", _SECTION.sub(_section, text.rstrip() + "\n"))


def _section(found: re.Match[str]) -> str:
    kind, body = found[1], inspect.cleandoc("\n" + found[2])
    if kind == "Example":
        return f"```pycon\n{body}\n```\n\n"
    if kind == "Returns":
        return f"Returns: {body}\n\n"
    if kind == "Raises":
        body = _ALWAYS_RAISED.sub("", body)
    if not body.strip():
        return ""
    entries = _ENTRY.sub(r"- `\1`: ", body)
    return f"**{_TITLES[kind]}**\n\n{entries}\n\n"


if __name__ == "__main__":
    import sys

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(api_page())
