"""What holds of every import that a test here makes."""

import pytest

from failback.adapters.importing.records import Reading
from failback.scenarios.estates.join import Joined
from failback.scenarios.estates.mismatch_words import own
from failback.scenarios.estates.mismatches import mismatches
from failback.scenarios.estates.remarks import Named, Remark

from .mismatch_details import assert_words_stay


@pytest.fixture(autouse=True)
def _mismatches_are_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pseudonymised copy keeps the words that it knows, and no others."""

    def known(done: Joined, reading: Reading) -> dict[Remark, list[Named]]:
        found = mismatches(done, reading)
        assert [what.words for what in found if not own(what.words)] == []
        for what, parts in found.items():
            assert_words_stay(what, parts)
        return found

    monkeypatch.setattr("failback.scenarios.estates.document.mismatches", known)
