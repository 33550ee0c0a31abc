"""Templates: Jinja2 with autoescape, one environment a language.

Every page gets its interface language by `locale`, never by a global; a template that names a variable nobody gave
fails (`StrictUndefined`), so a page is never silently half empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from classifiers.plain_words import is_plain
from content.case_summary import headline
from service.pages import i18n, labels
from service.pages.assets import Assets, shipped
from service.pages.city import City
from service.pages.formats import Formats

FOLDER = Path(__file__).resolve().parent.parent / "web" / "templates"

TAGS = {"p", "h2", "h3", "h4", "blockquote", "ol", "ul", "li", "a", "strong", "em", "br", "dl", "dt", "dd"}


class Templates:
    """Renders the files in `service/web/templates` for one city and one public address."""

    def __init__(self, city: City, base_url: str, assets: Assets | None = None) -> None:
        self.city = city
        self.base_url = base_url
        self.assets = assets or shipped()
        self._environments = {locale: self._environment(locale) for locale in i18n.LOCALES}

    def render(self, name: str, locale: str = i18n.DEFAULT, /, **data: Any) -> str:
        """One page. Raises jinja2.UndefinedError when `data` lacks something that the template needs."""
        return self._environments[locale].get_template(name).render(**data)

    def formats(self, locale: str) -> Formats:
        """Dates and numbers in one language."""
        return Formats(locale, self.city.zone)

    def _environment(self, locale: str) -> Environment:
        env = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        env.install_gettext_translations(i18n.translations(locale), newstyle=True)  # type: ignore[attr-defined]
        formats = self.formats(locale)
        env.filters |= {
            "day": formats.day,
            "moment": formats.moment,
            "ago": formats.ago,
            "number": formats.number,
            "percent": formats.percent,
            "chance": formats.chance,
            "headline": lambda case: headline(case.title, case.reasons),
            "label": lambda code, kind: labels.label(code, kind, locale),
            "why": lambda reason: labels.why(reason, locale),
            "place": lambda code: self.city.place(code, locale),
            "paragraphs": paragraphs,
            "safe_fragment": safe_fragment,
        }
        env.tests["tells_little"] = lambda words: all(map(is_plain, words))
        env.globals |= {
            "locale": locale,
            "locales": i18n.LOCALES,
            "own_name": i18n.OWN_NAME,
            "html_lang": i18n.HTML_LANG[locale],
            "city": self.city,
            "city_name": self.city.place(self.city.code, locale),
            "desk_name": self.city.desk_name(locale),
            "base_url": self.base_url,
            "asset": self.assets.url,
            "options": lambda kind: labels.options(kind, locale),
            "url": lambda path, to=None: localised(path, to or locale),
        }
        return env


def localised(path: str, locale: str) -> str:
    """The address of a public page in a language: Chinese pages have no prefix, English ones stand under /en."""
    return path if locale == i18n.DEFAULT else f"/{locale}{path}"


def paragraphs(text: str | None) -> Markup:
    """Plain text as paragraphs: an empty line or a line break starts a new one. Everything is escaped."""
    lines = (line.strip() for line in (text or "").splitlines())
    return Markup("").join(Markup("<p>{}</p>").format(escape(line)) for line in lines if line)


def safe_fragment(html: str) -> Markup:
    """HTML of our own renderers for showing on a page. Sanitised once more: no script, style, picture or odd link."""
    return Markup(nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}))  # noqa: S704
