"""schema.org ClaimReview of a rebuttal: what other fact-checking systems exchange.

One a page, for a verdict that stands: nothing for explainers, holding statements and retractions. The rumor's own words
stand in `claimReviewed` and nowhere else.
"""

from __future__ import annotations

import json
from typing import Any

from content.render.plain import clean, is_web, one_line
from content.render.told import House, Told
from content.verdicts import BEST, VERDICTS, WORST


def render(told: Told, house: House) -> dict[str, Any] | None:
    """The markup as JSON-LD, or None when this page reviews no claim."""
    body = told.body
    if told.retracted or not body.claim or body.verdict is None:
        return None
    verdict = VERDICTS[body.verdict]
    desk = {
        "@type": "Organization",
        "name": one_line(house.desk),
        "url": f"{house.base_url}/",
        "correctionsPolicy": f"{house.base_url}/corrections",
    }
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{house.base_url}{told.path}",
        "claimReviewed": clean(body.claim),
        "datePublished": told.published_at.isoformat(timespec="seconds"),
        "dateModified": told.issued_at.isoformat(timespec="seconds"),
        "inLanguage": body.language,
        "author": desk,
        "reviewRating": {
            "@type": "Rating",
            "alternateName": verdict.zh,
            "name": verdict.zh,
            "ratingValue": verdict.rating,
            "bestRating": BEST,
            "worstRating": WORST,
        },
        "itemReviewed": _claim(told),
        **({"correction": _corrections(told)} if told.corrections else {}),
    }


def _claim(told: Told) -> dict[str, Any]:
    body = told.body
    claim: dict[str, Any] = {"@type": "Claim", "name": clean(body.claim)}
    if body.claim_first_seen:
        claim["datePublished"] = body.claim_first_seen.isoformat()
    if is_web(body.claim_appearance):
        claim["appearance"] = [{"@type": "CreativeWork", "url": body.claim_appearance}]
    return claim


def _corrections(told: Told) -> list[dict[str, Any]]:
    return [
        {
            "@type": "CorrectionComment",
            "text": clean(c.reason),
            "datePublished": c.at.isoformat(timespec="seconds"),
        }
        for c in told.corrections
    ]


def as_script(data: dict[str, Any]) -> str:
    """JSON that can stand inside `<script type="application/ld+json">`: nothing in it can close the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, safe in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, safe)
    return text
