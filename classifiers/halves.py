"""Characters written as their halves (氵共 for 洪), and words half in pinyin (地zhen): both are read as what is meant.

A side that is no character of its own (氵, 讠, 扌) is put together with what follows wherever that makes a character of the
table. Two whole characters (火暴) are only within a word of `WORDS`, and pinyin only for such a word. Initials (dz for
地震) mean too many words and stay. Holds tables and compiled patterns; does not look at a text's meaning.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import Final

_SIDES: Final = {
    "氵": "洪共涝劳滑骨泄世海每河可溃贵湖胡淹奄没殳池也波皮漫曼浑军消肖油由注主泡包治台测则涨张洞同江工沟勾泥尼浪良潮朝淋林渗参湿显"
    "温昷激敫灌雚溺弱汽气沉冗汛卂滞带洒西洗先清青液夜渡度港巷源原滴啇滩难浓农淡炎漏屚涌甬深罙",
    "亻": "伤力住主信言停亭他也们门你尔倒到传专做故作乍件牛伙火何可但旦低氐保呆值直倾顷偷俞健建像象假叚供共优尤价介任壬份分仔子休木体本侧则"
    "使吏化匕借昔",
    "扌": "抢仓扩广打丁投殳拐另扑卜撞童持寺拉立拍白排非控空推隹接妾提是搬般播番操喿技支扶夫把巴抓爪抗亢护户批比找戈抖斗抽由拘句招召拨发"
    "指旨挂圭按安损员捡佥掉卓揭曷援爰摔率扣口扛工换奂",
    "讠": "谣䍃诈乍说兑话舌请青谨堇让上认人讯卂记己许午论仑访方设殳证正评平识只诉斥词司试式误吴诱秀课果调周谈炎谢射",
    "疒": "疫殳病丙症正疗了癌嵒癌品痛甬疼冬疾矢疯风瘫难瘟昷瘤留疹㐱",
    "饣": "饭反饮欠饿我饱包馆官",
    "纟": "红工级及绝色细田结吉给合线戋组且终冬统充续卖维隹绑邦约勺",
    "忄": "快夬惊京情青怕白慌荒忙亡性生慢曼惨参",
    "阝": "陷臽险佥防方院完阵车陆击除余隔鬲",
    "礻": "祸呙社土福畐视见神申",
    "衤": "被皮补卜",
    "冫": "冲中冻东冷令冰水决夬净争准隹减咸凉京",
    "钅": "镇真银艮铁失钱戋错昔铜同钢冈链连",
    "艹": "药约苗田菜采草早花化苦古蒜祘落洛",
    "辶": "送关达大过寸近斤远元逃兆通甬道首遇禺逼畐连车进井还不这文返反迫白退艮速束避辟遭曹",
    "宀": "灾火",
    "歹": "死匕",
}
"""Sides that stand before the rest: by each, characters and their rests in turn."""
_AFTER: Final = {"攵": "救求散昔", "刂": "到至别另"}
"""The same for sides that stand behind."""
_WHOLE: Final = {
    row[0]: row[1:]
    for row in (
        "爆火暴",
        "炸火乍",
        "震雨辰",
        "地土也",
        "坡土皮",
        "坝土贝",
        "烧火尧",
        "毒龶母",
        "转车专",
        "杀乂木",
    )
}
MARKS: Final = "".join((*_SIDES, *_AFTER)) + "乍辰尧龶乂专abcdefghijklmnopqrstuvwxyz"
"""The sides, one half of the words of wholes that ordinary texts seldom have, small letters: one is in every hidden word."""
SIGNS: Final = re.compile(f"[{MARKS}]")
_OF_WHOLES: Final = (
    "爆炸 地震 烧死 毒死 毒药 中毒 病毒 有毒 投毒 剧毒 炸了 炸开 转发 转给 大坝 溃坝 滑坡 山坡 自杀"
)

# Words that people hide, each character with how it is spoken.
_SPOKEN: Final = (
    "暴bao雨yu 地di震zhen 洪hong水shui 洪hong涝lao 山shan洪hong 内nei涝lao 台tai风feng 冰bing雹bao 滑hua坡po 塌ta方fang 爆bao炸zha "
    "火huo灾zai 起qi火huo 着zhao火huo 失shi火huo 泄xie漏lou 坍tan塌ta 倒dao塌ta 中zhong毒du 疫yi情qing 谣yao言yan 辟pi谣yao 致zhi癌ai "
    "癌ai症zheng 转zhuan发fa 扩kuo散san 紧jin急ji 预yu警jing 停ting课ke 停ting水shui 停ting电dian 溃kui坝ba 决jue堤di 诈zha骗pian "
    "车che祸huo 追zhui尾wei 失shi联lian 遇yu难nan 死si亡wang 身shen亡wang 封feng城cheng 传chuan染ran 感gan染ran 病bing毒du 疫yi苗miao "
    "抢qiang购gou 踩cai踏ta 绑bang架jia 拐guai卖mai 被bei困kun 救jiu命ming 毒du药yao 有you毒du 投tou毒du 死si人ren 会hui死si 毒du死si "
    "淹yan死si 烧shao死si 致zhi死si 死si了le 炸zha了le"
)
_SYLLABLE: Final = re.compile("([一-龥])([a-z]+)")
_LATIN: Final = "A-Za-z0-9./@_:#-"
_RUN: Final = re.compile(rf"([一-龥]|(?<![{_LATIN}]))([a-z]{{2,12}})(?![{_LATIN}])([一-龥]?)")
"""Small letters that are no part of a Latin word, a name or an address, with the characters beside them."""


def together(text: str) -> str:
    """The normalised text with halves put together and hidden words written out."""
    text = _halves().sub(lambda found: _pieces()[found.group()], text)
    text = _wholes().sub(lambda found: _words()[found.group()], text)
    return _RUN.sub(_written, text)


@cache
def _pieces() -> dict[str, str]:
    """Two halves → the character."""
    before = {side + row[at + 1]: row[at] for side, row in _SIDES.items() for at in range(0, len(row), 2)}
    return before | {
        row[at + 1] + side: row[at] for side, row in _AFTER.items() for at in range(0, len(row), 2)
    }


@cache
def _words() -> dict[str, str]:
    """A word of whole characters in halves → the word."""
    found: dict[str, str] = {}
    for word in _OF_WHOLES.split():
        ways = [(character, *([_WHOLE[character]] if character in _WHOLE else [])) for character in word]
        found |= {"".join(way): word for way in product(*ways)}
        del found[word]
    return found


@cache
def _spoken() -> dict[str, str]:
    """A word of which one or both characters are in pinyin → the word."""
    found: dict[str, str] = {}
    for spelled in _SPOKEN.split():
        pairs = _SYLLABLE.findall(spelled)
        word = "".join(character for character, _ in pairs)
        found |= {"".join(way): word for way in product(*pairs)}
        del found[word]
    return found


@cache
def _halves() -> re.Pattern[str]:
    before = [f"{side}[{row[1::2]}]" for side, row in _SIDES.items()]
    return re.compile("|".join([*before, *(f"[{row[1::2]}]{side}" for side, row in _AFTER.items())]))


@cache
def _wholes() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_words(), key=len, reverse=True)))


def _written(found: re.Match[str]) -> str:
    """The word that a run of letters makes, alone or with a character beside it; else what stands there."""
    before, run, behind = found.groups()
    words = _spoken()
    if before + run in words and before:
        return words[before + run] + behind
    if run + behind in words and behind:
        return before + words[run + behind]
    return before + words[run] + behind if run in words and before + behind else found.group()
