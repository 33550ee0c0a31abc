"""Whether a question that quotes an address is about what stands there, or about something else.

    words of the question, without links and 请问, 这篇文章, 帮忙核实
    | nothing is left   it asks about the page itself ("bare")
    | else              it is about a text that has at least half of these words, rare words counting more

Does not fetch the page: only what is known of an address (a story of a source, another question) is compared. A question
in quite other words than the page's counts as another question: two cases can be merged, a wrong answer is out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.background import rarity
from classifiers.claim_view import claim_words, content_words
from classifiers.text import normalise

HALF: Final = 0.5
READ: Final = 2000
"""Characters of a text that are compared."""

LINK: Final = re.compile(r"https?://[^\s，。；！？、“”「」（）<>]+", re.IGNORECASE)
# What is said around a question. Longer phrases first: what is left of a cut phrase would count as a word.
_FRAME: Final = re.compile(
    r"您好|你好|请问|想问(?:一下)?|问一?下|(?:想|请|要)?(?:麻烦|拜托|劳驾)?(?:帮忙|帮我们?|帮)?(?:看一?[看下]|查一?[查下]|核实|查证|核查|求证|确认|鉴定|辟谣)(?:一?下)?"
    r"|麻烦|拜托|谢谢|感谢|(?:上面|下面|里面|里|这里)?(?:这|那|该)?[篇条个段则张]?(?:文章|文|链接|网址|网页|帖子|推文|视频|新闻|消息|内容|图片?|截图|公众号|号外|东西|说法)(?:里面?|上|中|内容)?(?:说|讲|写)?的?"
    r"|是不是(?:真的?|假的?|谣言)?|是否(?:真实|属实|可信)|真不真|真假|真的假的|是?[真假]的(?:[吗嘛么吧不]|$)|(?:可不|能不|可|能)?(?:可信|能信|可靠)|不?靠不?谱|到底|网上|朋友圈|微信群|群里|今天|刚刚|看到|收到|转发|发的|说的|在传|都在传|家[里人]|老人家?|[转传][来的]|(?<![\w-])[\w-]+\.(?:jpe?g|png|gif|webp|heic|mp4|mov|pdf)|求|谣言|事情|这事|此事|回事|大家"
)


@dataclass(frozen=True)
class Asked:
    """Somebody's words: `question` says whether one of the public asks; else it is a story or an editor's note."""

    text: str
    question: bool


def same_matter(one: Asked, other: Asked) -> bool:
    """Whether two that quote one address are about one matter. Symmetric; two stories always are."""
    if not (one.question or other.question):
        return True
    if one.question and other.question:
        bare = is_bare(one.text), is_bare(other.text)
        return all(bare) or (not any(bare) and max(_share(one, other), _share(other, one)) >= HALF)
    question, page = (one, other) if one.question else (other, one)
    return is_bare(question.text) or _share(question, page) >= HALF


def is_bare(question: str) -> bool:
    """Whether nothing is asked but "is this true?"."""
    return not _own_words(question)


def first_link(text: str) -> str:
    """The first http(s) address in somebody's words, or ""."""
    found = LINK.search(text)
    return found.group().rstrip(".,;:!?)\"'") if found else ""


def _share(question: Asked, text: Asked) -> float:
    """How much of what is asked stands in the text, from 0 to 1."""
    words, within = _own_words(question.text), normalise(text.text[:READ])
    apart = frozenset(content_words(within))
    # A longer word may stand within another one; 收 within 验收 is no sign of anything.
    held = sum(rarity(word) for word in words if word in apart or (len(word) > 1 and word in within))
    return held / sum(map(rarity, words))


@lru_cache(maxsize=256)
def _own_words(question: str) -> frozenset[str]:
    plain = _FRAME.sub(" ", normalise(LINK.sub(" ", question[:READ])))
    return frozenset(claim_words(plain)) if plain.strip() else frozenset()
