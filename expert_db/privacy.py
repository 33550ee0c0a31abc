"""Contact data: its shape, its mask, and finding it where it has no place.

Does not encrypt (the shell does, with a key that is not in the database) and does not decide who may see it.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_MOBILE: Final = re.compile(r"1\d{10}")
_LANDLINE: Final = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")
_SHORT: Final = re.compile(r"\d{5,6}|[48]00-?\d{3}-?\d{4}")  # 12345, 400 lines
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_INSIDE: Final = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|" + _EMAIL.pattern)
_ID_CARD: Final = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")


def _phone(raw: str) -> str:
    text = re.sub(r"[\s()（）]", "", raw)
    text = re.sub(r"^(\+|00)?86-?(?=1\d{2})", "", text)
    mobile = text.replace("-", "")
    if _MOBILE.fullmatch(mobile):
        return mobile
    if not text or _LANDLINE.fullmatch(text) or _SHORT.fullmatch(text):
        return text
    raise ValueError("not a telephone number")


def _email(raw: str) -> str:
    text = raw.strip()
    if text and not _EMAIL.fullmatch(text):
        raise ValueError("not an e-mail address")
    return text


class Contact(BaseModel):
    """How to reach somebody. Kept encrypted; never logged: its `repr` shows the mask only."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    phone: Annotated[str, Field(max_length=30), AfterValidator(_phone)] = ""
    email: Annotated[str, Field(max_length=200), AfterValidator(_email)] = ""

    def __bool__(self) -> bool:
        return bool(self.phone or self.email)

    def __repr__(self) -> str:
        return f"Contact({self.masked()})"

    __str__ = __repr__

    def masked(self) -> str:
        """What a page may show: `138****1234 z***@example.org`; empty when nothing is known."""
        return " ".join(filter(None, (mask_phone(self.phone), mask_email(self.email))))


def mask_phone(phone: str) -> str:
    """`13800001234` becomes `138****1234`; short numbers keep a third at most on each side."""
    if not phone:
        return ""
    if _MOBILE.fullmatch(phone):
        return f"{phone[:3]}****{phone[-4:]}"
    keep = len(phone) // 4
    return f"{phone[:keep]}****{phone[len(phone) - keep :]}"


def mask_email(email: str) -> str:
    """`zhang.san@example.org` becomes `z***@example.org`."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***{at}{host}" if at else ""


def holds_contact(text: str) -> bool:
    """Whether a telephone number, an e-mail address or an identity number stands in a text that pages and logs may show."""
    return bool(_INSIDE.search(text) or _ID_CARD.search(text))


def without_contact(text: str) -> str:
    """The text with every telephone number, e-mail address and identity number blotted out, for the audit log."""
    return _ID_CARD.sub("***", _INSIDE.sub("***", text))
