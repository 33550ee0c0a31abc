"""What the directory keeps of people: consent field by field, contact data masked, hours and leave by the local calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from expert_db import consent, disciplines, drafts
from expert_db.availability import local, on_duty, read_leaves, read_shifts
from expert_db.coverage import coverage
from expert_db.disciplines import BROAD, EXACT, nearness
from expert_db.errors import BadExpert
from expert_db.privacy import Contact, holds_contact, mask_phone, without_contact
from tests.expert_db.people import NOW, ZONE, person

TODAY = date(2026, 11, 24)


def test_what_is_not_recorded_is_not_agreed_to() -> None:
    assert not consent.granted({}, "public_name", TODAY)
    odd_ones: list[object] = ["yes", 1, None, {"on": "2026-01-01"}, {"given": "true"}, []]
    for odd in odd_ones:
        assert not consent.granted({"public_name": odd}, "public_name", TODAY)


def test_consent_begins_and_ends_on_its_days() -> None:
    given = consent.give({}, "public_name", date(2026, 11, 24), until=date(2026, 11, 25), how="聘书")
    days = [date(2026, 11, day) for day in (23, 24, 25, 26)]
    assert [consent.granted(given, "public_name", day) for day in days] == [False, True, True, False]


def test_consent_taken_back_stays_on_the_record() -> None:
    given = consent.give({}, "public_name", date(2026, 1, 1))
    refused = consent.take_back(given, "public_name", TODAY)
    assert not consent.granted(refused, "public_name", TODAY)
    assert refused["public_name"]["was_given_on"] == "2026-01-01"
    with pytest.raises(ValueError, match="nobody can agree"):
        consent.give({}, "everything", TODAY)


def test_the_public_sees_only_the_agreed_fields() -> None:
    agreed = {"public_name": True, "public_unit": True}
    shown = consent.credit("周明", "高工", "气象台", "x", agreed, TODAY)
    assert shown is not None
    assert (shown.name, shown.title, shown.unit) == ("周明", "", "气象台")
    assert consent.credit("周明", "高工", "气象台", "x", {"public_title": True}, TODAY) is None


@pytest.mark.parametrize(
    ("raw", "kept", "mask"),
    [
        ("13800001234", "13800001234", "138****1234"),
        ("+86 138-0000-1234", "13800001234", "138****1234"),
        ("0086 13800001234", "13800001234", "138****1234"),
        ("0795-3212345", "0795-3212345", "079****345"),
        ("12345", "12345", "1****5"),
        ("", "", ""),
    ],
)
def test_telephone_numbers_are_kept_in_one_form_and_masked(raw: str, kept: str, mask: str) -> None:
    contact = Contact(phone=raw)
    assert (contact.phone, mask_phone(contact.phone)) == (kept, mask)


@pytest.mark.parametrize("bad", ["138", "1380000123a", "138000012345678", "=1+1"])
def test_what_is_no_number_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        Contact(phone=bad)


def test_a_contact_never_shows_itself() -> None:
    contact = Contact(phone="13800001234", email="zhang.san@example.org")
    for text in (repr(contact), str(contact), f"{contact}", contact.masked()):
        assert "0000" not in text.replace("****", "")
        assert "zhang.san" not in text
    assert contact.masked() == "138****1234 z***@example.org"
    assert not Contact()


@pytest.mark.parametrize(
    "text",
    [
        "请打13800001234",
        "电话 138 0000 1234",
        "+8613800001234",
        "邮箱a.b@example.org",
        "身份证362201199001011234",
    ],
)
def test_contact_data_in_a_text_is_seen_and_blotted_out(text: str) -> None:
    assert holds_contact(text)
    assert not holds_contact(without_contact(text))


@pytest.mark.parametrize("text", ["降水量138毫米，20261124100000号文件", "GB/T 13745-2009", "宜春 360902001"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_contact(text)
    assert without_contact(text) == text


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), False),  # 08:59 on a Tuesday
        (datetime(2026, 11, 24, 1, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 9, 29, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 2, 0, tzinfo=UTC), False),  # Saturday
    ],
)
def test_without_a_roster_working_hours_hold(moment: datetime, there: bool) -> None:
    assert on_duty((), local(moment, ZONE)) is there


def test_a_night_shift_runs_past_midnight() -> None:
    shifts = read_shifts([{"days": [1], "from": "22:00", "to": "06:00"}])  # Tuesday night
    hours = {
        "tue 21:59": datetime(2026, 11, 24, 13, 59, tzinfo=UTC),
        "tue 22:00": datetime(2026, 11, 24, 14, 0, tzinfo=UTC),
        "wed 05:59": datetime(2026, 11, 24, 21, 59, tzinfo=UTC),
        "wed 06:00": datetime(2026, 11, 24, 22, 0, tzinfo=UTC),
        "wed 22:00": datetime(2026, 11, 25, 14, 0, tzinfo=UTC),
    }
    assert [on_duty(shifts, local(at, ZONE)) for at in hours.values()] == [False, True, True, False, False]


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        local(datetime(2026, 11, 24), ZONE)  # noqa: DTZ001
    with pytest.raises(ValueError, match="before it begins"):
        read_leaves([{"from": "2026-11-24", "to": "2026-11-23"}])


@pytest.mark.parametrize(
    ("text", "code"),
    [("17015", "17015"), ("170.15", "17015"), ("大气科学", "17015"), ("17015大气科学", "17015"),
     ("330 预防医学与公共卫生学", "330"), ("占星学", None), ("99999", None), ("17015 占星学", None)],
)  # fmt: skip
def test_disciplines_are_understood_by_code_and_name(text: str, code: str | None) -> None:
    assert disciplines.code_of(text) == code


def test_every_related_discipline_is_in_the_standard_and_every_code_has_its_class() -> None:
    names = disciplines.names()
    assert len({code for code in names if len(code) == 3}) == 62
    assert all(disciplines.parent(code) in names for code in names)
    from classifiers.taxonomy import HAZARDS, TOPICS

    for kind, subjects in (("hazard", HAZARDS), ("topic", TOPICS)):
        for subject in subjects:
            if subject != "other":
                assert disciplines.related(kind, subject)
                assert set(disciplines.related(kind, subject)) <= set(names)


def test_a_class_inside_is_exact_and_the_class_around_is_broad() -> None:
    assert nearness(("57065",), "hazard", "flood") == EXACT
    assert nearness(("570",), "hazard", "flood") == BROAD
    assert nearness(("55020",), "hazard", "food_safety") == EXACT
    assert nearness(("820",), "hazard", "flood") == 0


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"name": ""}, "name"),
        ({"hazards": ["meteor"]}, "hazards"),
        ({"regions": ["袁州区"]}, "regions"),
        ({"tier": "galaxy"}, "tier"),
        ({"consent": {"everything": True}}, "consent"),
        ({"consent": {"assignments": {"given": True, "on": "soon"}}}, "consent"),
        ({"on_call": [{"days": [9], "from": "08:00", "to": "09:00"}]}, "on_call"),
        ({"away": [{"from": "2026-01-01"}]}, "away"),
        ({"load_limit": -1}, "load_limit"),
        ({"term_start": "2026-01-02", "term_end": "2026-01-01"}, "term_end"),
        ({"conflicts": ["酒"]}, "conflicts"),
        ({"profile": "电话13800001234"}, "profile"),
        ({"contact": {"phone": "x"}}, "contact.phone"),
        ({"salary": 1}, "salary"),
    ],
)
def test_a_bad_description_names_its_field_and_not_its_content(
    fields: dict[str, object], at_fault: str
) -> None:
    with pytest.raises(BadExpert) as refused:
        drafts.read({"name": "示例专家", **fields})
    assert refused.value.details["fields"] == [at_fault]


def test_gaps_are_seen_by_hazard_and_county() -> None:
    people = [
        person(1, hazards=("flood",)),
        person(2, hazards=("flood",), regions=("360902",), shifts=read_shifts([{"days": [5], "from": "08:00", "to": "09:00"}])),
        person(3, hazards=("fire",), consent={}),
    ]  # fmt: skip
    cells = {
        (cell.hazard, cell.region): cell
        for cell in coverage(people, ["flood", "fire"], ["360902", "360921"], NOW, ZONE)
    }
    assert cells["flood", "360902"].gap == ""
    assert (cells["flood", "360902"].experts, cells["flood", "360902"].on_duty) == (2, 1)
    assert cells["flood", "360921"].gap == "no_backup"
    assert cells["fire", "360902"].gap == "none_at_all"
