"""Tables for notebooks: plain HTML, in which nothing that was given can be markup."""

from collections.abc import Iterable
from html import escape


def html_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table, every cell escaped."""
    head = "".join(f"<th style='text-align:left'>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_line(words: str, *, strong: bool = False) -> str:
    """A paragraph."""
    escaped = escape(words)
    return f"<p><b>{escaped}</b></p>" if strong else f"<p>{escaped}</p>"


def _cell(value: object) -> str:
    return f"<td style='text-align:left; vertical-align:top'>{escape(str(value))}</td>"
