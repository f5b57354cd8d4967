"""Single values changed in a SOAP answer, bytes in and bytes out. One without an overridden object is not touched."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from xml.dom.minidom import Document, Element, parseString

Value: TypeAlias = bool | int | str | tuple[str, ...] | None
COLLECTOR: Final = (b"RetrievePropertiesEx", b"ContinueRetrievePropertiesEx", b"RetrieveProperties")
QUERIES: Final = {b"QueryAssignedLicenses": "entityId", b"FetchUserPrivilegeOnEntities": "entity"}
"""Queries whose answers are changed, and the field of a result that says which object it is about."""
_STEP: Final = re.compile(r'\.?(\w+)|\["([^"]*)"\]')
_TYPES: Final = ((bool, "xsd:boolean"), (int, "xsd:long"), (str, "xsd:string"))
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Override:
    """One value of one object: `ref` is its managed object id, `path` a property path as vSphere writes it.

    `host["host-21"].mountInfo.accessMode` goes into the element of a list by its key. For a query's answer the path
    begins in the result. None: the property is unset. A tuple: the values of a repeated field.
    """

    ref: str
    path: str
    value: Value


def rewritten(question: bytes, answer: bytes, overrides: Mapping[str, tuple[Override, ...]]) -> bytes:
    """The answer with the overrides that apply."""
    if not any(f">{ref}<".encode() in answer for ref in overrides):
        return answer
    if any(b"<" + name in question or b":" + name in question for name in COLLECTOR):
        return _changed(question, answer, overrides)
    field = next((field for name, field in QUERIES.items() if name in question), None)
    return answer if field is None else _result_changed(answer, field, overrides)


# The property collector


def _changed(question: bytes, answer: bytes, overrides: Mapping[str, tuple[Override, ...]]) -> bytes:
    document = parseString(answer)
    for found in document.getElementsByTagName("objects"):
        for override in overrides.get(_text(_child(found, "obj")), ()):
            _change_object(document, found, override, asked=f">{override.path}<".encode() in question)
    return document.toxml(encoding="utf-8")


def _change_object(document: Document, found: Element, override: Override, *, asked: bool) -> None:
    for seen in list(_children(found, "propSet")):
        name = _text(_child(seen, "name"))
        value = _child(seen, "val")
        if value is None or not _reaches(override.path, name):
            continue
        if override.path == name and override.value is None:
            found.removeChild(seen)
        else:
            _set(document, value, override.path[len(name) :], override.value)
        return
    if asked and override.value is not None:
        _add(document, found, override)


def _reaches(path: str, name: str) -> bool:
    return path == name or path.startswith((f"{name}.", f"{name}["))


def _add(document: Document, found: Element, override: Override) -> None:
    """A property that the server left unset."""
    seen, name, value = (document.createElement(tag) for tag in ("propSet", "name", "val"))
    kind = next(word for kind, word in _TYPES if isinstance(override.value, kind))
    value.setAttribute("xmlns:xsi", _INSTANCE)
    value.setAttribute("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
    value.setAttribute("xsi:type", kind)
    name.appendChild(document.createTextNode(override.path))
    value.appendChild(document.createTextNode(_written(override.value)))
    seen.appendChild(name)
    seen.appendChild(value)
    missing = next(_children(found, "missingSet"), None)
    found.insertBefore(seen, missing)


# Queries


def _result_changed(answer: bytes, field: str, overrides: Mapping[str, tuple[Override, ...]]) -> bytes:
    document = parseString(answer)
    for result in document.getElementsByTagName("returnval"):
        for override in overrides.get(_text(_child(result, field)), ()):
            if isinstance(override.value, tuple):
                _repeat(document, result, override.path, override.value)
            elif _at(result, override.path) is not None:
                _set(document, result, override.path, override.value)
    return document.toxml(encoding="utf-8")


def _repeat(document: Document, result: Element, tag: str, values: tuple[str, ...]) -> None:
    for old in list(_children(result, tag)):
        result.removeChild(old)
    for value in values:
        new = document.createElement(tag)
        new.appendChild(document.createTextNode(value))
        result.appendChild(new)


# Elements


def _set(document: Document, start: Element, path: str, value: Value) -> None:
    """Set the text at this path; None removes what is there."""
    there = _at(start, path)
    if there is None:
        return
    if value is None:
        holder = there.parentNode
        if holder is not None:
            holder.removeChild(there)
        return
    while there.firstChild is not None:
        there.removeChild(there.firstChild)
    there.appendChild(document.createTextNode(_written(value)))


def _at(start: Element, path: str) -> Element | None:
    here: Element | None = start
    for step in _STEP.finditer(path):
        if here is None:
            return None
        here = _child(here, step[1]) if step[1] else _keyed(here, step[2])
    return here


def _keyed(holder: Element, key: str) -> Element | None:
    """The element of a list by the text of its `key`."""
    elements = (node for node in holder.childNodes if isinstance(node, Element))
    return next((each for each in elements if _text(_child(each, "key")) == key), None)


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _child(holder: Element, tag: str) -> Element | None:
    return next(_children(holder, tag), None)


def _children(holder: Element, tag: str) -> Iterator[Element]:
    return (node for node in holder.childNodes if isinstance(node, Element) and node.tagName == tag)


def _text(element: Element | None) -> str:
    return "".join(str(node.data) for node in element.childNodes if hasattr(node, "data")) if element else ""
