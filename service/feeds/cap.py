"""CAP 1.1 and 1.2 alerts (OASIS Common Alerting Protocol): a document into a frozen value, word for word.

Reads what the issuer wrote and nothing more: no element is guessed, translated or completed; a missing required element is
a CapError. DTDs and entities are refused. Signatures are not verified.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from service.feeds.errors import CapError

NAMESPACE = re.compile(r"\{(urn:oasis:names:tc:emergency:cap:1\.[12])\}")
STATUSES = {"Actual", "Exercise", "System", "Test", "Draft"}
MESSAGE_TYPES = {"Alert", "Update", "Cancel", "Ack", "Error"}


@dataclass(frozen=True)
class CapArea:
    """Where: a description, shapes as written (`lat,lon lat,lon ...`; `lat,lon radius-km`), (name, value) codes."""

    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CapInfo:
    """One language's account of the event. Times are aware UTC or None."""

    event: str
    urgency: str
    severity: str
    certainty: str
    categories: tuple[str, ...] = ()
    language: str = "en-US"
    response_types: tuple[str, ...] = ()
    audience: str = ""
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[CapArea, ...] = ()


@dataclass(frozen=True)
class CapAlert:
    """One alert message. `references` are (sender, identifier, sent as written) of the messages it updates or cancels."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    message_type: str
    scope: str
    source: str = ""
    note: str = ""
    references: tuple[tuple[str, str, str], ...] = ()
    infos: tuple[CapInfo, ...] = ()

    @property
    def is_exercise(self) -> bool:
        """Whether this must never reach the public as real."""
        return self.status != "Actual"


def parse_cap(text: str) -> CapAlert:
    """The alert in `text` (its root element must be `alert`)."""
    root = parse_tree(text)
    if not NAMESPACE.match(root.tag) or not root.tag.endswith("}alert"):
        raise CapError
    return _alert(root)


def parse_tree(text: str) -> Element:
    """The element tree of `text`; CapError for DTDs, entities and anything not well formed."""
    try:
        return fromstring(text, forbid_dtd=True)  # type: ignore[no-any-return]
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise CapError from error


def alert_elements(tree: Element) -> list[Element]:
    """All alerts in a document: the root itself, or those that an envelope carries."""
    return [
        element for element in tree.iter() if NAMESPACE.match(element.tag) and element.tag.endswith("}alert")
    ]


def raw_alert(element: Element) -> str:
    """An alert element as a document of its own."""
    return tostring(element, encoding="unicode").strip()


def _alert(root: Element) -> CapAlert:
    sent = _time(root, "sent")
    status, kind = child_text(root, "status"), child_text(root, "msgType")
    if sent is None or status not in STATUSES or kind not in MESSAGE_TYPES:
        raise CapError
    return CapAlert(
        identifier=_required(root, "identifier"),
        sender=_required(root, "sender"),
        sent=sent,
        status=status,
        message_type=kind,
        scope=_required(root, "scope"),
        source=child_text(root, "source"),
        note=child_text(root, "note"),
        references=_references(child_text(root, "references")),
        infos=tuple(_info(info) for info in _children(root, "info")),
    )


def _info(info: Element) -> CapInfo:
    return CapInfo(
        event=_required(info, "event"),
        urgency=_required(info, "urgency"),
        severity=_required(info, "severity"),
        certainty=_required(info, "certainty"),
        categories=_texts(info, "category"),
        language=child_text(info, "language") or "en-US",
        response_types=_texts(info, "responseType"),
        audience=child_text(info, "audience"),
        effective=_time(info, "effective"),
        onset=_time(info, "onset"),
        expires=_time(info, "expires"),
        sender_name=child_text(info, "senderName"),
        headline=child_text(info, "headline"),
        description=child_text(info, "description"),
        instruction=child_text(info, "instruction"),
        web=child_text(info, "web"),
        contact=child_text(info, "contact"),
        event_codes=_pairs(info, "eventCode"),
        parameters=_pairs(info, "parameter"),
        areas=tuple(_area(area) for area in _children(info, "area")),
    )


def _area(area: Element) -> CapArea:
    return CapArea(
        description=child_text(area, "areaDesc"),
        polygons=_texts(area, "polygon"),
        circles=_texts(area, "circle"),
        geocodes=_pairs(area, "geocode"),
    )


def _children(parent: Element, name: str) -> list[Element]:
    return [child for child in parent if child.tag.rpartition("}")[2] == name]


def _texts(parent: Element, name: str) -> tuple[str, ...]:
    return tuple(text for child in _children(parent, name) if (text := (child.text or "").strip()))


def child_text(parent: Element, name: str) -> str:
    """The text of the first child called `name`, or ""."""
    found = _texts(parent, name)
    return found[0] if found else ""


def _required(parent: Element, name: str) -> str:
    found = child_text(parent, name)
    if not found:
        raise CapError(f"The CAP element <{name}> is missing or empty.")
    return found


def _pairs(parent: Element, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (child_text(child, "valueName"), child_text(child, "value")) for child in _children(parent, name)
    )


def _time(parent: Element, name: str) -> datetime | None:
    return aware_time(child_text(parent, name))


def aware_time(raw: str) -> datetime | None:
    """A CAP time in UTC, or None when it has no zone or is no time."""
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _references(raw: str) -> tuple[tuple[str, str, str], ...]:
    triples = (tuple(reference.split(",")) for reference in raw.split())
    return tuple((triple[0], triple[1], triple[2]) for triple in triples if len(triple) == 3)
