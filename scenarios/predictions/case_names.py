"""The names of cases, and what each assumes."""

from typing import Final

from failback.scenarios.text.language import message, said, translated

from .assumptions import EXPECTED, Case


def case_words(case: Case) -> str:
    """Its words; the one that the rest of the page looks at by its name too."""
    words = translated(case.words)
    return said("{name}: {words}", name=name_words(case), words=words) if case.name == EXPECTED else words


def short_case_words(case: Case) -> str:
    """The expected case by its name, any other one by what it assumes."""
    if case.name == EXPECTED:
        return said("{case} case", case=name_words(case))
    return translated(case.words)


def name_words(case: Case) -> str:
    """The name of a case in the language of now; files keep the one in English."""
    return said(_NAMES[case.name])


_NAMES: Final = {
    "expected": message("expected"),
    "nothing": message("nothing"),
    "all": message("all"),
    "nothing, slow line": message("nothing, slow line"),
    "slow line": message("slow line"),
    "all, slow line": message("all, slow line"),
    "calibrated": message("calibrated"),
    "fewer blocks": message("fewer blocks"),
    "more blocks": message("more blocks"),
}
"""The names of cases, of assumptions and of the fit of a calibration."""
