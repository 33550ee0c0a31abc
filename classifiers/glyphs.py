"""Characters that only pretend: what evasion uses in place of ordinary ones.

Holds tables and compiled patterns; does not decide anything and does not read a file.
NFKC already undoes full width, circled and compatibility forms; here is what it leaves.
"""

from __future__ import annotations

import re
from typing import Final

# Cyrillic and Greek letters that look like Latin ones (both cases where both look alike).
_LETTERS: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХЬаеоѕіјрсухԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικτυρ",
        "ABESIJKMHOPCTYXbaeosijpcyxdhqwABEZHIKMNOPTYXoavikTup",
        strict=True,
    )
)

# CJK radicals drawn like the character itself (U+2E80..2EFF has almost no NFKC mapping).
_RADICALS: Final = dict(
    zip(
        "⺁⺈⺌⺗⺟⺠⺩⺪⺫⺮⺶⻁⻄⻅⻆⻉⻋⻌⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻪⻬⻮⻰⻳⺡⺘⺅⻈⻐⻏⻖⺾⺣⺖⺙⻂⺭⺉⺝⻗",
        "厂刀小心母民王疋目竹羊虎西见角贝车辶长门青韦页风飞食马骨鬼鱼鸟麦黄黾齐齿龙龟氵扌亻讠钅阝阝艹灬忄攵衤礻刂月雨",
        strict=True,
    )
)

# Strokes, bopomofo and kana typed instead of a character. Kana that Japanese needs stays.
_ALIKE: Final = {"〇": "零", "囗": "口", "ㄧ": "一", "ㄚ": "丫", "ㄖ": "日", "ㄩ": "凵", "ㄦ": "儿"}

# White on black, which NFKC leaves: digits, and letters in circles and squares.
_INVERTED: Final = {
    **{chr(start + digit): str(digit + 1) for start in (0x2776, 0x2780, 0x278A) for digit in range(9)},
    **{chr(start + 9): "10" for start in (0x2776, 0x2780, 0x278A)},
    "\u24ff": "0",
    **{chr(start + at): chr(ord("A") + at) for start in (0x1F150, 0x1F170) for at in range(26)},
}

HOMOGLYPHS: Final[dict[int, str]] = {
    ord(fake): real for table in (_LETTERS, _RADICALS, _ALIKE, _INVERTED) for fake, real in table.items()
}

# Zero width, bidirectional overrides, soft hyphen, fillers, tags, private use, control
# characters other than tab and newline, lone surrogates.
INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u2800\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U0001bca0-\U0001bca3\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+"
)

# Pictures. They carry no word, and stand between characters only to break one.
EMOJI: Final = re.compile(
    "[\u20e3\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\U0001f000-\U0001faff\U0001fb00-\U0001fbff]+"
)

# Combining marks that are left after composition: strike-through and "Zalgo" decoration.
MARKS: Final = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+")

# One character of a Han text that cannot need any of the above.
PLAIN: Final = re.compile(r"[一-\u56d6\u56d8-龥A-Za-z0-9 .,:;!?%()\-/#@\"'、。《》【】“”‘’·]*")

# What stands between two characters of one word to hide it: 暴-雨, 暴 雨, 暴*雨.
SPLITTERS: Final = r"[ \-*·•_./|~+^=‧∙]{1,3}"
