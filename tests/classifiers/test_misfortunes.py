"""One person's misfortune has an emergency's words; someone sought, and many people, stay an emergency."""

from __future__ import annotations

import pytest

from classifiers import hazards, misfortunes
from classifiers.text import normalise


@pytest.mark.parametrize(
    "sentence",
    [
        "35岁男子骑摩托撞树身亡",
        "女子被前夫持刀威胁后报警",
        "小狗掉进下水道被消防救出",
        "某军空袭致平民死亡",
        "烈士牺牲前的最后一封家书",
        "老人摔伤索赔案二审宣判",
        "妈妈确诊抑郁症后学画画",
        "主播探店翻车",
        "某游戏宣布停止运营",
    ],
)
def test_one_person_an_animal_a_court_or_a_war_is_no_alarm(sentence: str) -> None:
    assert hazards.judge(normalise(sentence)).logit < -2


@pytest.mark.parametrize(
    "sentence",
    [
        "丰城一男童走失，百余名群众连夜搜寻",
        "沪昆高速一客车翻车，司机和9名乘客受伤",
        "男子驾车冲撞人群，已致6人死亡",
        "女子家中起火，整栋楼居民疏散",
        "山体滑坡掩埋一名男子，救援进行中",
        "一架小型飞机坠毁，飞行员身亡",
    ],
)
def test_many_people_nature_fire_or_someone_sought_stays_one(sentence: str) -> None:
    assert hazards.judge(normalise(sentence)).logit > 0


def test_what_speaks_against_it_is_told_in_its_own_words() -> None:
    found = misfortunes.private("男子酒后翻车受伤", "traffic")
    assert [reason.term for reason in found] == ["男子"]
    assert found[0].weight < 0


@pytest.mark.parametrize("sentence", ["官方通报一起邻里纠纷", "多地房价上涨", "警方通报辅警被打"])
def test_a_notice_of_the_police_says_nothing_by_itself(sentence: str) -> None:
    assert hazards.judge(normalise(sentence)).logit <= -3
