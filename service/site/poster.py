"""The poster (1080 × 1440, PNG): the fact in large type, the verdict, what to do, and a QR code to the page.

For notice boards and chats. The rumor is not on it: a picture travels without its text. Needs a Chinese font on the
machine (Debian: fonts-noto-cjk); without one the poster carries the QR code, the address and the date only.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from content.pieces import PieceKind
from content.publications import PublicationType
from content.reach import marked
from content.render.article import day
from content.render.plain import one_line
from content.render.told import House, Told
from content.verdicts import verdict_zh
from content.warnings import ELEMENTS
from service.site.typeset import lines

POSTER = "poster-3"  # part of what recognises an unchanged poster; raise it when the drawing changes
WIDTH, HEIGHT, MARGIN = 1080, 1440, 80
CODE = 290  # at most; whole pixels for each module, or phones read it badly
PAPER, INK, SOFT, ACCENT = "#fbfaf6", "#17211f", "#55605d", "#0b5d57"
OPEN = {"unproven": "#3e4a5c", "true": "#0f5f35"}
LEVELS = {"红": "#b3141b", "橙": "#ae4a00", "黄": "#7a5c00", "蓝": "#1c4f9c"}
FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/truetype/noto",
)
SIMPLIFIED = 2  # index of the simplified Chinese face in Noto's collections
KINDS = {
    PieceKind.EXPLAINER: "科普",
    PieceKind.HOLDING: "正在核实",
    PieceKind.WARNING: "转发预警",
    PieceKind.CORRECTION: "更正",
}
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Tag:
    """The coloured mark at the head of the poster."""

    text: str
    color: str


def poster(told: Told, house: House) -> bytes:
    """The picture of one publication. The same publication, fonts and Pillow give the same bytes."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 132), fill=ACCENT)
    _code(image, marked(f"{house.base_url}{told.path}", "poster"))
    if font_file(bold=False) is None:
        _without_letters(draw, told, house)
    else:
        _letters(draw, told, house)
    out = io.BytesIO()
    # A palette of 64: a third of the bytes and of the time, and no eye sees it in flat colours.
    small = image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(out, "PNG")
    return out.getvalue()


@cache
def font_file(bold: bool) -> Path | None:
    """The Noto CJK collection of this machine, or None."""
    name = f"NotoSansCJK-{'Bold' if bold else 'Regular'}.ttc"
    return next((path for folder in FOLDERS if (path := Path(folder) / name).is_file()), None)


def _font(size: int, bold: bool = False) -> Font:
    path = font_file(bold) or font_file(bold=False)
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(path, size, index=SIMPLIFIED)


def _letters(draw: ImageDraw.ImageDraw, told: Told, house: House) -> None:
    draw.text(
        (MARGIN, 66), f"{house.site}　{house.city}", font=_font(50, bold=True), fill="#ffffff", anchor="lm"
    )
    draw.text((WIDTH - MARGIN, 66), day(told.issued_at, house), font=_font(34), fill="#ffffff", anchor="rm")
    y = _tag(draw, _tag_of(told), 190)
    y = _block(draw, one_line(told.body.title), y + 36, _font(76, bold=True), INK, 4, 1.3)
    y = _block(draw, _fact(told), y + 40, _font(44), INK, max(2, (1010 - y) // 66), 1.5)
    todo = _todo(told)
    if todo and y < 930:
        draw.rectangle((MARGIN, y + 36, MARGIN + 10, y + 84), fill=ACCENT)
        draw.text((MARGIN + 30, y + 60), "怎么做", font=_font(44, bold=True), fill=ACCENT, anchor="lm")
        _block(draw, todo, y + 106, _font(40), INK, max(1, (1100 - y - 106) // 58), 1.45)
    foot = _font(34)
    draw.text((MARGIN, 1250), house.desk, font=_font(40, bold=True), fill=INK, anchor="lm")
    draw.text((MARGIN, 1310), "扫码看全文、来源和更正", font=foot, fill=SOFT, anchor="lm")
    draw.text((MARGIN, 1360), _short(house.base_url + told.path), font=_font(26), fill=SOFT, anchor="lm")


def _without_letters(draw: ImageDraw.ImageDraw, told: Told, house: House) -> None:
    draw.text((MARGIN, 66), "Qingyuan", font=_font(50), fill="#ffffff", anchor="lm")
    draw.text(
        (MARGIN, 400), told.issued_at.astimezone(house.zone).date().isoformat(), font=_font(60), fill=INK
    )
    draw.text((MARGIN, 500), "Scan the code to read this notice.", font=_font(44), fill=INK)
    draw.text((MARGIN, 1360), _short(house.base_url + told.path), font=_font(26), fill=SOFT, anchor="lm")


def _tag_of(told: Told) -> Tag:
    if told.retracted:
        return Tag("预警结束", ACCENT) if told.ended else Tag("撤回", LEVELS["红"])
    if told.kind == PieceKind.WARNING:
        level = (told.body.warning or {}).get("level", "")
        if told.lapsed:
            return Tag(f"{KINDS[PieceKind.WARNING]} 已过期", SOFT)
        return Tag(
            f"{KINDS[PieceKind.WARNING]} {level}".strip(),
            next((c for k, c in LEVELS.items() if k in level), ACCENT),
        )
    if told.body.verdict in OPEN:
        return Tag(f"核查：{verdict_zh(told.body.verdict)}", OPEN[told.body.verdict])
    # Beside a title that states the fact the word 谣言 would be read of the fact.
    changed = f" {told.changed}" if told.type == PublicationType.CORRECT else ""
    return Tag(KINDS.get(PieceKind(told.kind), "辟谣") + changed, ACCENT)


def _fact(told: Told) -> str:
    """What the notice says first; of a relayed warning who warns of what, when and where, in the issuer's words."""
    if told.retracted:
        return told.farewell.replace("。原因：", "。\n原因：", 1)
    changed = f"{told.changed}说明：{told.reason}\n" if told.reason else ""
    if told.kind == PieceKind.WARNING and told.body.warning:
        said = dict.fromkeys(ELEMENTS, "") | told.body.warning
        where = f"\n范围：{said['area']}" if said["area"] else ""
        begins = f"\n起始：{said['start']}" if said["start"] else ""
        return f"{changed}{said['issuer']}{said['issued_at']}发布。{where}{begins}\n{said['cautions']}"
    return changed + (told.body.fact or told.body.answer or told.summary)


def _todo(told: Told) -> str:
    if told.retracted:
        return ""
    measures = (told.body.warning or {}).get("measures", "") if told.kind == PieceKind.WARNING else ""
    return measures or told.body.todo


def _tag(draw: ImageDraw.ImageDraw, tag: Tag, y: int) -> int:
    font = _font(42, bold=True)
    width = int(draw.textlength(tag.text, font=font)) + 56
    draw.rounded_rectangle((MARGIN, y, MARGIN + width, y + 76), radius=38, fill=tag.color)
    draw.text((MARGIN + width // 2, y + 37), tag.text, font=font, fill="#ffffff", anchor="mm")
    return y + 76


def _block(
    draw: ImageDraw.ImageDraw, text: str, y: int, font: Font, color: str, limit: int, leading: float
) -> int:
    """Draw a paragraph and return where it ends."""
    step = int(font.size * leading) if isinstance(font, ImageFont.FreeTypeFont) else 20
    for line in lines(text, WIDTH - 2 * MARGIN, lambda part: draw.textlength(part, font=font), limit):
        draw.text((MARGIN, y), line, font=font, fill=color)
        y += step
    return y


def _code(image: Image.Image, address: str) -> None:
    code = segno.make(address, error="m", micro=False)
    out = io.BytesIO()
    scale = CODE // code.symbol_size(border=2)[0]
    code.save(out, kind="png", scale=scale, border=2, dark=INK, light="#ffffff")
    square = Image.open(out).convert("RGB")
    image.paste(square, (WIDTH - MARGIN - square.width, HEIGHT - MARGIN - square.height))


def _short(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://")
