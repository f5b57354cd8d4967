"""Values as YAML that our own reader takes: whatever stands twice is written out, since a file may have few aliases."""

from typing import Any, Final

import yaml

_SAFE: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_SAFE):  # type: ignore[misc]  # the compiled one where there is one
    """Writes no alias."""

    def ignore_aliases(self, _: object) -> bool:
        """Of nothing."""
        return True


def yaml_text(value: Any, *, width: int = 4096, flow: bool | None = False) -> str:
    """In the order of the value. `flow`: as `default_flow_style` of PyYAML."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width, default_flow_style=flow
    )
    return text
