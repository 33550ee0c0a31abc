"""Stories of one event come together, stories of another event of the same sort do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from classifiers.duplicates import Story, StoryWindow

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)

STREAM = [
    ("dam", "青山水库出现险情 下游两千名群众连夜转移"),
    ("fire", "城南一家具厂发生火灾 消防出动十二辆车"),
    ("-", "市图书馆推出暑期少儿借阅活动"),
    ("dam", "青山水库险情最新通报：大坝稳定，群众已妥善安置"),
    ("-", "今年早稻收购价每百斤提高三元"),
    ("fire", "家具厂火灾已扑灭，城南片区空气质量正常"),
    ("quake", "四川甘孜发生4.6级地震，震源深度10千米"),
    ("-", "地铁三号线延长线年底开通试运行"),
    ("dam", "下游群众转移安置点：青山水库险情中的一夜"),
    ("quake2", "新疆喀什发生4.2级地震，震源深度15千米"),
    ("fire", "消防通报城南家具厂火灾：无人员伤亡"),
    ("quake", "甘孜4.6级地震暂无人员伤亡报告"),
    ("-", "中小学暑期托管班今天开始报名"),
    ("quake2", "喀什地震震感明显 当地居民：灯在晃"),
    ("dam", "青山水库险情解除 群众陆续返家"),
]


def groups_of(texts: list[tuple[str, str]]) -> dict[str, str]:
    """Each story's group, named by its first story."""
    window = StoryWindow()
    parent = {str(at): str(at) for at in range(len(texts))}
    batch = [Story(str(at), text, START + timedelta(hours=at)) for at, (_, text) in enumerate(texts)]
    for link in window.add(batch):
        parent[link.id] = parent[link.other]
    return parent


def test_a_mixed_stream_falls_into_its_events() -> None:
    parent = groups_of(STREAM)
    for event in ("dam", "fire", "quake", "quake2"):
        groups = {parent[str(at)] for at, (name, _) in enumerate(STREAM) if name == event}
        assert len(groups) == 1, event
    heads = [parent[str(at)] for at, (name, _) in enumerate(STREAM) if name != "-"]
    assert len(set(heads)) == 4


def test_everyday_stories_stay_alone() -> None:
    parent = groups_of(STREAM)
    assert all(parent[str(at)] == str(at) for at, (name, _) in enumerate(STREAM) if name == "-")


def test_the_same_hazard_in_another_city_is_another_event() -> None:
    parent = groups_of([("a", "长沙一小区发生燃气爆炸，三人受伤"), ("b", "合肥一小区发生燃气爆炸，两人受伤")])
    assert parent["0"] != parent["1"]


def test_yesterday_s_market_report_is_not_today_s() -> None:
    parent = groups_of([("a", "7月1日全市生猪价格行情"), ("b", "7月2日全市生猪价格行情")])
    assert parent["0"] != parent["1"]


def test_questions_of_one_form_about_different_things_stay_apart() -> None:
    parent = groups_of(
        [
            ("a", "求推荐城区靠谱的羽毛球馆。周末想约朋友打球，求推荐场地好、停车方便的球馆。"),
            ("b", "求推荐城区靠谱的搬家公司。周末要搬家，求推荐价格实在、服务好的搬家公司。"),
            ("c", "求推荐城区靠谱的牙科诊所"),
            ("d", "求推荐城区好吃的早餐店"),
            ("e", "求推荐靠谱的装修公司"),
            ("f", "打听一下，城区哪家牙科诊所靠谱？"),
        ]
    )
    assert len(set(parent.values())) == 5
    assert parent["5"] == "2"
