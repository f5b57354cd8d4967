"""Rows as `Export-Csv` writes them, in Windows PowerShell 5.1 and in PowerShell 7."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Shell:
    """Which one, and its options. `culture`: `-UseCulture` where a comma is the sign of decimals (inferred)."""

    encoding: str = "utf-8"
    end: str = "\r\n"
    typed: bool = False
    quotes: bool = True
    culture: bool = False


SHELLS = {
    "Windows PowerShell": Shell("ascii", typed=True),
    "Windows PowerShell, UTF8": Shell("utf-8-sig"),
    "Windows PowerShell, Unicode": Shell("utf-16", typed=True),
    "Windows PowerShell, UseCulture": Shell("cp1252", culture=True, typed=True),
    "PowerShell 7": Shell(),
    "PowerShell 7 on Linux": Shell(end="\n"),
    "PowerShell 7, quotes as needed": Shell(quotes=False),
}


def export_csv(head: Iterable[str], rows: Iterable[Iterable[Any]], file: Path, shell: Shell) -> Path:
    """A head, and rows of as many cells."""
    separator = ";" if shell.culture else ","
    lines = ["#TYPE Selected.System.Management.Automation.PSCustomObject"] if shell.typed else []
    lines += [separator.join(_cell(cell, shell, separator) for cell in row) for row in (head, *rows)]
    file.write_bytes("".join(line + shell.end for line in lines).encode(shell.encoding))
    return file


def _cell(value: Any, shell: Shell, separator: str) -> str:
    if value is None:
        return ""
    text = str(value)
    if shell.culture and isinstance(value, float):
        text = text.replace(".", ",")
    needed = any(sign in text for sign in (separator, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if shell.quotes or needed else text
