"""Collect the interface texts of the program and write them into the catalogues (`make i18n`).

    templates, Python files, the table of labels
    | extract    → every text that is marked, with the file where it stands
    | owner      → the part of the house whose catalogue keeps it (public, desk, expert, admin, common)
    | merge      → en/LC_MESSAGES/<part>.po: known translations stay, new ones are empty, unused ones go

One file a part, so that people who work on different parts do not meet in one file. A text that several parts use
belongs to `common`. Does not translate: a test fails while a translation is missing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from service.pages.i18n import DEFAULT, FOLDER, LOCALES
from service.pages.labels import WORDS

SERVICE = Path(__file__).resolve().parents[2]
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
OPTIONS = {
    "encoding": "utf-8",
    "newstyle_gettext": "true",
    "extensions": "jinja2.ext.do",  # as in `service.pages.templates`
    "silent": "false",  # else a file that cannot be read has no texts
}
PARTS = ("public", "desk", "expert", "admin", "common")
HEADER = """msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True, order=True)
class Text:
    """One text to translate; `plural` and `context` are empty for most."""

    id: str
    plural: str = ""
    context: str = ""


def texts() -> Iterator[tuple[Text, str]]:
    """Every marked text with the file (relative to `service/`) where it stands."""
    for path in sorted(SERVICE.rglob("*")):
        if path.suffix not in METHODS or "locale" in path.parts:
            continue
        place = path.relative_to(SERVICE).as_posix()
        with path.open("rb") as file:
            for _, message, _, context in extract(METHODS[path.suffix], file, KEYWORDS, (), OPTIONS):
                yield _text(message, context or ""), place
    for kind, words in WORDS.items():
        for word in words.values():
            yield Text(word, context=kind), "pages/labels.py"


def owner(places: set[str]) -> str:
    """The part whose catalogue keeps a text that stands in these files."""
    homes = {_home(place) for place in places}
    return homes.pop() if len(homes) == 1 else "common"


def _home(place: str) -> str:
    folders = place.removeprefix("web/").removeprefix("templates/").split("/")
    first = "public" if folders[0] == "site" else folders[0]
    return first if first in PARTS else "common"


def wanted() -> dict[Text, str]:
    """Every text of the program with the part that keeps it."""
    places: dict[Text, set[str]] = {}
    for text, place in texts():
        places.setdefault(text, set()).add(place)
    return {text: owner(where) for text, where in places.items()}


def translated(locale: str) -> dict[Text, Message]:
    """All translations that stand in any catalogue of the language."""
    found: dict[Text, Message] = {}
    for path in sorted((FOLDER / locale / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and _complete(message):
                    found.setdefault(_text(message.id, message.context or ""), message)
    return found


def catalogues(locale: str) -> dict[Path, bytes]:
    """What each `.po` file should contain."""
    known, by_part = translated(locale), {part: Catalog(locale=locale) for part in PARTS}
    for text, part in sorted(wanted().items()):
        message = known.get(text)
        identity = (text.id, text.plural) if text.plural else text.id
        by_part[part].add(identity, message.string if message else None, context=text.context or None)
    return {FOLDER / locale / "LC_MESSAGES" / f"{part}.po": _bytes(c, locale) for part, c in by_part.items()}


def missing(locale: str) -> list[str]:
    """Texts without a translation."""
    known = translated(locale)
    return sorted(text.id for text in wanted() if text not in known)


def _text(message: object, context: str) -> Text:
    if isinstance(message, list | tuple):
        parts = [part for part in message if isinstance(part, str)]
        return Text(parts[0], parts[1] if len(parts) > 1 else "", context)
    return Text(str(message), "", context)


def _complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(strings) and not message.fuzzy


def _bytes(catalogue: Catalog, locale: str) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, omit_header=True, sort_output=True, width=0)
    # Babel's own header carries the time of writing: every run would differ.
    return HEADER.format(locale=locale).encode() + b"\n" + out.getvalue()


def main() -> None:
    """Write every catalogue and say what is still to be translated."""
    for locale in LOCALES:
        if locale == DEFAULT:
            continue
        for path, content in catalogues(locale).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for text in missing(locale):
            print(f"{locale}: no translation yet: {text}")  # noqa: T201  # a tool for the terminal


if __name__ == "__main__":
    main()
