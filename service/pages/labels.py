"""Names of codes, as people read them. Codes travel through the house; words are chosen here and nowhere else.

Kinds of codes that the taxonomy names (topics, hazards, verdicts…) are taken from there; the rest is translated by
gettext with the kind as context (编辑 is a role here and a button elsewhere). An unknown code is shown as it is, so that a new one is visible rather than fatal.
"""

from __future__ import annotations

from collections.abc import Mapping

from classifiers import taxonomy
from service.pages.i18n import pgettext

TAXONOMY: dict[str, Mapping[str, taxonomy.Name | taxonomy.Hazard]] = {
    "category": taxonomy.CATEGORIES,
    "level": taxonomy.LEVELS,
    "hazard": taxonomy.HAZARDS,
    "topic": taxonomy.TOPICS,
    "audience": taxonomy.AUDIENCES,
    "verdict": taxonomy.VERDICTS,
}

WORDS: dict[str, dict[str, str]] = {
    "case_kind": {
        "rumor": "疑似谣言",
        "emergency": "突发事件",
        "question": "群众求证",
        "debunk": "他人辟谣",
        "news": "一般新闻",
    },
    "case": {
        "queued": "待处理",
        "accepted": "处理中",
        "answered": "已回应",
        "dismissed": "不予处理",
        "merged": "已并入",
    },
    "piece_kind": {
        "rebuttal": "辟谣",
        "explainer": "科普",
        "holding": "正在核实",
        "warning": "转发预警",
        "correction": "更正",
    },
    "piece": {
        "draft": "草稿",
        "in_review": "待签发",
        "returned": "已退回",
        "approved": "已签发",
        "published": "已发布",
        "corrected": "已更正",
        "retracted": "已撤回",
    },
    "delivery": {
        "pending": "等待投递",
        "sending": "正在投递",
        "waiting": "等待重试",
        "sent": "已送达",
        "failed": "投递失败",
        "uncertain": "结果不明，需人工确认",
        "cancelled": "已取消",
        "expired": "已过期",
    },
    "publication": {
        "publish": "发布",
        "correct": "更正",
        "retract": "撤回",
    },
    "assignment": {
        "offered": "已邀请",
        "accepted": "已接受",
        "fulfilled": "已答复",
        "declined": "已婉拒",
        "expired": "已过期",
        "withdrawn": "已撤回",
    },
    "incident": {
        "standby": "待命",
        "active": "应急中",
        "recovering": "恢复中",
        "closed": "已结束",
    },
    "source": {
        "new": "未抓取",
        "ok": "正常",
        "degraded": "不稳定",
        "failing": "抓取失败",
        "gone": "已失效",
    },
    "tip": {
        "received": "已收到",
        "in_work": "正在核实",
        "answered": "已答复",
        "closed": "已办结",
    },
    "role": {
        "editor": "编辑",
        "issuer": "签发",
        "expert": "专家",
        "sysadmin": "系统管理员",
        "secadmin": "安全管理员",
        "auditor": "审计员",
    },
    "error": {
        "not_found": "找不到这个内容，或者您无权查看。",
        "forbidden": "您的角色不能做这件事。",
        "invalid": "填写的内容有问题，请检查。",
        "stale_version": "别人刚刚改动过，请重新打开再操作。",
        "stale_revision": "稿件在您打开之后又有改动，请阅读最新一版。",
        "too_many_requests": "操作太频繁，请稍等片刻。",
        "unavailable": "系统暂时无法保存，没有任何改动，请稍后再试。",
        "illegal_transition": "当前状态下不能这样操作。",
        "self_approval": "不能签发自己起草、修改或提交的稿件，需要另一人签发。",
        "incomplete": "稿件还缺少必要内容。",
        "already_published": "已经发布，只能更正或撤回。",
        "not_a_candidate": "这位专家目前不能承担此项任务。",
        "blocked_address": "这个网址不允许访问。",
        "internal": "系统出错了，已经记录。",
    },
}


def label(code: str | None, kind: str, locale: str) -> str:
    """The words for `code`, e.g. `label("false", "verdict", "zh")` → 谣言. Empty for None."""
    if not code:
        return ""
    names = TAXONOMY.get(kind)
    if names is not None:
        name = names.get(code)
        return str(code) if name is None else (name.en if locale == "en" else name.zh)
    text = WORDS.get(kind, {}).get(code)
    return str(code) if text is None else pgettext(locale, kind, text)


def options(kind: str, locale: str) -> list[tuple[str, str]]:
    """All codes of a kind with their words, for a `<select>`."""
    return [(code, label(code, kind, locale)) for code in TAXONOMY.get(kind, WORDS.get(kind, {}))]
