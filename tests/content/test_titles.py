"""What a case is called where its first sighting has no title."""

from __future__ import annotations

import pytest

from content.case_summary import title_of
from tests.content.sighting_examples import seen


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("老街三号楼着火了快来人，我电话13812345678", "老街三号楼着火了快来人，我电话〈略〉"),
        ("朝阳路12号的水能喝吗？回我 li.si@example.com", "朝阳路12号的水能喝吗？回我 〈略〉"),
        ("加微信 wx_abc123 领补贴是真的吗", "加〈略〉 领补贴是真的吗"),
        ("网传12月5日全城停水三天", "网传12月5日全城停水三天"),
        ("https://example.org/a/1 这是真的吗", "https://example.org/a/1 这是真的吗"),
    ],
)
def test_a_question_gives_a_case_its_name_and_no_telephone(text: str, title: str) -> None:
    assert title_of(seen(1, title="", text=text)) == title


def test_the_title_of_a_story_stays_as_it_was_printed() -> None:
    assert title_of(seen(1, title="热线13812345678开通")) == "热线13812345678开通"
