"""Pages for one county, one audience or one topic, each with its own feeds. Addresses never change, empty or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classifiers.taxonomy import AUDIENCES, TOPICS
from content.render.told import Told
from service.pages.city import City


@dataclass(frozen=True)
class Group:
    """`kind` is region, for (audience) or topic; `code` is its code; `city` the code of the city itself."""

    kind: str
    code: str
    zh: str
    en: str
    city: str = ""

    @property
    def path(self) -> str:
        """The page of the group; its feeds stand under it."""
        return f"/{self.kind}/{self.code}"

    def name(self, locale: str) -> str:
        """What people call it."""
        return self.en if locale == "en" else self.zh


def all_groups(city: City) -> tuple[Group, ...]:
    """Counties first, then audiences, then topics."""
    counties = [Group("region", c.code, c.name, c.english_name, city.code) for c in city.counties]
    audiences = [
        Group("for", code, name.zh, name.en) for code, name in AUDIENCES.items() if code != "general"
    ]
    topics = [Group("topic", code, name.zh, name.en) for code, name in TOPICS.items()]
    return (*counties, *audiences, *topics)


def members(group: Group, pages: Iterable[Told]) -> tuple[Told, ...]:
    """The pages of a group in the order given. What concerns the whole city concerns each county."""
    if group.kind == "region":
        wanted = {group.code, group.city}
        return tuple(one for one in pages if wanted & set(one.body.regions))
    field = "audiences" if group.kind == "for" else "topics"
    return tuple(one for one in pages if group.code in getattr(one.body, field))
