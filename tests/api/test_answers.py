"""An operator of one's own that answers what nobody has asked: one paragraph, and a history that can be heard again."""

import json
from collections.abc import Sequence
from math import inf
from pathlib import Path

import pytest

import failback
from failback.reprotect import AskOperator, OperatorAnswered


class Hasty:
    """Answers this, once, before anybody has asked."""

    next_s = 60.0

    def __init__(self, item: str, gate: str) -> None:
        self._answers = [OperatorAnswered(item, gate, True)]

    def ask(self, question: AskOperator, now_s: float) -> None:
        """Nobody listens."""

    def answers(self, now_s: float) -> Sequence[OperatorAnswered]:
        if now_s == 0.0:
            return ()
        answers, self._answers, self.next_s = self._answers, [], inf
        return answers


@pytest.mark.parametrize(("item", "gate"), [("app-01", "no-such-gate"), ("nobody", "ready"), ("app-01", "")])
def test_an_answer_to_a_gate_that_is_not_open_is_refused_in_one_paragraph(item: str, gate: str, tmp_path: Path) -> None:
    with pytest.raises(failback.BadInput) as refused:
        failback.play("one_vm", operator=Hasty(item, gate), out=tmp_path / "out")
    said = str(refused.value)
    assert f"gate '{gate}' of '{item}', which is not open: it waits at no gate" in said
    assert "\n" not in said
    lines = (tmp_path / "out/history.jsonl").read_text("utf-8").splitlines()
    names = [json.loads(line)["name"] for line in lines]
    assert "OperatorAnswered" not in names
    assert "StartOperation" in names
