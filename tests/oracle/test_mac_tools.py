"""What other tools count, to the unit: our count, and a formula for the difference."""

from __future__ import annotations

import pytest

from .mac_questions import ANSWERS, ASKED, QUESTIONS, REFUSED, Answer


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_figure_of_a_tool(answer: Answer) -> None:
    if answer.beyond == REFUSED:
        assert answer.answer.startswith("error: ")
    else:
        assert answer.answer == str(answer.explained)


def test_every_question_and_every_difference_was_measured() -> None:
    assert {a.question for a in ANSWERS} == QUESTIONS.keys()
    assert {a.asked for a in ANSWERS} == ASKED.keys()
    asked = {(a.question, f"{a.tool} {a.asked}") for a in ANSWERS}
    told = {(name, key) for name, question in QUESTIONS.items() for key in question.beyond}
    assert not told - asked, "explains what no tool said"
