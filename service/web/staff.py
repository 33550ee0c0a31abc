"""A page behind the login: the menu of one's roles, one's name, the form token, and what has just happened.

What has just happened comes as a known code in `?done=`, so a link cannot make the desk say something of its own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from content.permissions import may
from service.pages.i18n import N_, gettext
from service.web.i18n import locale_of
from service.web.keys import visitor
from service.web.templating import TEMPLATES, page
from service.web.wire import see_other

MENU = (
    ("/desk", N_("事项"), "desk.read"),
    ("/desk/pieces", N_("稿件"), "desk.read"),
    ("/desk/publications", N_("已发布"), "desk.read"),
    ("/desk/incidents", N_("应急"), "desk.read"),
    ("/desk/calendar", N_("日历"), "desk.read"),
    ("/desk/experts", N_("专家库"), "expert.read"),
    ("/desk/assignments", N_("任务"), "desk.read"),
    ("/desk/deliveries", N_("投递"), "desk.read"),
    ("/desk/model", N_("模型"), "model.read"),
    ("/expert", N_("我的任务"), "assignment.answer"),
    ("/admin", N_("运行"), "admin.read"),
    ("/admin/sources", N_("信源"), "source.read"),
    ("/admin/channels", N_("渠道"), "channel.read"),
    ("/admin/clocks", N_("时限"), "clock.edit"),
    ("/admin/terms", N_("专家时限"), "setting.edit"),
    ("/admin/users", N_("用户"), "user.read"),
    ("/admin/audit", N_("审计"), "audit.read"),
)
DONE = {
    "saved": N_("已保存。"),
    "claimed": N_("您已接手这个事项。"),
    "released": N_("已放回待处理。"),
    "dismissed": N_("已标为不予处理，可以随时恢复。"),
    "reopened": N_("已恢复到待处理。"),
    "merged": N_("已并入另一个事项，可以撤销。"),
    "unmerged": N_("已撤销合并。"),
    "split": N_("已拆分出新的事项。"),
    "undone": N_("已撤销上一步。"),
    "answered": N_("已用以前的发布内容回应。"),
    "opened": N_("已新建事项。"),
    "offered": N_("已向专家发出邀请。"),
    "accepted": N_("您已接受任务。"),
    "declined": N_("已婉拒，谢谢告知。"),
    "replied": N_("答复已提交，谢谢。"),
    "asked_back": N_("问题已交给编辑，等待期间不催您。"),
    "proposed_hand_over": N_("已建议转交，等编辑确认。"),
    "replied_back": N_("已答复专家的追问。"),
    "handed_over": N_("已转交，同样的问题已经发给另一位。"),
    "kept_with": N_("没有转交，专家会看到您的理由。"),
    "withdrawn": N_("已撤回邀请。"),
    "submitted": N_("已提交，等待另一人签发。"),
    "returned": N_("已退回作者。"),
    "approved": N_("已签发这一版。"),
    "published": N_("已发布，正在送往各渠道。"),
    "relayed": N_("已按原文建立转发稿，仍要另一人签发。"),
    "warning_over": N_("已撤下这条转发的预警，各渠道都会收到。"),
    "scheduled": N_("已定时，到时间自动发布。"),
    "unscheduled": N_("已取消定时。"),
    "correcting": N_("已建立更正稿，原文仍在线。"),
    "retracted": N_("已撤回，公众页面改为撤回说明。"),
    "sources_seen": N_("已经看过全部来源。"),
    "reviewed": N_("已记下：仍然正确。"),
    "draft_asked": N_("已请机器起草，过一会儿刷新来看。"),
    "draft_taken": N_("已采用这一段，成为新的一版。"),
    "labelled": N_("已记下，供模型学习。"),
    "commented": N_("已添加意见。"),
    "resolved": N_("已处理。"),
    "seen": N_("已记下您知道了，时限照常计算。"),
    "added": N_("已添加。"),
    "imported": N_("已导入。"),
    "paused": N_("已暂停。"),
    "resumed": N_("已恢复。"),
    "polling": N_("马上抓取。"),
    "disabled": N_("已停用，相关登录立即失效。"),
    "enabled": N_("已启用。"),
    "tested": N_("测试消息已发出，对方已收到。"),
    "proposed": N_("已提议，等待另一人启动。"),
    "endorsed": N_("您已支持，等待另一人启动。"),
    "activated": N_("已进入应急状态。"),
    "stood_down": N_("已结束应急，设置已恢复原样。"),
    "prepared": N_("已打开备好的稿件。"),
    "planned": N_("已开始准备，可以在这里写稿、请教专家。"),
    "unlinked": N_("链接已作废。"),
    "expert_out": N_("已停用，不再推荐这位专家。"),
    "expert_back": N_("已恢复，可以再请教这位专家。"),
    "export_asked": N_("已提出申请，要由另一个人放行。"),
    "revealed": N_("已显示联系方式，并记入审计。"),
}


def staff_page(request: web.Request, name: str, /, status: int = 200, **data: Any) -> web.Response:
    """Render a staff template with everything its layout needs. `messages` may be given as [(tone, text)…]."""
    who, locale = visitor(request), locale_of(request)
    messages = list(data.pop("messages", ()))
    if (done := DONE.get(request.query.get("done", ""))) is not None:
        messages.insert(0, ("good", gettext(locale, done)))
    return page(
        request,
        name,
        status=status,
        nav=menu(request),
        me=who.actor.name or None,
        actor=who.actor,
        may=lambda act: may(who.actor, act),
        csrf_token=who.csrf,
        messages=messages,
        path=request.path,
        in_language=lambda other: _in_language(request, other),
        county_options=[
            (c.code, c.name if locale == "zh" else c.english_name)
            for c in request.app[TEMPLATES].city.counties
        ],
        **data,
    )


def _in_language(request: web.Request, other: str) -> str:
    """This very page in another language, with what it was asked for."""
    kept = [(key, value) for key, value in request.query.items() if key not in ("lang", "done")]
    return f"{request.path}?{urlencode([*kept, ('lang', other)])}"


def menu(request: web.Request) -> list[tuple[str, str, bool]]:
    """Address, text, and whether it is the page shown."""
    who, locale = visitor(request).actor, locale_of(request)
    mine = [(href, text) for href, text, act in MENU if may(who, act)]
    best = max(
        (h for h, _ in mine if request.path == h or request.path.startswith(f"{h}/")), key=len, default=""
    )
    return [(href, gettext(locale, text), href == best) for href, text in mine]


def done(request: web.Request, path: str, code: str) -> web.Response:
    """Back to a page that says what has happened."""
    if code not in DONE:
        raise KeyError(code)
    path, _, fragment = path.partition("#")
    joined = f"{path}{'&' if '?' in path else '?'}done={code}"
    return see_other(f"{joined}#{fragment}" if fragment else joined)
