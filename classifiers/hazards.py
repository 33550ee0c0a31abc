"""The written rules for emergencies: what happened, and what only sounds like it.

    text → hits of the lexicon → evidence in log-odds, best hazard → Verdict

Rules stand alone when there is no model, label headlines for training, and join the model when there is one. They
do not know places and do not trust a source; authority is added in `assess`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from classifiers import epidemics, lexicon, lifted, misfortunes, scenes, threats, told, warnings
from classifiers.lexicon import Hit
from classifiers.reading import Wording
from classifiers.signals import Because, Warning
from classifiers.taxonomy import HAZARDS

_BASE: Final = -4.0
_HAZARD: Final = {3.0: 4.2, 2.5: 3.0, 2.0: 2.0, 1.0: 0.8}
_CUES: Final = {"casualty": 2.0, "rescue": 1.6, "event": 1.2, "warning": 1.4, "closure": 2.6, "place": 0.9}
# What says nothing by itself: 多地房价上涨, 警方通报一起纠纷.
_NEEDS: Final = {
    "event": frozenset(("hazard", "casualty", "rescue", "warning", "closure")),
    "place": frozenset(("hazard", "closure")),
}
_THREAT: Final = 3.0
"""Weight of violence announced, as of a phrase of the lexicon that is an event in itself, and"""
_MEANT: Final = 3.0
"""what it counts for being announced to somebody: an editor must see it even beside words of a court."""
_CALLED_OFF: Final = -8.0
_NOT_REAL: Final = frozenset({"fiction", "drill"})
_UNREAL: Final = 0.7
"""Share of the lexicon's weight that counts where the words say that nothing happened, and"""
_OTHERWISE: Final = 0.5
"""where they say it is something else (advice, policy, sport …), which may still stand beside an event."""
_MORE: Final = 0.4
"""A second hit of the same kind of cue adds this share of the first."""

# Two and more; a single person is seldom an emergency.
_NUMBER: Final = (
    r"(?:(?<!\d)\d+|[两二三四五六七八九十百千万几多数][一二三四五六七八九十百千万]{0,12})(?:余|多)?"
)
_CASUALTIES: Final = Wording(
    rf"{_NUMBER}(?:人|名|个|位|死|伤)[^,。;!?]{{0,6}}?(?:死|亡|伤|遇难|失联|被困|失踪|获救|受灾|送医|感染|确诊|中毒|转移)|致\d+死|(?<!\d)\d+死"
)
_COUNTED: Final = Wording(
    r"新增[^,。]{0,8}\d+例|(?<!\d)\d+例[^,。]{0,6}(?:确诊|感染|病例)|\d(?:\.\d)?级地震|[里氏]?\d\.\d级"
)
# A named typhoon, or what one does: 台风海葵, 台风普拉桑或再奔江浙沪.
_TYPHOON: Final = Wording(
    r"台风[\"“「]?[一-龥]{2,4}[\"”」]?(?:$|登陆|来|将|或|逼近|生成|直径|路径|最新|已|致|影响|停|远离|加强|即将|概率|强度)"
)
_RESPONSE: Final = Wording(r"启动[^,。]{0,14}响应|(?:I{1,3}|IV|[一二三四])级[^,。]{0,4}响应")
_WIDE: Final = Wording(r"全[市县区城省线校]|多地|多[区县省]|大面积|大规模|所有学校|各学校")
_WHO: Final = r"(?:[男女][童孩生]|孩子|儿童|[幼小中学]学?生|幼儿|少年|老人|驴友|登山者|徒步者|游客|渔民|船员|队员|飞行员|乘客|矿工|工人|村民|干部|市民|(?<!\d)\d+人)"
# Someone is sought: 9岁男孩失联多日. Not who was lost for 23 years.
_MISSING: Final = Wording(
    rf"{_WHO}[^,。!?]{{0,8}}(?:失踪|失联|走失|被困)(?!\d+年)|(?:失踪|失联|走失|被困)(?:[^,。!?年]{{0,6}}){_WHO}"
)
_SICK: Final = Wording(
    rf"{_NUMBER}(?:人|名|个|位|口)[^,。;!?]{{0,8}}?(?:阳性|发热|发烧|腹泻|呕吐|不适|肚子痛|送医|送[去到]?了?医院|住院|抢救|被[埋压砸撞冲]|倒地|晕倒|摔伤|落水|溺水|溺亡|昏迷|窒息|联系不上|没找到)"
)
# A public place or service closes: 泰山景区今起暂停开放.
_SHUT: Final = Wording(
    r"(?:景区|公园|学校|中小学|幼儿园|小学|中学|大学|地铁|轻轨|公交|列车|高铁|动车|火车|铁路|航班|机场|高速|国道|轮渡|渡口|码头|港口|大桥|隧道|海滩|景点|乐园|商场|市场|工地)"
    r"[^,。;!?]{0,10}(?:停课|停运|停航|停飞|(?<!暂)停工|停止(?:上课|营业|运营|开放)|关闭|闭园|封闭|中断|暂停(?:开放|运营|营业|售票|上课)|取消)"
)
_PATTERNS: Final = (
    (_CASUALTIES, 2.0),
    (_COUNTED, 2.5),
    (_WIDE, 0.6),
    (_TYPHOON, 2.2),
    (_RESPONSE, 3.4),
    (_MISSING, 1.8),
    (_SICK, 1.6),
    (_SHUT, 1.4),
)
_TELLS: Final = told.VOICE
"""Named here, so that a text is looked over for it; the patterns behind it are tried only where it is."""
# A drill or a lesson borrows every word of the event.
_LESSON: Final = Wording(r"演练|演习|模拟|含义|什么意思|一图读懂|一图看懂|有什么区别|防御指引")
_QUESTION: Final = Wording(r"[吗呢么]\??$|^如何(?!看待)|^怎[么样]|^为什么|^为何")
# "未引发火灾爆炸": the hazard that did not follow is not what happened.
_DID_NOT: Final = Wording(r"(?:[未没]|没有|并未|并没有|尚未)(?:引发|造成|发生|引起|出现|导致)[^,。;]{2,8}")

# What is named as the cause stands for what followed: 大雪压塌雨棚, 煤矿起火, 地震中房屋倒塌.
_CAUSES: Final = {
    "earthquake": frozenset(("construction", "geological", "fire", "utility_outage", "public_order")),
    "typhoon": frozenset(
        (
            "thunderstorm_hail",
            "rainstorm",
            "flood",
            "utility_outage",
            "traffic",
            "construction",
            "public_order",
        )
    ),
    "cold_wave": frozenset(("traffic", "construction", "utility_outage", "thunderstorm_hail")),
    "thunderstorm_hail": frozenset(("construction", "utility_outage")),
    "mine": frozenset(("geological", "construction", "fire", "hazmat_explosion", "poisoning", "flood")),
    "flood": frozenset(("traffic", "public_order", "utility_outage", "construction")),
    "hazmat_explosion": frozenset(("traffic",)),
}


@dataclass(frozen=True)
class Verdict:
    """What the rules say: evidence in log-odds, its reasons, the likeliest hazard."""

    logit: float
    hazard: str | None
    because: tuple[Because, ...]
    warning: Warning | None
    negatives: frozenset[str]
    denied: frozenset[str] = frozenset()
    """Hazards that the text says did not come about."""
    in_need: bool = False
    """Whether somebody who is there tells of harm or calls for help, or threatens."""
    over: bool = False
    """Whether the text only says that an emergency response is called off."""

    @property
    def category(self) -> str | None:
        """The category of the hazard, where there is one."""
        return HAZARDS[self.hazard].category if self.hazard else None


_NOTHING: Final = Verdict(_BASE, None, (), None, frozenset())


def judge(text: str) -> Verdict:
    """Weigh a normalised text. Linear in its length; the title should come first."""
    hits = lexicon.load("emergency").find(text)
    warning = warnings.read(text)
    heard = told.seen(text) if warning is None else []
    named = _merged([hit for hit in hits if hit.weight > 0] + scenes.seen(text), heard)
    threat = threats.made(text)
    if threat:
        named.append(Hit(*threat, "public_order", _THREAT))
    positive = _happened(text, named)
    because = _pattern_reasons(text, positive)
    if not (hits or named or because or warning):
        return _NOTHING
    if positive:
        because = (
            _hazard_reasons(positive) + _cue_reasons(positive) + because + _terse_reasons(text, positive)
        )
    there = bool(heard) or (warning is None and _is_told(text, named))
    witness = told.weigh(text) if there else []
    witness += [Because(threat[1], _MEANT)] if threat else []
    because += witness
    if warning is not None:
        because.append(Because(f"{warning.kind}预警", 4.5))
    negatives = {hit.kind: hit for hit in hits if hit.weight < 0 and not _within(hit, named)}
    in_need = any(reason.weight >= told.NEED for reason in witness)
    if in_need:
        negatives.pop("advice", None)  # 能不能拦住, 怎么办: who is in need asks
    if because and warning is None:
        because += [
            Because(hit.term, hit.weight * (_UNREAL if kind in _NOT_REAL else _OTHERWISE))
            for kind, hit in negatives.items()
        ]
        lesson = _LESSON.search(text)
        if lesson:
            because.append(Because(lesson.group(), -4.0))
        if not in_need and _QUESTION.search(text):
            because.append(Because("?", -1.5))
        because += told.might(text)
    best = warnings.hazard(warning) if warning else _best_hazard(positive)
    kinds = set(negatives)
    if because and best == "infectious_disease" and not any(hit.kind == best for hit in heard):
        talk = epidemics.routine(text)
        because += talk
        kinds |= {"epidemic_talk"} if talk else set()
    if because and warning is None:
        alone = misfortunes.private(text, best, in_need=in_need)
        because += alone
        kinds |= {"misfortune"} if alone else set()
    ended = None if warning else lifted.called_off(text, frozenset(hit.kind for hit in positive))
    because += [Because(ended, _CALLED_OFF)] if ended else []
    return Verdict(
        logit=_BASE + sum(reason.weight for reason in because),
        hazard=best,
        because=tuple(because),
        warning=warning,
        negatives=frozenset(kinds),
        denied=_denied(named, positive),
        in_need=in_need,
        over=ended is not None,
    )


def _within(hit: Hit, heard: list[Hit]) -> bool:
    """Whether a figure of speech only begins inside of what is named: 火了 in 着火了, 塌了 in 小煤窑塌了."""
    return any(one.start <= hit.start < one.start + len(one.term) for one in heard)


def _is_told(text: str, named: list[Hit]) -> bool:
    """Whether somebody who is there seems to tell of a hazard that another rule named."""
    return any(hit.kind in HAZARDS for hit in named) and told.tells(text)


def _merged(named: list[Hit], heard: list[Hit]) -> list[Hit]:
    """All hits, and of two that name one hazard in the same words the heavier one."""

    def doubles(one: Hit, other: Hit) -> bool:
        apart = one.start + len(one.term) <= other.start or other.start + len(other.term) <= one.start
        return one.kind == other.kind and not apart

    new = [hit for hit in heard if not any(doubles(hit, old) and old.weight >= hit.weight for old in named)]
    return [old for old in named if not any(doubles(hit, old) for hit in new)] + new


def _denied(named: list[Hit], happened: list[Hit]) -> frozenset[str]:
    if len(named) == len(happened):
        return frozenset()
    return frozenset(hit.kind for hit in named) - {hit.kind for hit in happened}


def _happened(text: str, hits: list[Hit]) -> list[Hit]:
    """The hits without hazards that the text says did not come about."""
    spans = [found.span() for found in _DID_NOT.finditer(text)]
    if not spans:
        return hits
    return [
        hit
        for hit in hits
        if hit.kind not in HAZARDS or not any(start <= hit.start < end for start, end in spans)
    ]


def _hazard_reasons(hits: list[Hit]) -> list[Because]:
    found = sorted((hit for hit in hits if hit.kind in HAZARDS), key=lambda hit: -hit.weight)
    reasons = [Because(hit.term, _HAZARD[hit.weight]) for hit in found[:1]]
    reasons += [Because(hit.term, _MORE * _HAZARD[hit.weight]) for hit in found[1:3]]
    return reasons


def _cue_reasons(hits: list[Hit]) -> list[Because]:
    reasons: list[Because] = []
    kinds = {"hazard" if hit.kind in HAZARDS else hit.kind for hit in hits}
    for kind, weight in _CUES.items():
        if kind in _NEEDS and not kinds & _NEEDS[kind]:
            continue
        found = [hit for hit in hits if hit.kind == kind]
        reasons += [Because(hit.term, weight) for hit in found[:1]]
        reasons += [Because(hit.term, _MORE * weight) for hit in found[1:2]]
    return reasons


def _pattern_reasons(text: str, hits: list[Hit]) -> list[Because]:
    reasons: list[Because] = []
    for pattern, weight in _PATTERNS:
        found = pattern.search(text)
        if found and (pattern is not _WIDE or hits):
            reasons.append(Because(found.group(), weight))
    return reasons


def _terse_reasons(text: str, hits: list[Hit]) -> list[Because]:
    """A headline of little more than a place and a hazard (石家庄暴雨) is news of the event itself."""
    places = [hit for hit in hits if hit.kind == "place"]
    named = [hit for hit in hits if hit.kind in HAZARDS and 2 <= hit.weight < 3]
    if not places or not named:
        return []
    rest = len(text) - sum(len(hit.term) for hit in (*places, *named))
    return [Because(text, 2.4)] if rest <= 2 else []


def _best_hazard(hits: list[Hit]) -> str | None:
    """The hazard with the most weight, or what caused it where that is named; on a tie the one named first."""
    totals: dict[str, float] = {}
    for hit in hits:
        if hit.kind in HAZARDS:
            totals[hit.kind] = totals.get(hit.kind, 0.0) + hit.weight
    if not totals:
        return None
    best = max(totals, key=lambda kind: totals[kind])
    causes = [cause for cause, effects in _CAUSES.items() if best in effects and totals.get(cause, 0) >= 2.5]
    return max(causes, key=lambda kind: totals[kind], default=best)
