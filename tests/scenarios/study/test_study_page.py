"""The page about studies says what there is."""

import re
from pathlib import Path

from failback.scenarios.study.backends import BACKENDS
from failback.scenarios.study.rows import ROWS
from failback.scenarios.study.sensitivity import sobol, tornado
from failback.scenarios.study.variants import KEYS, key_named

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "study.md").read_text(encoding="utf-8")


def test_every_key_of_a_study_is_on_the_page_or_a_number_of_the_site() -> None:
    from failback.simulator import SiteParameters

    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", PAGE, re.MULTILINE))
    assert set(KEYS) - set(rows) <= set(SiteParameters.__dataclass_fields__)
    assert {name: key_named(name).column for name in rows} == rows


def test_every_backend_row_and_sensitivity_is_on_the_page() -> None:
    names = (*BACKENDS, *ROWS, tornado.__name__, sobol.__name__)
    assert [name for name in names if f"`{name}`" not in PAGE and f" {name}`" not in PAGE] == []


def test_every_notebook_is_on_the_page() -> None:
    assert re.findall(r"^\| `(\d\d_\w+)` \|", PAGE, re.MULTILINE) == [
        file.stem for file in sorted((ROOT / "notebooks").glob("*.ipynb"))
    ]
