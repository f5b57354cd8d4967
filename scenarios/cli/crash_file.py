"""The file with the details of an error that nobody foresaw: for its owner only, and without secrets."""

import os
import platform
import sys
import traceback
from importlib.metadata import version
from tempfile import mkstemp

from failback.adapters.redaction import redacted


def write_details(error: BaseException) -> str:
    """Write it into the temporary directory, readable by its owner only. Says where it is, or why there is none."""
    try:
        handle, path = mkstemp(prefix="failback-error-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(redacted(_details(error)))
    except OSError as broken:
        return f"The details could not be written ({broken.strerror or broken})."
    return f"The details are in {path}. Secrets have been removed, but read the file before you share it."


def _details(error: BaseException) -> str:
    system = f"failback {version('failback')}, Python {platform.python_version()}, {platform.platform()}"
    trace = "".join(traceback.format_exception(error))
    return f"{system}\ncommand: {' '.join(sys.argv[1:])}\n\n{trace}"
