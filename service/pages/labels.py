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
    "check": {
        "missing": "这一项还没有填",
        "no_explanation": "没有说明依据和道理",
        "empty_source": "有一个来源是空的",
        "source_without_time": "来源没有注明查看时间，保存时会自动补上",
        "verdict_without_evidence": "有结论，但来源没有网址、单位或原话",
        "claim_in_title": "重复了谣言的说法，请改说事实",
        "title_asks": "标题在提问，请直接说结论",
        "long_title": "标题太长，公众号会显示不全",
        "personal_data": "像是手机号、证件号、卡号或邮箱，请删去",
        "mention": "含有群聊里的“@所有人”一类写法",
        "markup": "含有链接或网页代码的写法",
        "exercise_mark": "正式稿件里不能写演练标记",
        "long_sentence": "句子太长，老人和孩子不好读",
    },
    "field": {
        "title": "标题",
        "claim": "流传的说法",
        "verdict": "结论",
        "fact": "事实是什么",
        "why": "为什么这样说",
        "todo": "该怎么做",
        "question": "公众的问题",
        "answer": "回答",
        "summary": "一句话摘要",
        "sources": "来源",
        "credits": "署名专家",
        "topics": "主题",
        "hazard": "灾种",
        "regions": "地区",
        "audiences": "人群",
        "scope": "适用范围",
        "valid_until": "有效期至",
        "review_on": "复核日期",
        "claim_first_seen": "最早出现日期",
        "claim_appearance": "出现的网址",
        "warning": "预警原文",
        "correction_note": "更正说明",
        "language": "语言",
    },
    "piece_act": {
        "submit": "送审",
        "return": "退回",
        "approve": "签发",
        "publish": "发布",
        "correct": "更正",
        "retract": "撤回",
        "comment": "意见",
        "looked": "复看",
    },
    "outcome": {
        "sent": "已送达",
        "temporary": "暂时失败，会再试",
        "permanent": "失败，再试无用",
        "unknown": "结果不明",
    },
    "fetch": {
        "blocked": "网址指向内部网络，已拒绝",
        "dns": "域名无法解析",
        "connect": "连接不上",
        "tls": "安全证书有问题",
        "timeout": "响应超时",
        "too_big": "内容过大，已中断",
        "redirect_loop": "重定向次数过多",
        "bad_address": "网址无效",
        "not_a_feed": "返回的不是订阅源",
        "broken": "内容残缺，读不出条目",
        "parse_timeout": "解析超时",
        "parse_memory": "解析占用内存过多",
        "parse_failed": "解析失败",
        "http_401": "需要登录（401）",
        "http_403": "拒绝访问（403）",
        "http_404": "页面不存在（404）",
        "http_410": "已永久关闭（410）",
        "http_429": "请求过于频繁（429），稍后再试",
        "http_500": "对方服务器出错（500）",
        "http_502": "对方服务器出错（502）",
        "http_503": "对方服务暂停（503）",
    },
    "audit_head": {
        "missing": "签名的末尾记录不见了，不能确认有没有被截断。",
        "forged": "末尾记录的签名不对，可能被人替换过。",
        "truncated": "记录被截断了，末尾少了一段。",
        "rewritten": "整条记录被重写过。",
    },
    "opml": {
        "added": "已添加",
        "duplicate": "已登记过",
        "invalid": "网址无效",
    },
    "login_error": {
        "login_refused": "用户名、密码或动态验证码不对。",
        "too_many_requests": "尝试次数太多，请过一刻钟再试。",
        "csrf": "页面放得太久了，请再试一次。",
        "passwords_differ": "两次输入的密码不一样。",
        "password_too_short": "密码太短，至少要十个字。",
        "password_too_long": "密码太长，最多二百个字。",
        "password_too_common": "这个密码太容易被猜到，请换一个。",
        "password_wrong": "现在的密码不对。",
        "link_gone": "这个链接已经用过或者过期了，请向管理员要一个新的。",
        "totp_wrong": "动态验证码不对，请看清手机时间是否准确。",
        "totp_expired": "设置页面放得太久了，请重新扫码。",
    },
    "error": {
        "not_signed_in": "请先登录。",
        "csrf": "页面放得太久了，请返回上一页刷新后再试。",
        "method_not_allowed": "这个地址不支持这样的操作。",
        "too_large": "提交的内容太大了。",
        "request_timeout": "网络太慢，内容没有传完，请再试一次。",
        "duplicate_source": "这个信源已经登记过了。",
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
