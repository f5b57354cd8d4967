"""What sentences share is said once; nothing else changes."""

import pytest

from failback.scenarios.checks.shared_beginnings import said_once


@pytest.mark.parametrize(
    ("sentences", "line"),
    [
        ((), ""),
        (("it is old",), "it is old"),
        (("it is old", "it is off"), "it is old; it is off"),
        (("it is old: a uses it", "it is old: b uses it", "it is off"), "it is old: a uses it; b uses it; it is off"),
        (("it is old: a uses it", "it is off: b uses it"), "it is old: a uses it; it is off: b uses it"),
    ],
)
def test_what_sentences_share_up_to_a_colon_is_said_once(sentences: tuple[str, ...], line: str) -> None:
    assert said_once(sentences) == line
