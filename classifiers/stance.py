"""The written rules for two questions about wording: does it refute something, does it read like a rumor.

Neither says whether anything is true. A text that refutes is evidence and never a suspect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from classifiers import features, lexicon
from classifiers.lexicon import Hit
from classifiers.reading import Wording
from classifiers.signals import Because

_RUMOR_KINDS: Final = ("forward", "urgent", "source", "cure", "panic", "fact")
_DEBUNK_BASE: Final = -3.6
_RUMOR_BASE: Final = -4.6

# "网传…不实", "…？假的！", "…，真相是…", "警方:不实", "…？别信"
_REFUTES: Final = Wording(
    r"(?:网传|传言|传闻|网络流传|流传|传)[^。!?]{1,40}?(?:不实|系谣言|是谣言|不属实|虚假|谣言|假的|辟谣|回应|真相|误读|并非|编造|摆拍|拼接|没有依据|并不)"
    r"|[?!][^。?!]{0,12}(?:假的|谣言|不实|别信|辟谣|真相|误读|没这回事|不存在|并非如此|错|勿信|不靠谱|不科学|想多了)"
    r"|[:：](?:不实|假的|谣言|系谣言|不属实|没有|从未|并无|并未)"
)
# A column whose name says what it does: 捉谣记|…, 【科学求证】…, 求真:…
_COLUMN: Final = Wording(
    r"^[【\[\"“「]?[^|:】\]]{0,6}(?:捉谣|求真|较真|求证|辟谣|打假|击谣|谣言|流言|真相|打破砂锅|科学解读|深度解析)[^|:】\]]{0,6}[】\]|:·丨]"
    r"|[|丨·][^|丨·]{0,6}(?:辟谣|求证|求真|较真)$"
)
# A question that is answered in the same breath: "……?误传而已", "……?专家释疑". Not one that asks on.
_ANSWERED: Final = Wording(
    r"\?[^?。]{0,14}(?:没有的事|没这事|没有这|误传|误会|误解|别担心|担心|危言耸听|释疑|澄清|官方|警方|专家|校方|医院|医生|疾控|当地|实则|其实"
    r"|冤枉|忽悠|做不到|答案|解读|解析|回应|科学|真没|没那么|不一定|不会|不能|不必|并没有|别慌|误区|骗|背锅)[^?]{0,24}$"
)
_ANYTHING: Final = Wording(r"\?[^?]{4,24}$")
_PLAIN: Final = 0.5
_TITLE: Final = 60
"""Longer texts ask and answer for the sake of style."""
_ASKS: Final = Wording(
    r"(?:求证|询问|问|辨)[^。!?]{0,4}真假|是真的(?:吗|么|嘛)|真的假的|是不是真的|真还是假|求辟谣"
)
# A refutation that is itself denied or asked for: "这不是谣言，已经证实", "辟谣才是假的", "求辟谣", "……是谣言，是真的吗".
_UNREFUTED: Final = Wording(
    r"(?:这|真的?|绝|可|都|并|根本)不是谣言|(?:别|不要|莫)(?:再)?说(?:这|我)?(?:是|传)?谣言?|求辟谣|辟谣(?:才是|都?是)(?:假|骗)"
    r"|(?:谣言|辟谣|不实)[了的]?[,。]?(?:这)?(?:是真的|真的|对)(?:吗|么|嘛|假的)"
)
# What people put around an address without saying what stands there.
_AROUND_A_LINK: Final = Wording(
    r"复制|打开|链接|连接|网址|网页|地址|点击|点开|点这里|看看|看下|看一下|看一看|帮忙|帮我|麻烦|大家|你们|请问|请|求证|真的假的|真的吗|是真的吗|这个|这条|这篇|这是|"
    r"什么|一下|视频|文章|新闻|消息|转发|转给你|分享|来自|浏览器|查看|原文|全文|详情|[了的吗吧呢啊呀看]"
)
_A_CLAIM: Final = 4
"""Letters beside an address from which a text says something (盐水治癌)."""
HEARSAY: Final = frozenset(("网传", "传言", "传闻", "网上流传", "有传言", "朋友圈流传", "网络传言", "所谓"))
"""Words of a refutation that a report of the rumor itself has as well."""
_SHOUT: Final = Wording(r"!{2,}|!\?|\?!|[!]$")
_CLAIM: Final = Wording(
    r"(?:吃|喝|用|服|涂|戴|打)[^,。!?]{1,12}?(?:能|可|会|可以|就|导致|等于|致)[^,。!?]{0,8}?(?:治|癌|防|死|毒|病|降|排|瘦|瞎|中毒|长寿|杀|败血|相克|早熟)"
    r"|(?:不能|千万别|别再|不要)[^,。!?]{0,8}(?:吃|喝|用|碰)"
    r"|[^,。!?]{1,10}(?:等于|就是|堪比)(?:慢性自杀|吃毒|喝毒|砒霜|毒药|吸毒|自杀)"
)


@dataclass(frozen=True)
class Stance:
    """Evidence in log-odds for one question, with its reasons."""

    logit: float
    because: tuple[Because, ...]


_REFUTES_NOTHING: Final = Stance(_DEBUNK_BASE, ())
_NO_RUMOR: Final = Stance(_RUMOR_BASE, ())


def debunks(text: str) -> Stance:
    """How much a normalised text itself refutes something."""
    hits = lexicon.load("debunk").find(text)
    found = _REFUTES.search(text)
    title = _title_reasons(text)
    if not (hits or found or title):
        return _REFUTES_NOTHING
    strong = [hit for hit in hits if hit.weight >= 4]
    cues = [hit for hit in hits if 0 < hit.weight < 4]
    because = [Because(hit.term, 4.2) for hit in strong[:1]] + [Because(hit.term, 1.5) for hit in strong[1:3]]
    because += [Because(hit.term, 1.0) for hit in cues[:3]]
    if found:
        because.append(Because(found.group()[-12:], 2.0))
    because += title
    because += [Because(hit.term, hit.weight / 2) for hit in hits if hit.weight < 0][:2]
    return Stance(_DEBUNK_BASE + sum(reason.weight for reason in because), tuple(because))


def _title_reasons(text: str) -> list[Because]:
    """What only a title shows: the column it stands in, a claim put as a question and answered at once."""
    if len(text) > _TITLE:
        return []
    column, answer = _COLUMN.search(text), _ANSWERED.search(text)
    because = [Because(column.group(), 4.2)] if column else []
    if answer:
        because.append(Because(answer.group()[1:13], 3.0))
    elif _ANYTHING.search(text):
        because.append(Because("?", 1.0))
    return because


def plainly(text: str, found: Stance) -> bool:
    """Whether a normalised title says in so many words that something is refuted; a model cannot know better."""
    return (
        len(text) <= _TITLE
        and found.logit >= _PLAIN
        and any(hit.weight >= 4 for hit in lexicon.load("debunk").find(text))
    )


def only_asks(text: str) -> bool:
    """Whether a normalised title puts its claim as a question and calls for nothing.

    Who asks does not spread; whether a bare question is a fact-checker's title or a reader's, its words do not say.
    """
    if "?" not in text or len(text) > _TITLE or "?" not in features.without_addresses(text):
        return False
    return not any(hit.kind == "forward" for hit in lexicon.load("rumor").find(text))


def only_links(text: str) -> bool:
    """Whether a normalised text is an address and hardly a word beside it: what stands there is not known."""
    if not features.may_have_address(text):
        return False
    said = _AROUND_A_LINK.sub("", features.without_addresses(text))
    return sum(char.isalpha() for char in said) < _A_CLAIM


def spreads_or_asks(text: str) -> bool:
    """Whether a normalised text calls for forwarding, asks whether something is true, or only says that it goes round.

    Such a text is no refutation however many of a refutation's words it has ("官方瞒着不说，赶紧转发", "网传停水三天"),
    unless it refutes something plainly beside them. Nor is one that denies the refutation ("这不是谣言，快转").
    """
    if _UNREFUTED.search(text):
        return True
    hits = lexicon.load("debunk").find(text)
    if any(hit.weight >= 4 for hit in hits) or _REFUTES.search(text):
        return False
    said = [hit.term for hit in hits if hit.weight > 0]
    if said and set(said) <= HEARSAY and not _title_reasons(text):
        return True
    forwards = any(hit.kind == "forward" for hit in lexicon.load("rumor").find(text))
    return forwards or _ASKS.search(text) is not None


def reads_like_rumor(text: str) -> Stance:
    """How much the wording of a normalised text is that of forwarded rumors."""
    hits = lexicon.load("rumor").find(text)
    because: list[Because] = []
    for kind in _RUMOR_KINDS if hits else ():
        because += _cues([hit for hit in hits if hit.kind == kind])
    for pattern, weight in ((_SHOUT, 0.6), (_CLAIM, 2.2)):
        found = pattern.search(text)
        if found:
            because.append(Because(found.group()[:12], weight))
    if not because:
        return _NO_RUMOR
    return Stance(_RUMOR_BASE + sum(reason.weight for reason in because), tuple(because))


def _cues(hits: list[Hit]) -> list[Because]:
    """The first cue of a kind counts whole, two more count less: repetition is not proof."""
    return [Because(hit.term, hit.weight * share) for hit, share in zip(hits, (1.0, 0.6, 0.4), strict=False)]
