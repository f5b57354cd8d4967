"""Nights whose truth is hidden: the band holds it more often than not, and narrows. benchmarks/nights.py plays 200."""

from statistics import fmean

import pytest

from failback.reprotect import Architecture

from .hidden_night import HiddenNight, Said, as_filed, truth_of

TENTHS = (2, 5, 9)


@pytest.fixture(scope="module", params=Architecture)
def said(request: pytest.FixtureRequest) -> list[Said]:
    nights = [HiddenNight(as_filed(request.param), seed, TENTHS) for seed in (1, 2, 4)]
    return [each for night in nights for each in night.said]


@pytest.mark.slow
def test_the_band_holds_the_truth_in_most_of_a_few_nights(said: list[Said]) -> None:
    assert len(said) == 9
    assert sum(each.holds for each in said) >= 6


@pytest.mark.slow
def test_the_band_narrows_on_the_way(said: list[Said]) -> None:
    first, last = (fmean(each.width_s for each in said if each.tenth == tenth) for tenth in (TENTHS[0], TENTHS[-1]))
    assert 0 < last < first * 0.8


def test_the_truth_is_not_what_the_watch_knows_and_in_some_nights_a_server_fails() -> None:
    filed = as_filed(Architecture.CLASSIC)
    truths = [truth_of(filed, seed) for seed in range(20)]
    assert len({truth.site.scan_mib_per_s for truth in truths} | {filed.site.scan_mib_per_s}) == 21
    assert 1 <= sum(bool(truth.faults) for truth in truths) <= 8
    assert truth_of(filed, 3) == truths[3]
