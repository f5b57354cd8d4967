"""A calibration beside the truth, and its predictions beside drills that it never saw."""

import pytest

from failback.scenarios.calibrations.calibrate import CalibrationRequest, calibrate
from failback.scenarios.calibrations.predicted_versus_actual import (
    fits_beside_truth,
    prediction_picture,
    prediction_words,
    truth_words,
)
from failback.scenarios.calibrations.synthetic import SyntheticVault, synthetic_vault
from failback.scenarios.files.calibration_file import CalibrationFile
from failback.scenarios.files.loader import load_scenario, resolve


@pytest.fixture(scope="module")
def vault() -> SyntheticVault:
    return synthetic_vault(load_scenario(resolve("one_vm")), seed=7)


@pytest.fixture(scope="module")
def found(vault: SyntheticVault, tmp_path_factory: pytest.TempPathFactory) -> CalibrationFile:
    folders = vault.write_drills(tmp_path_factory.mktemp("drills"), range(1, 7))
    return calibrate(CalibrationRequest(tuple(folders), estate="one_vm")).file


def test_each_fit_stands_beside_the_hidden_number(vault: SyntheticVault, found: CalibrationFile) -> None:
    frame = fits_beside_truth(found, vault)
    assert set(frame["duration"]) == {key for key in found.fits if key in vault.truth}
    assert frame["hidden_s"].tolist() == [vault.truth[key].median_s for key in frame["duration"]]
    off = (frame["found_s"] - frame["hidden_s"]).abs() / frame["error_s"]
    assert frame["off_by_errors"].tolist() == pytest.approx(off.tolist())


def test_the_sentence_counts_the_fits_within_two_errors(vault: SyntheticVault, found: CalibrationFile) -> None:
    frame = fits_beside_truth(found, vault)
    fair = sum(off <= 2 for off in frame["off_by_errors"])
    assert truth_words(found, vault).startswith(f"{fair} of {len(frame)} hidden durations")
    assert f"({vault.hidden.site.scan_mib_per_s:.1f})" in truth_words(found, vault)


def test_the_sentence_counts_the_drills_inside_each_band() -> None:
    hours = [3600.0 * n for n in range(1, 22)]
    words = prediction_words([second * 10 for second in hours], hours, [7200.0 * 2, 3600.0 * 5])
    assert words == (
        "Of 2 drills that the fit never saw, 0 % lie in the predicted 90 % band (20.0 to 200.0 h) before calibration, "
        "and 100 % lie in the predicted 90 % band (2.0 to 20.0 h) after it. "
        "So few drills leave that share between 34 % and 100 %."
    )


def test_three_curves_are_drawn() -> None:
    (axes,) = prediction_picture([3600.0, 7200.0], [7200.0, 9000.0], [7000.0]).figure.axes
    assert [line.get_label() for line in axes.lines] == ["predicted, not calibrated", "predicted, calibrated", "actual"]
