"""Known claims: the same claim is found, the same template about another city is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.claims import Claim, ClaimIndex

CLAIMS = {
    "milk": "空腹喝牛奶会引起胃穿孔",
    "dam": "青山水库决堤，下游群众赶快转移",
    "wifi": "无线路由器的辐射会让孕妇流产",
    "hangzhou": "杭州下周要封城，超市已经抢空",
    "exam": "今年高考推迟到七月举行",
    "subsidy": "60岁以上老人可以领取一次性补贴五千元",
    "noodle": "粉丝用火一点就着说明掺了胶",
    "quake": "今晚八点本地将发生6.5级地震",
}


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    return ClaimIndex(Claim(id, text) for id, text in CLAIMS.items())


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("网传空腹喝牛奶会胃穿孔？医生：没有依据", "milk"),
        ("青山水库要决堤了，大家快跑！", "dam"),
        ("辟谣：无线路由器辐射导致孕妇流产是假的", "wifi"),
        ("听说杭州下周封城？", "hangzhou"),
        ("高考推迟到7月？教育部回应", "exam"),
        ("緊急擴散！今晚八點本地將有6.5級地震", "quake"),
    ],
)
def test_the_same_claim_in_other_words_is_known(index: ClaimIndex, text: str, id: str) -> None:
    found = index.known(text)
    assert found is not None
    assert found.id == id
    assert found.score >= 0.5
    assert index.match(text)[0].id == id


@pytest.mark.parametrize(
    "text",
    [
        "红旗水库决堤，下游群众赶快转移",
        "广州下周要封城，超市已经抢空",
        "今年中考推迟到九月举行",
        "80岁以上老人可以领取高龄津贴",
        "面条能洗出胶说明是胶做的",
        "本地昨晚发生3.1级地震，无人伤亡",
        "市图书馆周末举办少儿绘本故事会",
        "",
        "？？？",
    ],
)
def test_what_only_looks_like_it_is_not_known(index: ClaimIndex, text: str) -> None:
    assert index.known(text) is None


def test_the_reasons_name_shared_words_and_what_differs(index: ClaimIndex) -> None:
    best = index.match("广州下周要封城，超市已经抢空")[0]
    assert best.id == "hangzhou"
    assert "封城" in best.because
    assert any(reason.startswith("≠ 地点") for reason in best.because)


def test_matches_come_best_first_and_no_more_than_asked(index: ClaimIndex) -> None:
    matches = index.match("老人可以领取补贴吗，水库决堤了吗", top=3)
    assert len(matches) <= 3
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)


def test_a_claim_added_later_is_known_and_a_removed_one_is_not() -> None:
    index = ClaimIndex(Claim(id, text) for id, text in CLAIMS.items())
    text = "喝醋能软化鱼刺？耳鼻喉科：危险"
    assert index.known(text) is None
    index.add(Claim("bone", "鱼刺卡喉咙喝醋可以软化鱼刺"))
    found = index.known(text)
    assert found is not None
    assert found.id == "bone"
    index.remove("bone")
    assert index.known(text) is None
    assert all(match.id != "bone" for match in index.match(text))
    assert len(index) == len(CLAIMS)


def test_adding_a_claim_again_replaces_it() -> None:
    index = ClaimIndex([Claim("a", "空腹喝牛奶会引起胃穿孔")])
    index.add(Claim("a", "吃木耳可以清肺排毒"))
    assert len(index) == 1
    assert index.known("空腹喝牛奶会引起胃穿孔") is None
    assert index.known("木耳能清肺排毒吗") is not None


def test_the_order_of_claims_changes_nothing() -> None:
    forward = ClaimIndex(Claim(id, text) for id, text in CLAIMS.items())
    backward = ClaimIndex(Claim(id, text) for id, text in reversed(CLAIMS.items()))
    for text in CLAIMS.values():
        mine, theirs = forward.match(text, 3), backward.match(text, 3)
        assert [m.id for m in mine] == [m.id for m in theirs]
        assert [m.score for m in mine] == pytest.approx([m.score for m in theirs], abs=1e-6)


def test_many_removals_shrink_the_index_and_keep_the_rest() -> None:
    index = ClaimIndex(Claim(f"n{i}", f"第{i}号小区的自来水被污染，大家不要喝") for i in range(2_300))
    index.add(Claim("milk", CLAIMS["milk"]))
    for i in range(2_300):
        index.remove(f"n{i}")
    assert len(index) == 1
    assert index.known("空腹喝牛奶会胃穿孔") is not None


def test_a_claim_inside_a_long_forward_is_known(index: ClaimIndex) -> None:
    forward = (
        "各位邻居大家好，刚刚在群里看到这个消息，心里很害怕，赶紧告诉大家。"
        "我表哥在那边上班，他说已经通知了。青山水库决堤了，下游群众赶快转移！"
        "家里有老人和孩子的先走，东西不要拿了，人最重要。晚上不要睡得太死，手机保持畅通。"
    )
    found = index.known(forward)
    assert found is not None
    assert found.id == "dam"


def test_an_answer_s_own_words_help_to_find_its_claim() -> None:
    index = ClaimIndex(
        [
            Claim("a", "某小区出现怪病", body="经查，桂花苑小区三名居民患的是普通肠胃炎，已经出院。"),
            Claim("b", "某学校出现怪味", body="经查，气味来自正在施工的塑胶跑道。"),
        ]
    )
    assert index.match("桂花苑居民肠胃炎")[0].id == "a"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_index(text: str) -> None:
    index = ClaimIndex([Claim("milk", CLAIMS["milk"]), Claim("odd", text)])
    index.known(text)
    assert all(0.0 <= match.score <= 1.0 for match in index.match(text))


def test_many_texts_asked_at_once_get_what_each_gets_alone(index: ClaimIndex) -> None:
    asked = [
        "空腹喝牛奶会胃穿孔",
        "今天多云转晴",
        "",
        "木耳能清肺排毒吗",
        "网传空腹喝牛奶会引起胃穿孔，请转发！",
    ] * 4
    found = index.known_all(asked)
    assert found == [index.known(text) for text in asked]
    assert found[0] is not None
    assert found[1] is None


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("VC泡腾片能治感冒？", "维生素C泡腾片可以治疗感冒"),
        ("医院里的病人逃走了", "县医院有患者逃跑"),
        ("老人跳楼了？", "一老人坠楼身亡"),
        ("打鼾说明睡得香？", "打呼噜就是睡得香"),
        ("上游水库要开闸放水了", "上游水库今天开闸泄洪"),
    ],
)
def test_everyday_words_and_the_official_ones_are_the_same(text: str, claim: str) -> None:
    index = ClaimIndex([Claim("it", claim), Claim("other", "吃香蕉可以预防甲流")])
    best = index.match(text)[0]
    assert best.id == "it"
    assert best.score >= 0.5


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("糖尿病", "吃糖会得糖尿病"),
        ("出租车起步价多少钱", "出租车起步价涨到十元"),
        ("初中下学期取消期末考试", "高中下学期取消期末考试"),
        ("春节假期延长到2月20日", "春节假期延长到2月10日"),
        ("城南加油站爆炸，死伤几十人", "城北加油站爆炸，死伤几十人"),
    ],
)
def test_a_topic_a_practical_question_and_another_of_the_kind_are_no_known_claim(
    text: str, claim: str
) -> None:
    assert ClaimIndex([Claim("it", claim)]).known(text) is None
