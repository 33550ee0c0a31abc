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
宜春市气象台发布大雾橙色预警信号：能见度小于200米|宜春市气象台|orange|thunderstorm_hail|issue
靖安县气象台发布浓雾黄色预警信号|靖安县气象台|yellow|thunderstorm_hail|issue
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
# As towns, groups and schools pass them on, written before they were tried.
PASSED_ON = """
【宜春市气象台】各位市民：市气象台6月21日5时40分将暴雨橙色预警升级为暴雨红色预警，袁州区、万载县3小时内降雨量已达100毫米且将持续，非必要不出门。|宜春市气象台|red|rainstorm|update
@所有人 转发：丰城市气象台06月22日07时发布雷电黄色预警信号，梅林镇、曲江镇未来2小时有雷电，请停止田间劳作|丰城市气象台|yellow|thunderstorm_hail|issue
【樟树气象】樟树市气象台2026年7月15日15时更新高温橙色预警信号为高温红色预警信号，局部可达40℃|樟树市气象台|red|heat|update
高安市气象局6月23日08时解除暴雨黄色预警信号，请注意后续降雨|高安市气象局|yellow|rainstorm|cancel
铜鼓县气象台与自然资源局6月21日联合升级发布地质灾害气象风险橙色预警，排埠镇、棋坪镇为高风险区，已“叫应”乡镇负责人|铜鼓县气象台|orange|geological|update
靖安县教育局紧急通知：因暴雨红色预警，全县中小学、幼儿园明日停课||red|rainstorm|issue
万载县森林防灭火指挥部办公室、万载县气象局联合发布森林火险红色预警信号，有效期10月3日至7日，严禁一切野外用火|万载县森林防灭火指挥部办公室|red|forest_fire|issue
江西省水文监测中心6月22日14时升级洪水预警为橙色，袁河宜春站水位预计超警戒1.5米|江西省水文监测中心|orange|flood|update
宜春市水利局6月22日16时发布山洪灾害橙色预警：今晚至明天袁州区、万载县发生山洪可能性大|宜春市水利局|orange|flood|issue
宜春市水文中心发布洪水黄色预警|宜春市水文中心|yellow|flood|issue
【预警解除】靖安县气象台于22日11时20分解除雷雨大风黄色预警信号|靖安县气象台|yellow|thunderstorm_hail|cancel
宜春市气象局、宜春市应急管理局提醒：市气象台已将道路结冰黄色预警降级为蓝色|宜春市气象局|blue|cold_wave|update
转发县里通知，奉新县气象台16时10分发布大风黄色预警，九仙乡、甘坊镇阵风可达9级，船只回港|奉新县气象台|yellow|thunderstorm_hail|issue
宜春市气象台6月22日5时56分继续发布暴雨橙色预警信号:未来3小时樟树市、丰城市降雨50毫米以上|宜春市气象台|orange|rainstorm|update
省自然资源厅、省气象局6月21日18时联合发布地质灾害气象风险预警：宜春北部为橙色预警区，萍乡为黄色预警区|省自然资源厅|orange|geological|issue
宜春市生态环境局11月20日启动重污染天气黄色预警|宜春市生态环境局|yellow|environmental_pollution|issue
宜春市疾控中心发布高温中暑气象风险橙色预警|宜春市疾控中心|orange|heat|issue
宜春市自然资源局撤销6月20日发布的地质灾害气象风险三级黄色预警|宜春市自然资源局|yellow|geological|cancel
丰城市水利局发布小流域山洪红色预警，请沿河村组立即转移|丰城市水利局|red|flood|issue
宜春市气象台发布雷暴大风、冰雹橙色预警信号|宜春市气象台|orange|thunderstorm_hail|issue
"""
# Orders and notices that name no warning: hazard.
ORDERS = """
上高县防汛抗旱指挥部办公室通告：受上游来水影响，锦江上高站水位已超警戒，预计6月22日夜间出现洪峰，沿江群众做好转移准备|flood
紧急通知：团结水库将于今日14时开闸泄洪，下泄流量300立方米每秒，请下游河道两岸人员、牲畜立即撤离|flood
关于飞剑潭水库泄洪的通告：今晚8时起加大下泄流量，请沿河群众远离河道|flood
叫应提醒：排埠镇6月21日3小时降雨已达120毫米，请立即组织切坡建房户转移，并回复|rainstorm
因持续强降雨，靖安至奉新班线今日全部停运，恢复时间另行通知|rainstorm
奉新县防汛抗旱指挥部6月22日10时将防汛四级应急响应提升至三级|flood
紧急避险转移通知：石岭村三组、四组村民，后山出现裂缝，请今晚9时前全部转移到村小学安置点|geological
【紧急】袁州区应急管理局：受台风“山神”影响，明日12时起全区停工停业停课停运|typhoon
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


@pytest.mark.parametrize("row", _rows(WARNINGS + PASSED_ON.lstrip()), ids=lambda row: row[0][:24])
def test_a_warning_is_read_with_issuer_level_kind_and_act(row: list[str]) -> None:
    text, issuer, level, hazard, action = row
    found = warnings.read(normalise(text))
    assert found is not None
    assert (warnings.hazard(found), found.action) == (hazard, action)
    assert found.level == (None if level == "-" else level)
    assert not issuer or found.issuer == issuer


@pytest.mark.parametrize("row", _rows(WARNINGS + PASSED_ON.lstrip()), ids=lambda row: row[0][:24])
def test_a_warning_is_an_emergency_for_the_rules_alone(row: list[str]) -> None:
    assert hazards.judge(normalise(row[0])).logit > 0


@pytest.mark.parametrize("row", _rows(ORDERS), ids=lambda row: row[0][:24])
def test_orders_to_leave_to_close_and_to_answer_are_emergencies(row: list[str]) -> None:
    assert warnings.read(normalise(row[0])) is None
    verdict = hazards.judge(normalise(row[0]))
    assert verdict.logit > 0
    assert verdict.hazard == row[1]


@pytest.mark.parametrize("text", QUIET.strip().split("\n"))
def test_lessons_drills_films_memories_and_figures_of_speech_are_no_warning(text: str) -> None:
    assert warnings.read(normalise(text)) is None
