"""Versions of the API: one that no resource type knows is refused as Azure Resource Manager does, before anything else.

The list joins the published versions of Site Recovery's and of the vault's own API. Resource Manager keeps a list for
each type; that this one stands for all types of a vault is ours. Of the neighbours' versions only the form is checked.
"""

import re
from typing import Final

from .response import ArmError

PUBLISHED: Final = (
    *("2026-05-01", "2026-02-01", "2026-01-01", "2025-08-01", "2025-02-01", "2025-01-01"),
    *("2024-10-01", "2024-09-30-preview", "2024-04-30-preview", "2024-04-01", "2024-02-01", "2024-01-01"),
    *("2023-08-01", "2023-06-01", "2023-04-01", "2023-02-01", "2023-01-01"),
    *("2022-10-01", "2022-09-30-preview", "2022-09-10", "2022-08-01", "2022-05-01", "2022-04-01", "2022-03-01"),
    *("2022-02-01", "2022-01-31-preview", "2022-01-01", "2021-12-01", "2021-11-01-preview", "2021-11-01", "2021-10-01"),
    *("2021-08-01", "2021-07-01", "2021-06-01", "2021-04-01", "2021-03-01", "2021-02-10", "2021-01-01"),
    *("2020-10-01", "2020-02-02", "2018-07-10", "2018-01-10", "2016-12-01", "2016-08-10", "2016-06-01", "2016-05-01"),
)
"""The newest first."""
_NAMESPACE: Final = "Microsoft.RecoveryServices"
_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?", re.IGNORECASE | re.ASCII)


def check_version(verb: str, path: str, version: str) -> None:
    """Raise a 400 for a version that the resource type of this route does not know."""
    _, found, below = path.partition(f"/providers/{_NAMESPACE}/")
    if found:
        _check_published(_type_of(verb, below), version)
    elif not _FORM.fullmatch(version):
        why = f"The api-version '{version[:50]}' is invalid; a version is a date such as '{PUBLISHED[0]}'."
        raise ArmError(400, "InvalidApiVersionParameter", why)


def _check_published(type_: str, version: str) -> None:
    if version.lower() not in PUBLISHED:
        raise ArmError(
            400,
            "InvalidResourceType",
            f"The resource type '{type_}' could not be found in the namespace '{_NAMESPACE}' for api version"
            f" '{version[:50]}'. The supported api-versions are '{','.join(PUBLISHED)}'.",
        )


def _type_of(verb: str, below: str) -> str:
    """The type of the resource that this path is about: an action at its end is none."""
    parts = below.split("/")
    is_action = verb == "POST" and len(parts) % 2 == 1
    return "/".join(parts[::2][:-1] if is_action else parts[::2])
