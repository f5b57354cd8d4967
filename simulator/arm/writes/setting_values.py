"""Reads one setting of a body by its kind; what cannot be kept as it is sent is a 400 that names the field."""

from collections.abc import Callable, Mapping
from functools import partial
from ipaddress import ip_address
from typing import Final, TypeAlias

from failback.simulator.arm.reads.linked import ACCOUNTS, NETWORKS, check_linked
from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.item_settings import DISK_TYPES, LICENCES, SECURITY
from failback.simulator.arm.wire.resource_names import NAME_RULES
from failback.simulator.arm.wire.response import Json, bad_request

Read: TypeAlias = Callable[[ParsedRequest, BodyFields, str], Json]


def value_of(request: ParsedRequest, body: BodyFields, name: str, kind: str) -> Json:
    """The value of this field; None when it is left out. Raises a 400."""
    return _KINDS[kind](request, body, name)


def values_of(request: ParsedRequest, body: BodyFields, rows: Mapping[str, tuple[str, str]]) -> dict[str, Json]:
    """What of these fields is there, under the keys that show it."""
    read = {shown: value_of(request, body, sent, kind) for sent, (shown, kind) in rows.items() if body.has(sent)}
    return {shown: value for shown, value in read.items() if value is not None}


def _text(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return body.maybe(name)


def _flag(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return body.flag(name)


def _words(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return body.words(name)


def _number(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    number = body.number(name)
    if number is not None and number <= 0:
        raise body.refused(name, f"is {number}; it must be positive.")
    return number


def _tags(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return body.texts(name)


def _tag_list(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return [{"tagName": tag.text("tagName"), "tagValue": tag.maybe("tagValue")} for tag in body.each(name)]


def _licence(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return body.word(name, LICENCES[name])


def _disk_type(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    return body.word(name, DISK_TYPES)


def _security(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    inner = body.inner(name)
    return {key: inner.maybe(key) for key in SECURITY}


def _address(_: ParsedRequest, body: BodyFields, name: str) -> Json:
    value = body.maybe(name)
    try:
        return None if value is None else str(ip_address(value))
    except ValueError:
        raise body.refused(name, f"'{value}' is not an IP address.") from None


def _name(kind: str, request: ParsedRequest, body: BodyFields, name: str) -> Json:
    """A machine's name on site is taken as it is: an item shows it until another is set, and clients send it back."""
    value, rule = body.maybe(name), NAME_RULES[kind]
    own = value in request.world.site.estate.virtual_machines
    if value is not None and not own and not rule.pattern.fullmatch(value):
        why, action = f"'{value[:100]}' is not a valid {kind}: it has {rule.words}.", "Choose another name."
        raise bad_request(f"{body.at(name)} {why}", action, "InvalidResourceName", target=body.at(name))
    return value


def _linked(kind: str, request: ParsedRequest, body: BodyFields, name: str) -> Json:
    return check_linked(request, body.maybe(name), kind, body.at(name))


_KINDS: Final[Mapping[str, Read]] = {
    "text": _text,
    "flag": _flag,
    "words": _words,
    "number": _number,
    "tags": _tags,
    "tag list": _tag_list,
    "licence": _licence,
    "disk type": _disk_type,
    "security": _security,
    "address": _address,
    **{kind: partial(_name, kind) for kind in NAME_RULES},
    "network": partial(_linked, NETWORKS),
    "storage": partial(_linked, ACCOUNTS),
}
