"""The servers that were passed over where the plan names none, in words."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from failback.reprotect import PassedOver, RequestDefaults


def passed_over_words(passed: Iterable[PassedOver]) -> tuple[str, ...]:
    """A sentence for each server and rule; of a server that serves nobody for the first machine and rule alone."""
    ordered = sorted(passed, key=_of_server)
    return tuple(text for _, several in groupby(ordered, key=_of_server) for text in _of_one_server(list(several)))


def barred_servers(defaults: RequestDefaults, item: str) -> Mapping[str, str]:
    """Servers through which this machine cannot come home now, each with the first rule that refuses it."""
    refused = (each for each in defaults.passed_over(item) if each.refuses)
    return {each.server: f"{each.rule.id}, {each.rule.title}" for each in reversed(list(refused))}


def _of_one_server(several: list[PassedOver]) -> Iterator[str]:
    first = several[0]
    if first.idle:
        yield f"No machine comes home through {first.server}: for {first.item}, {_speaks(first)}."
        return
    for _, same in groupby(sorted(several, key=_by_rule), key=_by_rule):
        told = list(same)
        more = sum(each.alike for each in told) - 1
        whom = f"{told[0].item} and {more} more machine{'' if more == 1 else 's'}" if more else told[0].item
        yield f"{first.server} is passed over for {whom}: {_speaks(told[0])}."


def _speaks(each: PassedOver) -> str:
    return f"{each.rule.id} ({each.rule.title}) speaks against it: {each.sentence}"


def _of_server(each: PassedOver) -> Any:
    return each.server


def _by_rule(each: PassedOver) -> Any:
    return each.rule.id
