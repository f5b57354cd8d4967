"""Names that a person takes for the same though a program does not."""

from unicodedata import normalize


def name_key(name: str) -> str:
    """Equal for names that differ only in case, in how characters are composed, or in blanks at an end."""
    return normalize("NFKC", normalize("NFKC", name).casefold()).strip()


def difference_words(name: str, other: str) -> str:
    """In what two names of one key differ."""
    if name.strip() == other.strip():
        return "blanks at an end"
    if name.casefold().strip() == other.casefold().strip():
        return "upper and lower case"
    return "how their characters are composed (Unicode normalisation)"
