"""Bytes to text, our own way, because a wrong guess turns Chinese into noise.

In this order: BOM, UTF-16/32 by their zero bytes, strict UTF-8 (also with a cut tail) that can be nothing else, HTTP header,
XML prolog or HTML meta as far as they are believable, other strict UTF-8, then the best of GB18030 (stands for GB2312 and GBK too), Big5 and Windows-1252 by how
ordinary the resulting characters are. Never fails: the last resort is UTF-8 with replacement characters.
"""

import codecs
import re

from service.feeds.common_han import COMMON_HAN

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Codecs that are no charset of a document, or not a safe one.
REFUSED = {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
GB_NAMES = re.compile(
    r"^(x-)?(gb|cn-gb|csgb|chinese|iso-ir-58|cp936|936|ms936|windows-936|euc-?cn|x-euc-cn|euccn)", re.I
)
BIG5_NAMES = re.compile(r"^(x-)?(cn-)?(big-?5|csbig5|cp950|windows-950)", re.I)
# Labels that servers send without looking; they never fail to decode, so they prove nothing.
WEAK = {"iso8859-1", "latin_1", "ascii", "cp1252"}
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
PROLOG = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{2,40})\s*[\"']", re.I)
META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
MULTIBYTE = {"utf-8", "gb18030", "big5hkscs"}
CHINESE = ("gb18030", "big5hkscs")
SAMPLE = 20_000
# Two characters of three bytes or more. The first is found fast, so that the second is looked for once.
TWO_LONG = re.compile("[\u0800-\U0010ffff][^\u0800-\U0010ffff]*[\u0800-\U0010ffff]")
# Shares of everyday characters: above SURE it is Chinese, below DOUBTFUL a Chinese label is not believed.
SURE, DOUBTFUL = 0.5, 0.35


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of `body` and the name of the charset it was read with."""
    for bom, name in BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name
    wide = _zero_bytes(body)
    if wide:
        return body.decode(wide, "replace"), wide
    strict = _try(body, "utf-8")
    if strict is not None and body.isascii():
        return _seven_bit(body, strict, content_type)
    if strict is not None and _only_utf8(strict):
        return strict, "utf-8"
    for name in _declared(body, content_type):
        text = strict if name == "utf-8" else _try(body, name)
        if text is not None and (name not in WEAK or strict is None) and _believable(body, name, text):
            return text, name
    if strict is not None and _best_chinese(body) is None:
        return strict, "utf-8"
    return _guess(body)


def codec(label: str) -> str | None:
    """The codec for a declared charset name, or None when it is unknown or not a charset."""
    if GB_NAMES.match(label):
        return "gb18030"
    if BIG5_NAMES.match(label):
        return "big5hkscs"
    try:
        found = codecs.lookup(label.replace(":", "-"))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name in REFUSED:
        return None
    return found.name


def _declared(body: bytes, content_type: str | None) -> list[str]:
    labels: list[str] = []
    if found := CHARSET.search(content_type or ""):
        labels.append(found[1])
    head = body[:2048]
    for pattern in (PROLOG, META):
        if match := pattern.search(head):
            labels.append(match[1].decode("ascii", "ignore"))
    return [name for name in map(codec, labels) if name]


def _seven_bit(body: bytes, text: str, content_type: str | None) -> tuple[str, str]:
    """ASCII bytes may still be HZ or ISO-2022; they say so."""
    for name in _declared(body, content_type):
        if name.startswith(("hz", "iso2022")):
            shifted = _try(body, name)
            if shifted is not None:
                return shifted, name
    return text, "utf-8"


def _try(body: bytes, name: str) -> str | None:
    """`body` strictly as `name`. A body cut inside its last character loses the piece, not its meaning."""
    try:
        return body.decode(name)
    except UnicodeDecodeError as error:
        cut = name in MULTIBYTE and 0 < error.start >= len(body) - 3 and error.end == len(body)
        return body[: error.start].decode(name) if cut else None
    except ValueError:
        return None


def _only_utf8(text: str) -> bool:
    """Whether valid UTF-8 can be nothing else. Two-byte letters can: 停水通知 in GBK is valid UTF-8."""
    return TWO_LONG.search(text) is not None


def _zero_bytes(body: bytes) -> str | None:
    head = body[:64]
    for pattern, name in (
        (rb"^(\x00\x00\x00[\x09-\x7e]){2}", "utf-32-be"),
        (rb"^([\x09-\x7e]\x00\x00\x00){2}", "utf-32-le"),
        (rb"^\x00[\x09-\x7e]\x00[\x09-\x7e]", "utf-16-be"),
        (rb"^[\x09-\x7e]\x00[\x09-\x7e]\x00", "utf-16-le"),
    ):
        if re.match(pattern, head):
            return name
    return None


def _believable(body: bytes, name: str, text: str) -> bool:
    """Whether a declared charset gives sense: a western or the other Chinese label may hide ordinary Chinese."""
    if name in WEAK:
        return text.isascii() or _best_chinese(body) is None
    if name in CHINESE:
        other = _best_chinese(body)
        return other is None or other[1] == name or _ordinary(text) >= DOUBTFUL
    return True


def _guess(body: bytes) -> tuple[str, str]:
    chinese = _best_chinese(body)
    if chinese:
        return chinese
    loose = body.decode("utf-8", "replace")
    high = sum(1 for byte in body if byte > 0x7F)
    if high and loose.count("\ufffd") * 3 > high:
        return body.decode("cp1252", "replace"), "cp1252"
    return loose, "utf-8"


def _best_chinese(body: bytes) -> tuple[str, str] | None:
    """The better of the two Chinese readings, if it is mostly everyday characters."""
    best: tuple[float, str, str] | None = None
    for name in CHINESE:
        text = _try(body, name)
        score = _ordinary(text) if text is not None else 0.0
        if text is not None and score >= SURE and (best is None or score > best[0]):
            best = (score, text, name)
    return best[1:] if best else None


def _ordinary(text: str) -> float:
    """The share of everyday Han and Chinese punctuation among the non-ASCII characters."""
    wide = [char for char in text[:SAMPLE] if char > "\x7f"]
    return sum(1 for char in wide if char in COMMON_HAN) / len(wide) if wide else 0.0
