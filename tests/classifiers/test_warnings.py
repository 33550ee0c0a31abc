"""Official warnings in the forms that county stations, ministries and the national centre use."""

from __future__ import annotations

import pytest

from classifiers import hazards, warnings
from classifiers.text import normalise

# Text, issuer ("" where none is asked for), level, hazard, action.
WARNINGS = """
宜春市气象台2026年6月18日16时30分发布暴雨黄色预警信号：预计未来6小时袁州区、丰城市降雨量将达50毫米以上，请注意防范。|宜春市气象台|yellow|rainstorm|issue
【暴雨橙色预警】靖安县气象台06月18日21时15分发布暴雨橙色预警信号|靖安县气象台|orange|rainstorm|issue
高安市气象台将暴雨黄色预警信号升级为暴雨橙色预警信号|高安市气象台|orange|rainstorm|update
丰城市气象台2026年06月19日02时10分变更暴雨红色预警信号为暴雨橙色预警信号|丰城市气象台|orange|rainstorm|update
上高县气象台继续发布暴雨蓝色预警信号|上高县气象台|blue|rainstorm|update
樟树市气象台2026年6月19日8时解除暴雨橙色预警信号|樟树市气象台|orange|rainstorm|cancel
万载县气象台发布雷暴大风黄色预警[III级/较重]|万载县气象台|yellow|thunderstorm_hail|issue
铜鼓县气象台发布雷电黄色预警信号：未来6小时可能发生雷电活动|铜鼓县气象台|yellow|thunderstorm_hail|issue
奉新县气象台2026年04月11日14时发布冰雹橙色预警信号|奉新县气象台|orange|thunderstorm_hail|issue
宜丰县气象台发布大风蓝色预警信号，阵风可达8级|宜丰县气象台|blue|thunderstorm_hail|issue
江西省气象台发布强对流天气蓝色预警|江西省气象台|blue|thunderstorm_hail|issue
中央气象台5月3日18时发布强对流天气橙色预警|中央气象台|orange|thunderstorm_hail|issue
宜春市气象台发布高温橙色预警信号，最高气温将升至37℃以上|宜春市气象台|orange|heat|issue
袁州区气象局继续发布高温红色预警信号|袁州区气象局|red|heat|update
高温红色预警解除||red|heat|cancel
宜春市气象台发布大雾橙色预警信号：能见度小于200米|宜春市气象台|orange|traffic|issue
靖安县气象台发布浓雾黄色预警信号|靖安县气象台|yellow|traffic|issue
铜鼓县气象台2026年1月20日发布道路结冰黄色预警信号|铜鼓县气象台|yellow|cold_wave|issue
万载县气象局解除道路结冰橙色预警|万载县气象局|orange|cold_wave|cancel
江西省气象台发布寒潮蓝色预警|江西省气象台|blue|cold_wave|issue
宜春市气象台发布霜冻蓝色预警信号|宜春市气象台|blue|cold_wave|issue
宜春市气象台发布暴雪黄色预警信号|宜春市气象台|yellow|cold_wave|issue
江西省气象台发布低温雨雪冰冻黄色预警|江西省气象台|yellow|cold_wave|issue
宜春市气象台发布电线积冰黄色预警信号|宜春市气象台|yellow|cold_wave|issue
中央气象台发布台风红色预警|中央气象台|red|typhoon|issue
宁波市气象台将台风蓝色预警信号升级为台风黄色预警信号|宁波市气象台|yellow|typhoon|update
中央气象台7月25日06时解除台风蓝色预警|中央气象台|blue|typhoon|cancel
江西省水文监测中心发布洪水蓝色预警：锦江上高站水位将超警戒|江西省水文监测中心|blue|flood|issue
宜春市水文水资源监测中心2026年6月20日升级发布洪水黄色预警|宜春市水文水资源监测中心|yellow|flood|update
赣江中游水文水资源监测中心解除洪水蓝色预警|赣江中游水文水资源监测中心|blue|flood|cancel
锦江高安段发布洪水橙色预警（水文）||orange|flood|issue
水利部和中国气象局7月2日18时联合发布橙色山洪灾害气象预警|水利部|orange|flood|issue
宜春市水利局、宜春市气象局联合发布山洪灾害气象风险黄色预警|宜春市水利局|yellow|flood|issue
靖安县水利局发布山洪灾害黄色预警，请罗湾乡做好转移准备|靖安县水利局|yellow|flood|issue
自然资源部与中国气象局联合发布地质灾害气象风险橙色预警|自然资源部|orange|geological|issue
宜春市自然资源局、宜春市气象台联合发布地质灾害气象风险黄色预警|宜春市自然资源局|yellow|geological|issue
万载县自然资源局升级地质灾害气象风险预警为红色（Ⅰ级）|万载县自然资源局|red|geological|update
铜鼓县自然资源局解除地质灾害气象风险预警|铜鼓县自然资源局|-|geological|cancel
地质灾害气象风险三级（黄色）预警||yellow|geological|issue
宜春市林业局、宜春市气象局联合发布森林火险橙色预警|宜春市林业局|orange|forest_fire|issue
江西省森林防灭火指挥部办公室发布高森林火险红色预警|江西省森林防灭火指挥部办公室|red|forest_fire|issue
宜丰县森林防灭火指挥部发布森林火险橙色预警信号|宜丰县森林防灭火指挥部|orange|forest_fire|issue
奉新县发布森林火险红色预警||red|forest_fire|issue
宜春市防汛抗旱指挥部发布干旱橙色预警|宜春市防汛抗旱指挥部|orange|drought|issue
江西省水利厅发布水旱灾害防御枯水蓝色预警|江西省水利厅|blue|drought|issue
国家气候中心发布气象干旱黄色预警|国家气候中心|yellow|drought|issue
宜春市生态环境局发布重污染天气黄色预警|宜春市生态环境局|yellow|environmental_pollution|issue
宜春市重污染天气应急指挥部办公室启动空气重污染橙色预警|宜春市重污染天气应急指挥部办公室|orange|environmental_pollution|issue
宜春市气象台发布霾黄色预警信号|宜春市气象台|yellow|environmental_pollution|issue
国家预警信息发布中心：江西省宜春市发布暴雨红色预警|国家预警信息发布中心|red|rainstorm|issue
应急管理部：江西防汛形势严峻，中央气象台发布暴雨橙色预警||orange|rainstorm|issue
【分区预警】袁州区西村镇、慈化镇暴雨红色预警，其余乡镇暴雨橙色预警||red|rainstorm|issue
暴雨Ⅱ级预警！丰城市气象台提醒加强防范|丰城市气象台|orange|rainstorm|issue
宜春市发布内涝风险黄色预警||yellow|flood|issue
宜春市气象台与市住建局联合发布城市内涝气象风险橙色预警|宜春市气象台|orange|flood|issue
江西省气象台5月6日维持暴雨橙色预警|江西省气象台|orange|rainstorm|update
靖安县气象台取消雷雨大风黄色预警信号|靖安县气象台|yellow|thunderstorm_hail|cancel
樟树市气象台将高温红色预警降级为高温橙色预警|樟树市气象台|orange|heat|update
国家海洋环境预报中心发布海浪红色警报|国家海洋环境预报中心|red|flood|issue
江西省气象局：沙尘蓝色预警信号|江西省气象局|blue|thunderstorm_hail|issue
"""
QUIET = """
一图读懂暴雨红色预警信号的含义
县气象局进校园讲解雷电黄色预警信号
高安市开展山洪灾害橙色预警应急演练
《暴雨红色预警》是一部灾难片
暴雨橙色预警和红色预警有什么区别
收到地质灾害橙色预警怎么办
十年前的今天，宜春发布过暴雨红色预警
预警信号发布办法公开征求意见
钱包红色预警
情绪红色预警：再加班就要崩了
健康橙色预警
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().split("\n")]


@pytest.mark.parametrize("row", _rows(WARNINGS), ids=lambda row: row[0][:24])
def test_a_warning_is_read_with_issuer_level_kind_and_act(row: list[str]) -> None:
    text, issuer, level, hazard, action = row
    found = warnings.read(normalise(text))
    assert found is not None
    assert (warnings.hazard(found), found.action) == (hazard, action)
    assert found.level == (None if level == "-" else level)
    assert not issuer or found.issuer == issuer


@pytest.mark.parametrize("row", _rows(WARNINGS), ids=lambda row: row[0][:24])
def test_a_warning_is_an_emergency_for_the_rules_alone(row: list[str]) -> None:
    assert hazards.judge(normalise(row[0])).logit > 0


@pytest.mark.parametrize("text", QUIET.strip().split("\n"))
def test_lessons_drills_films_memories_and_figures_of_speech_are_no_warning(text: str) -> None:
    assert warnings.read(normalise(text)) is None
