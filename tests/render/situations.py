"""Publications as they come up in a county-level city. All texts are our own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from content.body import PieceBody, SourceRef
from content.publications import Publication
from content.render.told import House, Told, told

HOUSE = House(
    desk="宜春市科学技术协会",
    site="清源",
    base_url="https://qingyuan.example.org",
    zone=ZoneInfo("Asia/Shanghai"),
    city="宜春市",
    city_code="360900",
)
FIRST = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)

WATER = PieceBody(
    title="自来水厂每天检测水质，用水安全有保障",
    claim="袁州区自来水被化工厂污染，喝了会得癌，赶紧囤水",
    verdict="false",
    fact="袁州区三座水厂11月19日的42项检测全部合格，供水没有中断，也不会中断。",
    why="传言里的照片拍的是2019年外地的一条河。\n本市两个水源地上游都没有化工企业。",
    todo="不用囤水。发现水有异味，先打开水龙头放一分钟，再拨打12345。",
    sources=(
        SourceRef(
            title="水质检测日报", url="https://water.example.org/daily?d=1119&x=1", publisher="市水务局"
        ),
        SourceRef(title="现场采样记录", publisher="市疾控中心"),
    ),
    topics=("health", "environment"),
    hazard="environmental_pollution",
    regions=("360902",),
    audiences=("general", "elderly"),
    claim_first_seen=date(2026, 11, 19),
    claim_appearance="https://social.example.org/post/1",
    scope="袁州城区，至11月30日",
)
LIGHTNING = PieceBody(
    title="打雷时在家该怎么做",
    question="打雷时能不能洗澡、打电话？",
    answer="雷电天气不要洗淋浴：水管可能导电。\n手机在室内可以用，不要用有线电话。",
    sources=(SourceRef(title="防雷知识手册", url="https://weather.example.org/thunder"),),
    topics=("weather",),
    hazard="thunderstorm_hail",
)
STORM = PieceBody(
    title="转发：宜丰县暴雨橙色预警",
    warning={
        "type": "暴雨",
        "level": "橙色",
        "start": "2026年11月24日14时",
        "area": "宜丰县北部山区",
        "cautions": "未来3小时内降雨量将达50毫米以上，可能引发山洪和滑坡。",
        "measures": "停止户外活动，低洼处和山边的群众立即转移。",
        "issuer": "宜丰县气象台",
        "issued_at": "2026年11月24日13时40分",
    },
    sources=(SourceRef(title="宜丰县气象台", url="https://weather.example.org/w/1"),),
    hazard="rainstorm",
    regions=("360924",),
)
HOSTILE = PieceBody(
    title="标题<script>alert(1)</script>\r\n第二行\x07 & ]]>",
    claim='传言"></script><script>alert(2)</script>\u2028',
    verdict="misleading",
    fact="事实 <b>粗体</b> & \x00 ]]> \ufffe \U0001f600",
    todo="@all 看[这里](http://evil.example.org)",
    sources=(SourceRef(title="<img src=x onerror=alert(3)>", url="https://e.example.org/?a=1&b=\"'<"),),
)


def publication(
    body: PieceBody = WATER,
    kind: str = "rebuttal",
    public_id: str = "water2345678",
    sequence: int = 1,
    published: datetime = FIRST,
    **fields: Any,
) -> Publication:
    """A first version, unless the fields say otherwise."""
    issued = fields.pop("issued_at", published)
    return Publication(
        id=UUID(int=sequence),
        public_id=public_id,
        version=fields.pop("version", 1),
        sequence=sequence,
        type=fields.pop("type", "publish"),
        piece_id=UUID(int=sequence + 1000),
        revision=1,
        sha256=body.sha256() if body is not HOSTILE else "0" * 64,
        snapshot={
            "kind": kind,
            "body": body.model_dump(mode="json"),
            "published_at": published.isoformat(),
            "issued_at": issued.isoformat(),
            "changes": fields.pop("changes", []),
            "approver": "李签发",
            "authors": ["王编辑"],
        },
        published_at=published,
        issued_at=issued,
        by_id=UUID(int=7),
        **fields,
    )


def corrected(**fields: Any) -> Publication:
    """The water rebuttal with a corrected figure, a day later."""
    later = FIRST + timedelta(days=1)
    reason = "首次发布时把42项检测写成了24项。"
    change = {
        "at": later.isoformat(),
        "type": "correct",
        "version": 2,
        "reason": reason,
        "fields": ["fact"],
    }
    defaults: dict[str, Any] = {"sequence": 2, "version": 2, "type": "correct", "reason": reason}
    return publication(**{**defaults, "changes": [change], "issued_at": later, **fields})


def retracted(**fields: Any) -> Publication:
    """The water rebuttal, withdrawn."""
    later = FIRST + timedelta(days=2)
    reason = "检测报告引用有误，正在重新核实。"
    change = {"at": later.isoformat(), "type": "retract", "version": 3, "reason": reason, "fields": []}
    defaults: dict[str, Any] = {"sequence": 3, "version": 3, "type": "retract", "reason": reason}
    return publication(**{**defaults, "changes": [change], "issued_at": later, **fields})


def a_rebuttal() -> Told:
    return told(publication())


def an_explainer() -> Told:
    return told(publication(LIGHTNING, "explainer", "thunder34567", 4))


def a_warning() -> Told:
    return told(publication(STORM, "warning", "storm3456789", 5))


def a_corrected_rebuttal() -> Told:
    return told(corrected())


def a_retraction() -> Told:
    return told(retracted())


def hostile_text() -> Told:
    return told(publication(HOSTILE, "rebuttal", "hostile34567", 6))


def a_holding_statement() -> Told:
    body = PieceBody(
        title="关于丰城水位的消息正在核实",
        claim="丰城大堤决口了",
        fact="我们正在向市防汛办核实。",
        todo="请先不要转发。",
    )
    return told(publication(body, "holding", "holding34567", 7))


ALL = (
    a_rebuttal,
    an_explainer,
    a_warning,
    a_corrected_rebuttal,
    a_retraction,
    a_holding_statement,
    hostile_text,
)
