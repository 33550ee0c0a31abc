"""What somebody asks who quotes an address: about the page, or about something else."""

from __future__ import annotations

import pytest

from content.asking import Asked, first_link, is_bare, same_matter

PAGE = Asked(
    "赣西机场扩建工程通过验收。市交通局介绍，新航站楼今年底启用，面积比原来增加一倍，停车位增加三百个。",
    question=False,
)


@pytest.mark.parametrize(
    "question",
    [
        "这是真的吗",
        "请问这篇文章是真的吗？",
        "這篇文章是真的嗎？",
        "帮我看看这个链接",
        "老人家转来的，能信吗",
        "https://news.example.cn/a?id=1 求辟谣",
        "IMG_2034.jpg 真的假的",
        "😂😂😂😂",
    ],
)
def test_who_asks_only_whether_it_is_true_asks_about_the_page(question: str) -> None:
    assert is_bare(question)
    assert same_matter(Asked(question, question=True), PAGE)


@pytest.mark.parametrize("question", ["机场年底真的要启用新航站楼吗", "听说赣西机场扩建好了，是不是谣言"])
def test_a_question_in_the_words_of_the_page_is_about_it(question: str) -> None:
    assert not is_bare(question)
    assert same_matter(Asked(question, question=True), PAGE)
    assert same_matter(PAGE, Asked(question, question=True))


@pytest.mark.parametrize(
    "question", ["隔壁说下周停水三天，是真的吗", "喝醋能软化血管吗", "救命，我家进水了", "收房租要交税吗"]
)
def test_a_question_in_other_words_is_another_matter(question: str) -> None:
    assert not same_matter(Asked(question, question=True), PAGE)
    assert not same_matter(PAGE, Asked(question, question=True))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("这是真的吗", "求核实这条新闻", True),
        ("喝醋能软化血管吗", "文章里说喝醋可以软化血管，靠谱吗", True),
        ("喝醋能软化血管吗", "下周停水三天是真的吗", False),
        ("这是真的吗", "下周停水三天是真的吗", False),
    ],
)
def test_two_questions_at_one_address_are_one_matter_when_they_ask_the_same(
    one: str, other: str, same: bool
) -> None:
    for first, second in ((one, other), (other, one)):
        assert same_matter(Asked(first, question=True), Asked(second, question=True)) is same


def test_two_stories_at_one_address_are_one_matter_whatever_they_say() -> None:
    assert same_matter(PAGE, Asked("", question=False))


def test_the_first_link_ends_where_chinese_goes_on() -> None:
    assert first_link("看到https://a.example/x?id=1，说要停电") == "https://a.example/x?id=1"
    assert first_link("（见 http://a.example/b）") == "http://a.example/b"
    assert first_link("没有地址") == ""
