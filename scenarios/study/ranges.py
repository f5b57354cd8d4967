"""What stands after `--vary`: a key and its values, as a list, as a range, or both: `bandwidth=50,100..1000:100`."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Final

from .variants import key_named, refused, twice

_FORM: Final = "expected KEY=V1,V2 or KEY=FROM..TO or KEY=FROM..TO:STEP"


def parse_ranges(texts: Iterable[str]) -> Mapping[str, Iterable[str]]:
    """The values of each key, not yet judged; long ranges are made as they are read."""
    found: dict[str, Iterable[str]] = {}
    written: dict[str, str] = {}
    for text in texts:
        name, values = _halves(text)
        key = key_named(name).name
        if key in found:
            raise refused(f"--vary names {twice(key, written[key], name)}; give all its values at once")
        found[key], written[key] = _values(text, values), name
    return found


def _halves(text: str) -> tuple[str, str]:
    name, sign, values = (part.strip() for part in text.partition("="))
    if not name or not sign:
        raise refused(f"--vary {text}: {_FORM}")
    return name, values


def _values(text: str, values: str) -> Iterator[str]:
    parts = [part.strip() for part in values.split(",")] if values else []
    if "" in parts:
        raise refused(f"--vary {text}: there is nothing between two commas; {_FORM}")
    return (value for part in [_part(text, part) for part in parts] for value in part)


def _part(text: str, part: str) -> Iterable[str]:
    """One value, or those of a range."""
    bounds, _, step = part.partition(":")
    first, is_range, last = bounds.partition("..")
    return _range(text, first, last, step) if is_range else (part,)


def _range(text: str, first: str, last: str, step: str) -> Iterator[str]:
    """In decimals, so that 0.1..0.5:0.1 ends at 0.5."""
    low, high, by = (_decimal(text, bound) for bound in (first, last, step or "1"))
    if by <= 0:
        raise refused(f"--vary {text}: the step is {by}; expected one above 0")
    if high < low:
        raise refused(f"--vary {text}: the range is empty, since it ends before it begins; write {last}..{first}")
    if not step and (low % 1 or high % 1):
        raise refused(f"--vary {text}: say the step of a range between fractions: {first}..{last}:0.1")
    return (f"{low + n * by:f}" for n in range(int((high - low) / by) + 1))


def _decimal(text: str, bound: str) -> Decimal:
    try:
        number = Decimal(bound)
    except InvalidOperation:
        raise refused(f"--vary {text}: `{bound}` is not a number; {_FORM}") from None
    if not number.is_finite():
        raise refused(f"--vary {text}: `{bound}` is not a finite number; {_FORM}")
    return number


def shown(values: Iterable[object], most: int = 6) -> str:
    """Values in a sentence; of many, the first."""
    some = [f"{value:g}" if isinstance(value, float) else str(value) for value in islice(values, most + 1)]
    return ", ".join(some[:most]) + (", ..." if len(some) > most else "")
