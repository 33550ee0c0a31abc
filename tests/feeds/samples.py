"""Feed documents of our own, small and in the shapes that occur."""

from collections.abc import Iterable
from html import escape

STORIES = (
    ("g1", "宜春市气象台发布暴雨橙色预警信号", "预计未来三小时城区降雨量将达五十毫米以上，请注意防范。"),
    (
        "g2",
        "网传喝白酒能杀灭体内病毒？疾控专家：没有依据",
        "酒精进入血液后浓度很低，起不到消毒作用，反而伤肝。",
    ),
    ("g3", "樟树药都论坛下周开幕", "来自全国的两百余名中医药专家将参加。"),
    ("g4", "丰城警方提醒：警惕冒充客服退款的诈骗电话", "凡是要求共享屏幕的都是诈骗。"),
)


def rss(stories: Iterable[tuple[str, str, str]] = STORIES, encoding: str = "utf-8", extra: str = "") -> bytes:
    """An RSS 2.0 document."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://news.example.cn/s/{guid}</link>"
        f"<guid isPermaLink='false'>{guid}</guid><description>{escape(text)}</description>"
        "<pubDate>Tue, 24 Nov 2026 08:00:00 +0800</pubDate></item>"
        for guid, title, text in stories
    )
    return (
        f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><title>宜春新闻</title>"
        f"<link>https://news.example.cn/</link><description>本地要闻</description><language>zh-cn</language>"
        f"{extra}{items}</channel></rss>"
    ).encode(encoding)


def atom(stories: Iterable[tuple[str, str, str]] = STORIES, encoding: str = "utf-8") -> bytes:
    """An Atom 1.0 document."""
    entries = "".join(
        f"<entry><title>{escape(title)}</title><id>urn:{guid}</id><link href='/s/{guid}'/>"
        f"<updated>2026-11-24T08:00:00+08:00</updated><summary type='html'>{escape(escape(text))}</summary></entry>"
        for guid, title, text in stories
    )
    return (
        f"<?xml version='1.0' encoding='{encoding}'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='zh-CN' "
        f"xml:base='https://news.example.cn/'><title>宜春新闻</title><id>urn:feed</id>"
        f"<updated>2026-11-24T08:00:00+08:00</updated>{entries}</feed>"
    ).encode(encoding)


CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>36090041600000_20261124080000_1</identifier><sender>宜春市气象局</sender>
  <sent>2026-11-24T08:00:00+08:00</sent><status>Actual</status><msgType>Update</msgType><scope>Public</scope>
  <references>宜春市气象局,36090041600000_20261124060000_1,2026-11-24T06:00:00+08:00</references>
  <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
    <severity>Severe</severity><certainty>Likely</certainty><effective>2026-11-24T08:00:00+08:00</effective>
    <expires>2026-11-24T14:00:00+08:00</expires><senderName>宜春市气象台</senderName>
    <headline>宜春市气象台发布暴雨橙色预警信号</headline>
    <description>未来三小时袁州区、万载县降雨量将达五十毫米以上。</description>
    <instruction>请停止户外活动，远离山洪沟口。</instruction>
    <area><areaDesc>袁州区、万载县</areaDesc><polygon>27.8,114.3 27.9,114.4 27.8,114.3</polygon>
      <geocode><valueName>GB/T2260</valueName><value>360902</value></geocode>
      <geocode><valueName>GB/T2260</valueName><value>360922</value></geocode></area></info>
</alert>"""
