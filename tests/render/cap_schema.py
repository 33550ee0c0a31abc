"""What the schema of CAP 1.2 (OASIS, urn:oasis:names:tc:emergency:cap:1.2) asks of an alert, written down from the standard.

Order, how often, closed lists, the pattern of times, references in triples. `QINGYUAN_TEST_CAP_XSD` may name the OASIS
schema itself, which is not ours to hand on; see `test_cap.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

NS = "{urn:oasis:names:tc:emergency:cap:1.2}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")
MANY = 1_000_000
Rule = tuple[str, int, int]  # element, at least, at most

ALERT: tuple[Rule, ...] = (
    ("identifier", 1, 1), ("sender", 1, 1), ("sent", 1, 1), ("status", 1, 1), ("msgType", 1, 1), ("source", 0, 1), ("scope", 1, 1),
    ("restriction", 0, 1), ("addresses", 0, 1), ("code", 0, MANY), ("note", 0, 1), ("references", 0, 1), ("incidents", 0, 1),
    ("info", 0, MANY),
)  # fmt: skip
INFO: tuple[Rule, ...] = (
    ("language", 0, 1), ("category", 1, MANY), ("event", 1, 1), ("responseType", 0, MANY), ("urgency", 1, 1), ("severity", 1, 1),
    ("certainty", 1, 1), ("audience", 0, 1), ("eventCode", 0, MANY), ("effective", 0, 1), ("onset", 0, 1), ("expires", 0, 1),
    ("senderName", 0, 1), ("headline", 0, 1), ("description", 0, 1), ("instruction", 0, 1), ("web", 0, 1), ("contact", 0, 1),
    ("parameter", 0, MANY), ("resource", 0, MANY), ("area", 0, MANY),
)  # fmt: skip
AREA: tuple[Rule, ...] = (
    ("areaDesc", 1, 1), ("polygon", 0, MANY), ("circle", 0, MANY), ("geocode", 0, MANY), ("altitude", 0, 1), ("ceiling", 0, 1),
)  # fmt: skip
PAIR: tuple[Rule, ...] = (("valueName", 1, 1), ("value", 1, 1))
INSIDE: Mapping[str, tuple[Rule, ...]] = {
    "alert": ALERT, "info": INFO, "area": AREA, "parameter": PAIR, "geocode": PAIR, "eventCode": PAIR,
}  # fmt: skip
LISTS: Mapping[str, str] = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
TIMES = frozenset({"sent", "effective", "onset", "expires"})


def faults(alert: Element) -> list[str]:
    """Everything that the schema would refuse."""
    return list(_faults(alert, "alert"))


def _faults(element: Element, name: str) -> Iterator[str]:
    if element.tag != NS + name:
        yield f"{element.tag} is no {name}"
    text = (element.text or "").strip()
    if name in LISTS and text not in LISTS[name].split():
        yield f"{name}: '{text}' is not in its list"
    if name in TIMES and not TIME.fullmatch(text):
        yield f"{name}: '{text}' is no time with an offset in digits"
    if name in ("identifier", "sender") and not NAME.fullmatch(text):
        yield f"{name}: '{text}' has a space, a comma or a forbidden sign"
    if name == "references" and not all(len(triple.split(",")) == 3 for triple in text.split()):
        yield f"references: '{text}'"
    if name in INSIDE:
        yield from _order(element, name)


def _order(element: Element, name: str) -> Iterator[str]:
    rules = INSIDE[name]
    places = {rule[0]: place for place, rule in enumerate(rules)}
    seen = [child.tag.removeprefix(NS) for child in element]
    yield from (f"{name}: unknown {child}" for child in seen if child not in places)
    known = [places[child] for child in seen if child in places]
    if known != sorted(known):
        yield f"{name}: wrong order {seen}"
    for child, least, most in rules:
        if not least <= seen.count(child) <= most:
            yield f"{name}: {seen.count(child)} {child}"
    for one in element:
        yield from _faults(one, one.tag.removeprefix(NS))
