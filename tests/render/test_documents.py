"""ClaimReview, CAP, sitemap, article and script: each says the whole thing and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import pytest

from content.render import article, cap, claimreview, script, sitemap
from content.render.feed import FeedInfo
from content.render.plain import clean
from content.render.told import Told, told
from tests.render.situations import (
    ALL,
    HOUSE,
    STORM,
    a_corrected_rebuttal,
    a_holding_statement,
    a_rebuttal,
    a_retraction,
    a_warning,
    an_explainer,
    hostile_text,
    publication,
)

C = "{urn:oasis:names:tc:emergency:cap:1.2}"
INFO = FeedInfo("预警", "转发的预警", "/", "/cap.xml", datetime(2026, 11, 24, tzinfo=UTC))


def test_a_rebuttal_has_every_required_field_of_claim_review() -> None:
    review = claimreview.render(a_rebuttal(), HOUSE)
    assert review is not None
    assert review["@context"] == "https://schema.org"
    assert review["url"] == "https://qingyuan.example.org/p/water2345678"
    assert review["claimReviewed"].startswith("袁州区自来水")
    rating = review["reviewRating"]
    assert rating["alternateName"] == "谣言"
    assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    assert review["itemReviewed"]["datePublished"] == "2026-11-19"
    assert review["author"]["name"] == "宜春市科学技术协会"


def test_a_correction_stands_in_the_markup() -> None:
    review = claimreview.render(a_corrected_rebuttal(), HOUSE)
    assert review is not None
    assert "24项" in review["correction"][0]["text"]


@pytest.mark.parametrize("make", [an_explainer, a_warning, a_retraction, a_holding_statement])
def test_what_judges_no_claim_has_no_claim_review(make: Callable[[], Told]) -> None:
    assert claimreview.render(make(), HOUSE) is None


def test_nothing_in_the_markup_can_close_its_script_element() -> None:
    review = claimreview.render(hostile_text(), HOUSE)
    assert review is not None
    text = claimreview.as_script(review)
    assert "<" not in text
    assert json.loads(text) == review


def test_a_relayed_warning_is_word_for_word_in_cap() -> None:
    alert = fromstring(cap.alert(a_warning(), HOUSE) or b"")
    names = [child.tag.removeprefix(C) for child in alert]
    assert names == ["identifier", "sender", "sent", "status", "msgType", "source", "scope", "info"]
    info = alert.find(f"{C}info")
    assert info is not None
    order = [child.tag.removeprefix(C) for child in info]
    assert order == [
        "language", "category", "event", "urgency", "severity", "certainty", "senderName", "headline", "description", "instruction",
        "web", "parameter", "parameter", "parameter", "area",
    ]  # fmt: skip
    warning = STORM.warning or {}
    assert info.findtext(f"{C}description") == warning["cautions"]
    assert info.findtext(f"{C}instruction") == warning["measures"]
    assert info.findtext(f"{C}senderName") == "宜丰县气象台"
    assert info.findtext(f"{C}severity") == "Severe"
    assert info.findtext(f"{C}area/{C}areaDesc") == "宜丰县北部山区"
    assert info.findtext(f"{C}area/{C}geocode/{C}value") == "360924"


def test_cap_times_carry_an_offset_in_digits() -> None:
    sent = fromstring(cap.alert(a_warning(), HOUSE) or b"").findtext(f"{C}sent") or ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", sent)


def test_a_withdrawn_warning_cancels_the_message_before() -> None:
    later = datetime(2026, 11, 21, tzinfo=UTC)
    change = {"at": later.isoformat(), "type": "retract", "version": 2, "reason": "预警已解除", "fields": []}
    one = publication(
        STORM, "warning", "storm3456789", 9, version=2, type="retract", reason="预警已解除", changes=[change], issued_at=later
    )  # fmt: skip
    alert = fromstring(cap.alert(told(one), HOUSE) or b"")
    assert alert.findtext(f"{C}msgType") == "Cancel"
    sender, identifier, sent = (alert.findtext(f"{C}references") or "").split(",")
    assert sender == alert.findtext(f"{C}sender")
    assert identifier == "storm3456789.1"
    assert sent == "2026-11-20T09:30:00+08:00"


def test_only_warnings_are_cap_alerts() -> None:
    assert cap.alert(a_rebuttal(), HOUSE) is None
    feed = fromstring(cap.feed([a_rebuttal(), a_warning()], INFO, HOUSE))
    assert len(list(feed.iter(f"{C}alert"))) == 1


@pytest.mark.parametrize("make", ALL)
def test_the_article_begins_with_the_fact_and_ends_with_the_link(make: Callable[[], Told]) -> None:
    one = make()
    text = article.text(one, HOUSE)
    assert text.endswith(f"/p/{one.public_id}")
    if one.kind == "rebuttal" and not one.retracted:
        assert text.startswith(clean(one.body.fact).strip()[:4])
        assert clean(one.body.claim)[:8] in text


def test_links_are_web_links_only() -> None:
    html = article.html(hostile_text(), HOUSE)
    assert "javascript:" not in html
    assert "<img" not in html


@pytest.mark.parametrize("make", ALL)
def test_a_loudspeaker_script_is_read_in_a_minute_without_figures(make: Callable[[], Told]) -> None:
    text = script.render(make(), HOUSE)
    assert script.seconds(text) <= 60
    assert not re.search(r"\d", text)
    assert "http" not in text
    assert re.search(r"宜春市科学技术协会(发布|转播)。$", text.rstrip())


def test_the_rumor_is_never_read_out() -> None:
    text = script.render(a_rebuttal(), HOUSE)
    assert "喝了会得癌" not in text
    assert "四十二项" in text
    assert "幺二三四五" in text


def test_a_very_long_text_still_says_what_to_do() -> None:
    body = a_rebuttal().body.model_copy(update={"fact": "水质合格。" * 300})
    text = script.render(told(publication(body)), HOUSE)
    assert "不用囤水" in text
    assert script.seconds(text) <= 60


def test_a_sitemap_lists_addresses_with_their_last_change() -> None:
    made = sitemap.render([("https://a.example.org/p/x?a=1&b=2", datetime(2026, 11, 24, tzinfo=UTC))])
    root = fromstring(made)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.findtext(f"{space}url/{space}loc") == "https://a.example.org/p/x?a=1&b=2"
    assert root.findtext(f"{space}url/{space}lastmod") == "2026-11-24T00:00:00+00:00"
