"""A live import of the largest estate that the importer promises: 5,000 machines with three disks each."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.vcsim
@pytest.mark.slow
def test_five_thousand_machines_are_imported_and_their_file_is_read_again() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "live_import.py"), "5000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert "\n5000 machines, 15000 disks: " in done.stdout
