"""A rule with its title, for sentences."""

from failback.reprotect import by_id


def titled(rule: str) -> str:
    """Its id, and the title in brackets; the reason in words where a machine stops for no rule."""
    row = by_id(rule)
    return f"{rule} ({row.title})" if row is not None else rule.replace("_", " ")
