"""Names that look alike: in what they differ is said."""

import pytest

from failback.reprotect import difference_words, name_key


@pytest.mark.parametrize(
    ("name", "other", "words"),
    [
        ("web ", "web", "blanks at an end"),
        ("Web ", "web", "upper and lower case"),
        ("caf\u00e9", "cafe\u0301", "how their characters are composed (Unicode normalisation)"),
    ],
)
def test_names_of_one_key_differ_in_what_is_said(name: str, other: str, words: str) -> None:
    assert name_key(name) == name_key(other)
    assert difference_words(name, other) == words
