"""Words that move a score and yet tell a person nothing: particles, connectives, question words, names of places.

    term → is_plain → told as a reason only where nothing else speaks for the score

A model may well learn from 因为 or 新疆; an editor who reads them as the reason for an alarm shakes her head. They keep
their share of the score. Only how a reason is told depends on them, never the score.
"""

from __future__ import annotations

from typing import Final

from classifiers.places import province_of

_WORD_LIST: Final = (
    "已经 已有 正在 目前 近期 近日 日前 突然 为何 为什么 为啥 如何 怎么 怎样 什么 多少 哪些 哪个 是否 能否 到底 究竟 "
    "具体 情况 具体情况 怎么回事 发生 造成 出现 导致 影响 产生 引发 引起 进行 表示 有关 相关 因为 所以 由于 对于 关于 随着 "
    "如果 但是 不过 而且 只有 只是 就是 还是 不是 没有 不能 不会 可以 可能 应该 需要 必须 之后 之前 以后 以前 以上 以下 "
    "回来 回去 起来 出来 一个 一种 一些 一次 这个 那个 这些 那些 这样 那样 这种 我们 他们 你们 大家 自己 人家 别人 其中 "
    "其他 其实 很多 许多 非常 比较 当地 竟是 竟然 居然 以及 或者 而是 都要 都是 都有 还有 还能 就能 就要 真的 有人 有的 "
    "今天 昨天 明天 今年 去年 今晚 现在 时候 全县 全市 全国 多地 局地 网友 女子 男子 中国"
)
_WORDS: Final = frozenset(_WORD_LIST.split())
_CLINGING: Final = frozenset("的了是在着也都就还又很把被让给从向和与或而之其吗呢吧啊呀们")
"""A term of at most three characters that begins or ends with one of these is a scrap of a sentence (的人嘴)."""
_AT_THE_END: Final = frozenset("可能会要")
_SCRAP: Final = 3


def is_plain(term: str) -> bool:
    """Whether this term says nothing by itself to a person who asks why a text was flagged."""
    if term in _WORDS or province_of(term):
        return True
    if len(term) > _SCRAP:
        return False
    # 江苏网 is cut from 江苏网红: a place with one more character.
    clings = term[0] in _CLINGING or term[-1] in _CLINGING or term[-1] in _AT_THE_END
    return clings or (len(term) == _SCRAP and province_of(term[:2]) is not None)
