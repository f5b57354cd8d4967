"""The error codes that the stories of the library show: published ones, and ours with a reason for each."""

from collections.abc import Iterator

from failback.reprotect import CODES, OWN_CODE_REASONS, Line, by_code
from failback.scenarios import library, load_scenario, play


def codes_of(line: Line) -> Iterator[str]:
    """What this line of a history shows of a vault's codes."""
    match line.name:
        case "JobFailed":
            yield str(line.data["failure"]["code"])
        case "Refused" | "RequestRefused":
            yield str(line.data["code"])
        case "ItemSeen":
            yield from line.data["health_errors"]


def test_every_code_that_a_story_shows_is_published_or_has_its_reason() -> None:
    shown: set[str] = set()
    for path in library().values():
        play(load_scenario(path), on_line=lambda line: shown.update(codes_of(line)))
    ours = {code for code in shown if code.startswith("FB-")}
    assert {row.id if (row := by_code(code)) else code for code in ours} <= OWN_CODE_REASONS.keys()
    assert shown - ours <= CODES.keys()
    assert {"95226", "78093", "8061", "8038", "806", "78022"} <= shown
    assert ours.isdisjoint({"FB-R23", "FB-A06", "FB-A25", "FB-R18", "FB-T05", "FB-T11", "FB-P03", "FB-P07", "FB-M19"})
