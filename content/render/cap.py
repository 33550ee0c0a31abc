"""CAP 1.2 of relayed official warnings (转发预警): the issuer's eight elements word for word, and who relays them.

Nothing is judged anew: certainty and urgency are `Unknown` unless the warning's colour says a severity. A correction is an
Update and a retraction a Cancel of the message before; every version is a message of its own and none is ever edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from content.pieces import PieceKind
from content.render.feed import FeedInfo, entry_id, entry_title
from content.render.plain import bare, clean
from content.render.told import House, Told
from content.warnings import IDENTIFIER, expires_at

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
_SEVERITY = {"红": "Extreme", "橙": "Severe", "黄": "Moderate", "蓝": "Minor"}
_CATEGORY = {
    "geological": "Geo", "earthquake": "Geo", "forest_fire": "Fire", "fire": "Fire", "hazmat_explosion": "CBRNE", "mine": "Rescue",
    "traffic": "Transport", "construction": "Infra", "utility_outage": "Infra", "environmental_pollution": "Env",
    "infectious_disease": "Health", "food_safety": "Health", "animal_epidemic": "Health", "drug_vaccine": "Health",
    "poisoning": "Health", "fraud": "Security", "public_order": "Security", "panic_buying": "Safety", "cyber": "Security",
    "flood": "Met", "rainstorm": "Met", "drought": "Met", "heat": "Met", "cold_wave": "Met", "typhoon": "Met", "thunderstorm_hail": "Met",
}  # fmt: skip


def alert(told: Told, house: House) -> bytes | None:
    """One CAP document, or None when this is no relayed warning."""
    root = element(told, house)
    return None if root is None else _document(root)


def feed(entries: Sequence[Told], info: FeedInfo, house: House) -> bytes:
    """An Atom feed whose entries carry the complete alerts."""
    root = Element("feed", {"xml:lang": info.language, "xmlns": ATOM})
    _add(root, "id", f"{house.base_url}{info.path}")
    _add(root, "title", bare(info.title))
    _add(root, "updated", info.updated.isoformat(timespec="seconds"))
    SubElement(root, "link", rel="self", href=f"{house.base_url}{info.path}", type="application/atom+xml")
    _add(SubElement(root, "author"), "name", bare(house.desk))
    for told in entries:
        message = element(told, house)
        if message is None:
            continue
        entry = SubElement(root, "entry")
        _add(entry, "id", entry_id(told, house))
        _add(entry, "title", entry_title(told))
        _add(entry, "updated", told.issued_at.isoformat(timespec="seconds"))
        _add(entry, "published", told.published_at.isoformat(timespec="seconds"))
        href = f"{house.base_url}{told.path}"
        SubElement(entry, "link", rel="alternate", href=href, type="text/html")
        SubElement(entry, "link", rel="related", href=f"{href}/cap.xml", type="application/cap+xml")
        _add(entry, "summary", clean(told.summary))
        SubElement(entry, "content", type="application/cap+xml").append(message)
    return _document(root)


def element(told: Told, house: House) -> Element | None:
    """The `alert` element; its children stand in the order that the schema wants."""
    warning = told.body.warning
    if told.kind != PieceKind.WARNING or not warning:
        return None
    root = Element("alert", xmlns=CAP)
    _add(root, "identifier", f"{told.public_id}.{told.version}")
    _add(root, "sender", _sender(house))
    _add(root, "sent", _moment(told.issued_at, house))
    _add(root, "status", "Exercise" if told.exercise else "Actual")
    _add(root, "msgType", {"publish": "Alert", "correct": "Update", "retract": "Cancel"}[told.type])
    _add(root, "source", warning.get("issuer", ""))
    _add(root, "scope", "Public")
    if told.reason:
        _add(root, "note", told.reason)
    if told.version > 1:
        _add(root, "references", _references(told, house))
    _info(SubElement(root, "info"), told, warning, house)
    return root


def _info(info: Element, told: Told, warning: dict[str, str], house: House) -> None:
    _add(info, "language", told.body.language)
    _add(info, "category", _CATEGORY.get(told.body.hazard or "", "Other"))
    _add(info, "event", warning.get("type", "") or told.body.title)
    _add(info, "urgency", "Past" if told.retracted else "Unknown")
    _add(info, "severity", _severity(warning.get("level", "")))
    _add(info, "certainty", "Unknown")
    if ends := expires_at({"warning": warning}):
        _add(info, "expires", _moment(ends, house))
    _add(info, "senderName", warning.get("issuer", ""))
    _add(info, "headline", told.body.title)
    _add(info, "description", warning.get("cautions", ""))
    _add(info, "instruction", warning.get("measures", ""))
    _add(info, "web", f"{house.base_url}{told.path}")
    for name in ("level", "start", "issued_at", IDENTIFIER):
        if warning.get(name):
            parameter = SubElement(info, "parameter")
            _add(parameter, "valueName", name)
            _add(parameter, "value", warning[name])
    area = SubElement(info, "area")
    _add(area, "areaDesc", warning.get("area", "") or house.city)
    for code in told.body.regions:
        geocode = SubElement(area, "geocode")
        _add(geocode, "valueName", "GB/T 2260")
        _add(geocode, "value", code)


def _severity(level: str) -> str:
    return next((name for color, name in _SEVERITY.items() if color in level), "Unknown")


def _references(told: Told, house: House) -> str:
    """sender,identifier,sent of the version before this one."""
    earlier = [told.published_at, *(c.at for c in told.changes if c.version < told.version)]
    return f"{_sender(house)},{told.public_id}.{told.version - 1},{_moment(earlier[-1], house)}"


def _sender(house: House) -> str:
    # No spaces or commas: references are parted by them.
    return f"desk@{urlsplit(house.base_url).hostname or 'localhost'}"


def _moment(value: datetime, house: House) -> str:
    """CAP wants an offset in digits and no `Z`."""
    return value.astimezone(house.zone).isoformat(timespec="seconds")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


def _document(root: Element) -> bytes:
    xml: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'.encode()
