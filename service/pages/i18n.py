"""Interface texts in two languages, through gettext.

A message id is the Chinese text itself: Chinese is complete by construction and templates read like the page.
English stands in `service/web/locale/en/LC_MESSAGES/*.po`, one file a part of the house, all merged here. They are
read as they are (about 30 ms at start), so no compiled file can be stale. Dates and numbers: `service.pages.formats`.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES = ("zh", "en")
DEFAULT = "zh"
FOLDER = Path(__file__).resolve().parent.parent / "web" / "locale"
HTML_LANG = {"zh": "zh-CN", "en": "en"}
OWN_NAME = {"zh": "中文", "en": "English"}


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it
    """Marks a text for translation without translating it now."""
    return text


def known(locale: str | None) -> str | None:
    """The locale if the house speaks it, else None."""
    return locale if locale in LOCALES else None


@cache
def translations(locale: str) -> NullTranslations:
    """The texts of one language; Chinese needs none, every id is its own text."""
    if locale == DEFAULT:
        return NullTranslations()
    merged = BytesIO()
    write_mo(merged, merged_catalogue(locale))
    merged.seek(0)
    return Translations(fp=merged)


def merged_catalogue(locale: str) -> Catalog:
    """Every `.po` file of a language in one. The first file (by name) that has a text keeps it."""
    whole = Catalog(locale=locale)
    for path in sorted((FOLDER / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and message.string and whole.get(message.id, message.context) is None:
                    whole[message.id] = message
    return whole


def gettext(locale: str, text: str) -> str:
    """One text in one language."""
    return str(translations(locale).gettext(text))


def pgettext(locale: str, context: str, text: str) -> str:
    """One text in one language, where the same Chinese word needs different English in different places."""
    return str(translations(locale).pgettext(context, text))
