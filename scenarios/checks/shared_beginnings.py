"""Several sentences in one line: what they share up to a colon is said once."""

from collections.abc import Iterable


def said_once(sentences: Iterable[str]) -> str:
    """`it is old: a uses it` and `it is old: b uses it` as `it is old: a uses it; b uses it`; others in full."""
    found, before = list[str](), ""
    for sentence in sentences:
        beginning, colon, rest = sentence.rpartition(": ")
        found.append(rest if colon and beginning == before else sentence)
        before = beginning
    return "; ".join(found)
