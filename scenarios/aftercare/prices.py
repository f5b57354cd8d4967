"""What people say that things in Azure cost in a month. No price is known otherwise."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from failback.adapters.importing.files import blobs_of
from failback.adapters.importing.records import AzureResource, CannotImport
from failback.adapters.importing.tables import csv_sheet, text_of
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.usage_error import UsageError

KINDS: Final = ("virtual machine", "disk", "network interface", "public address")
"""What has a price."""
_AMOUNT: Final = re.compile(r"\d{1,9}(\.\d{1,6})?")
_PER_GIB: Final = "/gib"
_EXPECTED: Final = (
    "expected the columns `what` and `per_month`, such as `disk Premium_LRS/GiB` and `0.15`; `what` begins with "
    f"{', '.join(KINDS)}"
)


@dataclass(frozen=True, slots=True)
class Prices:
    """Amounts a month by what they are for: a kind, or a kind and a size; with `/gib` at the end for each GiB."""

    amounts: Mapping[str, float] = field(default_factory=dict)
    currency: str = ""

    def of(self, one: AzureResource) -> float | None:
        """What it costs a month; None where nobody said."""
        for what in (f"{one.kind} {one.size}".casefold(), one.kind):
            if what in self.amounts:
                return self.amounts[what]
            if what + _PER_GIB in self.amounts and one.size_gib is not None:
                return self.amounts[what + _PER_GIB] * one.size_gib
        return None


def prices_of(file: Path | None, options: Iterable[str], currency: str) -> Prices:
    """Of a file and of options `WHAT=AMOUNT`, which win. Raises `BadInput` and `UsageError`."""
    amounts = {} if file is None else dict(_in_file(file))
    for option in options:
        what, _, amount = option.rpartition("=")
        if (read := _read(what, amount)) is None:
            example = "'public address=3.50' or 'disk Premium_LRS/GiB=0.15'"
            raise UsageError(f"--price is '{option}'; give WHAT=AMOUNT, for instance {example}.")
        amounts |= {read[0]: read[1]}
    return Prices(amounts, currency)


def _in_file(file: Path) -> Iterator[tuple[str, float]]:
    try:
        blobs = [] if file.is_dir() else blobs_of(file)
        if len(blobs) != 1:
            raise CannotImport(str(file), "expected one file of prices")
        sheet = csv_sheet(blobs[0])
        rows = list(sheet.rows)
    except CannotImport as refused:
        raise BadInput(Mistake("", refused.file, 0, f"{refused.message}; {_EXPECTED}")) from None
    if not {"what", "permonth"} <= sheet.columns:
        raise BadInput(Mistake("", str(file), 1, f"its columns are not those of a price list; {_EXPECTED}"))
    for line, row in enumerate(rows, start=2):
        read = _read(text_of(row.get("what")), text_of(row.get("permonth")))
        if read is None:
            found = f"`{text_of(row.get('what'))}` and `{text_of(row.get('permonth'))}`"
            raise BadInput(Mistake("", str(file), line, f"found {found}; {_EXPECTED}, and an amount is 0 or more"))
        yield read


def _read(what: str, amount: str) -> tuple[str, float] | None:
    what = " ".join(what.casefold().split())
    if not what.startswith(KINDS) or not _AMOUNT.fullmatch(amount.strip()):
        return None
    return what, float(amount)
