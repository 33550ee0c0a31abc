"""Take out of a text what points at a person, before it leaves the house (for a language model, say).

Numbers and addresses by their shape, and names where they stand beside a title (张女士). It errs on the side of taking out:
an office's telephone goes as well. Does not find a name that stands alone; nobody's contact data are given to it anyway.
"""

from __future__ import annotations

import re
from typing import Final

GONE: Final = "〈略〉"
_LINK: Final = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_NUMBERS: Final = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII),
        (r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)", 0),
        (r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", 0),
        (r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)", 0),
        (r"(?<!\d)62\d{14,17}(?!\d)", 0),
        (r"(?:微信|薇信|v信|QQ|qq)(?:号|群)?[:： ]{0,2}[A-Za-z0-9_-]{5,20}", re.IGNORECASE),
    )
)  # fmt: skip
_WHEREABOUTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-Z0-9]{5,6}(?![A-Za-z0-9])",
        r"[\u4e00-\u9fff]{2,12}(?:路|街|巷|小区|花园|公寓)\d{1,5}(?:号|弄|栋|幢)[\u4e00-\u9fff\d-]{0,12}(?:室|单元|号)?",
    )
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪"
    "陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤易"
)
_TITLED: Final = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff某]{{0,2}}(?=先生|女士|同志|同学|师傅|老师|医生|大夫|阿姨|大爷|大妈|婆婆)"
)
_SAID_TO_BE: Final = re.compile(
    rf"((?:姓名|名叫|名字叫|当事人|患者|死者|伤者)[:：]?)[{_SURNAMES}][\u4e00-\u9fff某]{{1,2}}"
)


def redact(text: str) -> str:
    """The text without what points at a person; a mark stands where something was."""
    text = without_numbers(_LINK.sub(GONE, text))
    for shape in _WHEREABOUTS:
        text = shape.sub(GONE, text)
    return _SAID_TO_BE.sub(rf"\1{GONE}", _TITLED.sub(GONE, text))


def without_numbers(text: str) -> str:
    """The text without what reaches a person: telephones, papers, cards, mail. Names, places and links stay: a list tells by them."""
    for shape in _NUMBERS:
        text = shape.sub(GONE, text)
    return text
