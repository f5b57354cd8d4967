"""What stands after --vary."""

import pytest

from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.study.ranges import parse_ranges


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("bandwidth=100", ["100"]),
        ("bandwidth=100,200, 500", ["100", "200", "500"]),
        ("appliances=1..4", ["1", "2", "3", "4"]),
        ("bandwidth=100..1000:300", ["100", "400", "700", "1000"]),
        ("bandwidth=100..1000:400", ["100", "500", "900"]),
        ("changed_fraction=0.1..0.5:0.1", ["0.1", "0.2", "0.3", "0.4", "0.5"]),
        ("appliances=1,4..6,9", ["1", "4", "5", "6", "9"]),
        ("slots_held_until=failback,failback_commit", ["failback", "failback_commit"]),
        ("bandwidth=", []),
    ],
)
def test_values_are_a_list_or_a_range_or_both(text: str, values: list[str]) -> None:
    assert {name: list(found) for name, found in parse_ranges([text]).items()} == {text.partition("=")[0]: values}


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["bandwidth"], "expected KEY=V1,V2"),
        (["=5"], "expected KEY=V1,V2"),
        (["bandwidth=1,,2"], "nothing between two commas"),
        (["bandwidth=1", "bandwidth=2"], "names `bandwidth` twice; give all its values at once"),
        (["bandwidth=1", "link.bandwidth_mbit_per_s=2"], "as `bandwidth` and as `link.bandwidth_mbit_per_s`"),
        (["site.scan_mib_per_s=1", "scan-mib-per-s=1"], "as `site.scan_mib_per_s` and as `scan-mib-per-s`"),
        (["bandwith=1"], "did you mean `bandwidth`"),
        (["bandwidth=9..1"], "write 1..9"),
        (["bandwidth=1..9:0"], "step is 0"),
        (["bandwidth=1..9:-1"], "step is -1"),
        (["bandwidth=1..x"], "`x` is not a number"),
        (["bandwidth=..5"], "`` is not a number"),
        (["bandwidth=1..inf"], "`inf` is not a finite number"),
        (["bandwidth=nan..5"], "`nan` is not a finite number"),
        (["changed_fraction=0.1..0.5"], "say the step"),
    ],
)
def test_what_is_no_range_is_refused_in_one_paragraph(texts: list[str], words: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_ranges(texts)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_endless_range_is_not_made_before_it_is_read() -> None:
    values = parse_ranges(["bandwidth=1..1000000000000"])["bandwidth"]
    assert next(iter(values)) == "1"
