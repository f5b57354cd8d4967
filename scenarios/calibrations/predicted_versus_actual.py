"""How good a calibration is: its fits beside a known truth, and what it predicts beside drills it never saw."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from failback.scenarios.files.calibration_file import CalibrationFile
from failback.scenarios.outcomes.pictures import Picture, distribution
from failback.scenarios.predictions.sampling import share
from failback.scenarios.run.labels import model_version
from failback.scenarios.study.rows import data_frame
from failback.scenarios.text.rounding import percent

from .synthetic import SyntheticVault, band, share_inside

if TYPE_CHECKING:
    from pandas import DataFrame

HOUR_S: Final = 3600.0
ERRORS_FAIR: Final = 2.0
"""Standard errors within which 19 of 20 honest fits lie."""


def fits_beside_truth(found: CalibrationFile, vault: SyntheticVault) -> "DataFrame":
    """A row per fitted duration: the median that was found, its error, the hidden one, how many errors it is off."""
    return data_frame(
        {
            "duration": key,
            "steps": row["n"],
            "found_s": row["median_s"],
            "error_s": row["median_error_s"],
            "hidden_s": vault.truth[key].median_s,
            "off_by_errors": abs(row["median_s"] - (vault.truth[key].median_s or 0.0)) / row["median_error_s"],
        }
        for key, row in found.fits.items()
        if key in vault.truth and row.get("median_error_s")
    )


def truth_words(found: CalibrationFile, vault: SyntheticVault) -> str:
    """How many hidden numbers were found within their stated error."""
    frame = fits_beside_truth(found, vault)
    fair = int((frame["off_by_errors"] <= ERRORS_FAIR).sum())
    scan, hidden = found.site.scan_mib_per_s, vault.hidden.site.scan_mib_per_s
    read = "the rate of the scan was not found" if scan is None else f"the scan reads {scan:.1f} MiB/s ({hidden:.1f})"
    return (
        f"{fair} of {len(frame)} hidden durations are found within {ERRORS_FAIR:g} standard errors "
        f"(19 of 20 are to be expected); {read}."
    )


def prediction_picture(assumed_s: Sequence[float], known_s: Sequence[float], actual_s: Sequence[float]) -> Picture:
    """Three curves: what the packaged numbers predict, what the calibrated ones do, and what happened."""
    curves = {"predicted, not calibrated": assumed_s, "predicted, calibrated": known_s, "actual": actual_s}
    hours = {name: [second / HOUR_S for second in took_s] for name, took_s in curves.items()}
    picture = distribution(hours, title="How long the whole drill takes: predicted and actual", model=model_version())
    (axes,) = picture.figure.axes
    axes.set_xlabel("hours from the first request to the end of the drill")
    axes.set_ylabel("drills that are over by then (%)")
    return picture


def prediction_words(assumed_s: Sequence[float], known_s: Sequence[float], actual_s: Sequence[float]) -> str:
    """How many drills fell into the band in which nine of ten should, before and after."""
    before, after = (_inside(predicted_s, actual_s) for predicted_s in (assumed_s, known_s))
    return (
        f"Of {len(actual_s)} drills that the fit never saw, {before} before calibration, and {after} after it. "
        f"So few drills leave that share {_told_to(known_s, actual_s)}."
    )


def _told_to(predicted_s: Sequence[float], actual_s: Sequence[float]) -> str:
    """Sampling error alone."""
    low_s, high_s = band(predicted_s)
    low, high = share([low_s <= took_s <= high_s for took_s in actual_s]).interval
    return f"between {percent(low)} and {percent(high)}"


def _inside(predicted_s: Sequence[float], actual_s: Sequence[float]) -> str:
    low_s, high_s = band(predicted_s)
    inside = share_inside((low_s, high_s), actual_s)
    return f"{percent(inside)} lie in the predicted 90 % band ({low_s / HOUR_S:.1f} to {high_s / HOUR_S:.1f} h)"
