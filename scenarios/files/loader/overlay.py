"""Answers that stand in files of their own: `facts: open.yaml` in an estate lays them over its parts, by name.

`failback check --fill` writes such a file with all open keys. What still says `unknown` there changes nothing.
"""

from pathlib import Path
from typing import Any

from failback.reprotect import FACT_SECTIONS
from failback.scenarios.files.yaml_source import BadInput, KeyPath, Mistake, Source, read_source

from .document import Document
from .messages import shown

FACTS = "facts"
"""The key of an estate."""


def lay_facts_over(document: Document, estate: dict[str, Any]) -> None:
    """Lay each file over the estate, in order; what cannot be laid is a mistake."""
    named = estate.pop(FACTS, None)
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    if named is not None and not (names and all(isinstance(name, str) for name in names)):
        document.add(("estate", FACTS), f"found {shown(named)}; expected the path of a file, or a list of paths")
        return
    for name in names:
        path = Path(document.estate_source.file).parent / name.replace("\\", "/")
        try:
            source = read_source(path)
        except BadInput as broken:
            for mistake in broken.mistakes:
                document.add(("estate", FACTS), f"{mistake.message} ({mistake.file})")
            continue
        document.mistakes += [*source.mistakes, *_lay(source, estate)]


def _lay(source: Source, estate: dict[str, Any]) -> list[Mistake]:
    if not isinstance(source.data, dict):
        return [source.mistake((), "expected sections of an estate, for instance `hosts:`, with a list under each")]
    mistakes: list[Mistake] = []
    for section, parts in source.data.items():
        if section == "link" and isinstance(parts, dict) and isinstance(estate.get("link"), dict):
            estate["link"] = _laid(estate["link"], parts)
        elif section in FACT_SECTIONS and isinstance(parts, list) and isinstance(estate.get(section, []), list):
            mistakes += _lay_section(source, section, parts, estate)
        else:
            expected = f"expected one of {', '.join(FACT_SECTIONS)} with a list under it, or link"
            mistakes.append(source.mistake((section,), f"found {shown(section)}; {expected}"))
    return mistakes


def _lay_section(source: Source, section: str, parts: list[Any], estate: dict[str, Any]) -> list[Mistake]:
    mistakes: list[Mistake] = []
    found = list(estate.get(section, []))
    places = {part.get("name"): place for place, part in enumerate(found) if isinstance(part, dict)}
    for index, answers in enumerate(parts):
        name = answers.get("name") if isinstance(answers, dict) else None
        path: KeyPath = (section, index)
        if not isinstance(name, str) or name not in places:
            text = f"found {shown(name)}; expected the name of one of the estate's {section.replace('_', ' ')}"
            mistakes.append(source.mistake(path, text))
            continue
        found[places[name]] = _laid(found[places[name]], answers)
    if section in estate:
        estate[section] = found
    return mistakes


def _laid(under: Any, over: Any) -> Any:
    """Mappings key by key, lists of mappings place by place; else the answer, unless it is still unknown."""
    if over == "unknown":
        return "unknown" if under is None else under
    if isinstance(over, dict):
        mapping = under if isinstance(under, dict) else {}
        return {**mapping, **{key: _laid(mapping.get(key), value) for key, value in over.items()}}
    if isinstance(over, list) and over and all(isinstance(part, dict) for part in over):
        several = under if isinstance(under, list) else []
        first = [_laid(several[n] if n < len(several) else None, part) for n, part in enumerate(over)]
        return [*first, *several[len(over) :]]
    return over
