"""The command `docs`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class DocsOptions:
    """What may be asked of it."""

    page: Annotated[str | None, typer.Argument(help="Name of the page. Default: list all pages.")] = None
    where: Annotated[bool, typer.Option("--where", help="Print the path of the file instead of its text.")] = False


def docs(options: DocsOptions) -> int:
    """Print a page of the documentation, or list all pages."""
    from failback.scenarios.documentation import page, pages

    if options.page is None:
        print("\n".join(f"{name:40}{file if options.where else ''}".rstrip() for name, file in pages().items()))
        return AS_EXPECTED
    file = page(options.page)
    print(file if options.where else file.read_text(encoding="utf-8"), end="\n" if options.where else "")
    return AS_EXPECTED
