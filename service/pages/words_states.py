"""Names of kinds, states and roles."""

from __future__ import annotations

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
        "handed_over": "已转交",
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
}
