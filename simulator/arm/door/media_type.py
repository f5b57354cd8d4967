"""What Azure Resource Manager refuses before it reads a body: one that does not say that it is JSON."""

from typing import Final

from failback.simulator.arm.wire.response import ArmError

RESOURCES: Final = ("subscriptions/", "providers/")
"""Where resources begin; a sign-in, outside of them, takes forms."""
_JSON: Final = "application/json"


def check_media_type(path: str, content_type: str, *, has_body: bool) -> None:
    """Raise a 415 for a body of another media type, or of none (seen in issues of the Azure CLI)."""
    found = content_type.partition(";")[0].strip()
    if has_body and path.lstrip("/").lower().startswith(RESOURCES) and found.lower() != _JSON:
        why = f"The content media type '{found[:100] or '<null>'}' is not supported. Only '{_JSON}' is supported."
        raise ArmError(415, "UnsupportedMediaType", why)
