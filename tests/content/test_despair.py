"""Who writes of not wanting to live is seen, and who asks about something else is not."""

from __future__ import annotations

import pytest

from content.despair import despairs


@pytest.mark.parametrize("text", ["我真的不想活了，这药吃几片会死", "隔壁姑娘说要自殺，怎么办"])
def test_somebody_who_wants_to_die_is_seen(text: str) -> None:
    assert despairs(text)


@pytest.mark.parametrize("text", ["喝醋能软化血管吗", "这鱼是死的，还能吃吗", ""])
def test_other_questions_are_not_taken_for_that(text: str) -> None:
    assert not despairs(text)
