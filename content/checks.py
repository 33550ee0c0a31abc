"""Is this text ready for the public? Every finding is a code with data; the desk puts it into words.

A `must` stops submission; a `should` is advice. Does not change the text and does not look anything up: the same text
has the same findings.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from content import readability
from content.body import PieceBody
from content.findings import Problem, blocking
from content.pieces import PieceKind
from content.readability import sentences
from content.titles import repeats_claim
from content.warnings import missing_elements

__all__ = ["Problem", "blocking", "problems", "sentences"]

REQUIRED: dict[str, tuple[str, ...]] = {
    PieceKind.REBUTTAL: ("title", "claim", "verdict", "fact", "todo", "sources"),
    PieceKind.EXPLAINER: ("title", "question", "answer", "sources"),
    PieceKind.HOLDING: ("title", "claim", "fact", "todo"),
    PieceKind.WARNING: ("title", "warning", "sources"),
}
TEXTS = ("title", "claim", "fact", "why", "todo", "question", "answer", "summary", "scope", "correction_note")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
BANK_CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
PERSONAL = {"mobile": MOBILE, "identity": IDENTITY, "card": BANK_CARD}
MENTION = re.compile(r"@(?:all|everyone)(?![A-Za-z0-9_])|@(?:所有人|全体成员)|<at[ >]|<@", re.IGNORECASE)
MARKUP = re.compile(r"\]\(|<[a-zA-Z/!]|\*\*[^*\n]+\*\*|~~[^~\n]+~~|```|^#{1,6}\s", re.MULTILINE)
PICTURE = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt\s*=\s*[\"']?[^\s\"'>])", re.IGNORECASE)
BLANK = re.compile(r"〔[^〕]{0,60}〕|（待填[^）]{0,60}）|[_＿]{3,}|[×ＸX]{3,}")
HOME: Final = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.php", "/index.jsp"})
EXERCISE = re.compile(r"【\s*演\s*练\s*】")

TITLE_LIMIT = 32  # the official account's title, the shortest of all
CHAT_LIMIT = 3600  # bytes of text that fit into a WeCom message beside headline, verdict and address
ALOUD_LIMIT = (
    170  # characters that a village loudspeaker has for the fact and what to do, beside opening and end
)


def problems(
    kind: str, body: PieceBody, *, original: str | None = None, exercise: bool = False
) -> list[Problem]:
    """Everything there is to say about the text of a piece of this kind.

    `original` is the kind of what a correction corrects; a correction must be as complete as that, and say what changed.
    """
    shape = original or PieceKind.REBUTTAL if kind == PieceKind.CORRECTION else kind
    return [
        *_missing(kind, shape, body),
        *_about_sources(shape, body),
        *_about_title(body),
        *_personal(body),
        *_markup(body),
        *_exercise(body, exercise),
        *_blanks(body),
        *_too_long(shape, body),
        *readability.problems(body),
    ]


def _missing(kind: str, shape: str, body: PieceBody) -> list[Problem]:
    wanted = REQUIRED.get(shape, REQUIRED[PieceKind.REBUTTAL])
    found = [Problem("missing", name) for name in wanted if not getattr(body, name)]
    if kind == PieceKind.CORRECTION and not body.correction_note:
        found.append(Problem("missing", "correction_note"))
    if shape == PieceKind.WARNING and body.warning:
        found += [Problem("missing", f"warning.{name}") for name in missing_elements(body.warning)]
    if shape == PieceKind.REBUTTAL and body.fact and not body.why:
        found.append(Problem("no_explanation", "why", "should"))
    return found


def _about_sources(shape: str, body: PieceBody) -> list[Problem]:
    found = []
    for number, source in enumerate(body.sources, 1):
        if not source.title and not source.url:
            found.append(Problem("empty_source", "sources", data={"number": number}))
        elif source.retrieved_at is None:
            found.append(Problem("source_without_time", "sources", "should", {"number": number}))
        if source.url and is_home_page(source.url):
            found.append(Problem("home_page", "sources", "should", {"number": number}))
    nameable = [source for source in body.sources if source.url or source.publisher or source.excerpt]
    if shape == PieceKind.REBUTTAL and body.verdict and body.sources and not nameable:
        found.append(Problem("verdict_without_evidence", "sources"))
    return found


def _about_title(body: PieceBody) -> list[Problem]:
    found = []
    if body.title and body.claim and repeats_claim(body.title, body.claim):
        found.append(Problem("claim_in_title", "title"))
    if body.summary and body.claim and repeats_claim(body.summary, body.claim):
        found.append(Problem("claim_in_title", "summary", "should"))
    if body.title.rstrip().endswith(("?", "？", "吗")) and body.verdict:
        found.append(Problem("title_asks", "title", "should"))
    if len(body.title) > TITLE_LIMIT:
        found.append(
            Problem("long_title", "title", "should", {"limit": TITLE_LIMIT, "length": len(body.title)})
        )
    return found


def _personal(body: PieceBody) -> list[Problem]:
    found = []
    for name, text in _texts(body):
        kinds = [kind for kind, pattern in PERSONAL.items() if pattern.search(text)]
        found += [Problem("personal_data", name, data={"kind": kind}) for kind in kinds]
        if MAIL.search(text):  # often an office's own address
            found.append(Problem("personal_data", name, "should", {"kind": "mail"}))
    return found


def _markup(body: PieceBody) -> list[Problem]:
    found = [Problem("mention", name) for name, text in _texts(body) if MENTION.search(text)]
    found += [Problem("picture_without_words", name) for name, text in _texts(body) if PICTURE.search(text)]
    return found + [Problem("markup", name, "should") for name, text in _texts(body) if MARKUP.search(text)]


def _exercise(body: PieceBody, exercise: bool) -> list[Problem]:
    """The mark is put on by the renderers. Typed into a real text it would make people ignore it."""
    if exercise:
        return []
    return [Problem("exercise_mark", name) for name, text in _texts(body) if EXERCISE.search(text)]


def _blanks(body: PieceBody) -> list[Problem]:
    """Places of a template that nobody has filled in."""
    found = []
    for name, text in _texts(body):
        if blank := BLANK.search(text):
            found.append(Problem("unfilled", name, data={"words": blank[0]}))
    return found


def _too_long(shape: str, body: PieceBody) -> list[Problem]:
    """What a channel would show only in part. Everything is cut to fit; better that its author does."""
    if shape == PieceKind.WARNING:
        return []
    main = "fact" if body.fact else "answer"
    said = len(f"{body.fact or body.answer}\n{body.todo}".encode())
    found = []
    if said > CHAT_LIMIT:
        data = {"channel": "wecom", "length": said, "limit": CHAT_LIMIT}
        found.append(Problem("over_limit", main, "should", data))
    aloud = len(body.title) + len(body.fact)
    if body.fact and "farmers" in body.audiences and aloud > ALOUD_LIMIT:
        data = {"channel": "loudspeaker", "length": aloud, "limit": ALOUD_LIMIT}
        found.append(Problem("over_limit", "fact", "should", data))
    return found


def is_home_page(url: str) -> bool:
    """Whether this is a site's front door: it shows something else tomorrow."""
    parts = urlsplit(url)
    return parts.path.lower() in HOME and not parts.query and not parts.fragment


def _texts(body: PieceBody) -> list[tuple[str, str]]:
    return [(name, text) for name in TEXTS if (text := getattr(body, name))]
