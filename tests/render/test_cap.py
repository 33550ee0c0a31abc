"""Relayed warnings as CAP 1.2: every alert that we hand on keeps the standard's schema."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest

from content.render import cap
from content.render.feed import FeedInfo
from content.render.told import Change, Told
from service.feeds.cap import alert_elements, parse_cap, parse_tree, raw_alert
from tests.render.cap_schema import NS, faults
from tests.render.situations import HOUSE, a_warning

LATER = timedelta(hours=1)
XSD = os.environ.get("QINGYUAN_TEST_CAP_XSD", "")


def versions() -> Sequence[Told]:
    """An alert, its update, its cancellation, an exercise, and one whose text is hostile."""
    first = a_warning()
    change = Change(first.issued_at + LATER, "correct", 2, "发布单位更新了这条预警。")
    update = replace(
        first, version=2, type="correct", reason=change.reason, changes=(change,), issued_at=change.at
    )
    end = Change(first.issued_at + 2 * LATER, "retract", 3, "发布单位已解除。")
    cancel = replace(
        update, version=3, type="retract", reason=end.reason, changes=(change, end), issued_at=end.at
    )
    words = {
        **(first.body.warning or {}),
        "cautions": "<b>&雨</b>",
        "expires": "2026-11-24T14:30:00+08:00",
        "identifier": "3609_1",
    }
    hostile = replace(first, body=first.body.model_copy(update={"warning": words, "title": "橙色 & <预警>"}))
    bare = replace(
        first, body=first.body.model_copy(update={"warning": {"type": "暴雨"}, "regions": (), "hazard": None})
    )
    return first, update, cancel, replace(first, exercise=True), hostile, bare


def alerts() -> list[Element]:
    return [fromstring(cap.alert(told, HOUSE) or b"") for told in versions()]


@pytest.mark.parametrize("number", range(6))
def test_an_alert_keeps_the_schema(number: int) -> None:
    assert faults(alerts()[number]) == []


if XSD:  # by hand, where the schema and lxml are

    def test_an_alert_keeps_the_schema_of_oasis_itself() -> None:
        etree = import_module("lxml.etree")
        schema = etree.XMLSchema(etree.parse(str(Path(XSD))))
        for alert in alerts():
            schema.assertValid(etree.fromstring(tostring(alert)))


def test_the_check_finds_what_is_wrong() -> None:
    good = alerts()[0]
    for name, text in (("status", "Real"), ("sent", "2026-11-24T08:00:00Z"), ("sender", "a b")):
        wrong = fromstring(tostring(good))
        found = wrong.find(NS + name)
        assert found is not None
        found.text = text
        assert len(faults(wrong)) == 1
    wrong = fromstring(tostring(good))
    wrong.remove(wrong[0])
    assert faults(wrong) == ["alert: 0 identifier"]
    wrong.append(Element(NS + "identifier"))
    assert any("wrong order" in fault for fault in faults(wrong))


def test_the_feed_carries_whole_alerts_that_our_own_reader_reads_back() -> None:
    told = versions()
    info = FeedInfo("预警", "转发的预警", "/", "/cap.xml", told[0].issued_at)
    found = alert_elements(parse_tree(cap.feed(told, info, HOUSE).decode()))
    assert [faults(alert) for alert in found] == [[]] * len(told)
    read = [parse_cap(raw_alert(alert)) for alert in found]
    assert [one.message_type for one in read][:3] == ["Alert", "Update", "Cancel"]
    assert [[name for _, name, _ in one.references] for one in read][1:3] == [
        ["storm3456789.1"],
        ["storm3456789.2"],
    ]
    assert read[3].is_exercise
    assert read[4].infos[0].expires == datetime.fromisoformat("2026-11-24T06:30:00+00:00")
    assert ("identifier", "3609_1") in read[4].infos[0].parameters
