"""Errors of the feed door: what can go wrong between an address and its entries.

`kind` is a stable key for people and machines (`blocked`, `timeout`, `http_404`, `not_a_feed`, ...); texts for it are
in the catalogues. No message ever says whether a port on some address was open.
"""

from service.errors import QingyuanError


class FeedError(QingyuanError):
    """This feed cannot be used."""

    type = "feed_error"
    status = 422


class BlockedAddress(FeedError):
    """This address is not on the public internet; the service does not connect to it."""

    type = "blocked_address"
    status = 422


class BadAddress(FeedError):
    """This is not an http or https address that can be fetched."""

    type = "bad_address"
    status = 422


class ParseError(FeedError):
    """This document holds no feed that can be read.

    `kind` is one of not_a_feed, broken, too_big, parse_timeout, parse_memory, parse_failed.
    """

    type = "parse_error"

    def __init__(self, kind: str, message: str | None = None) -> None:
        super().__init__(message or PARSE_MESSAGES.get(kind))
        self.kind = kind


PARSE_MESSAGES = {
    "not_a_feed": "This document is not a feed (RSS, Atom, JSON Feed, CDF or CAP).",
    "broken": "This feed is cut off or damaged and holds no readable entry.",
    "too_big": "This document is larger than the limit.",
    "parse_timeout": "Reading this feed took longer than the limit.",
    "parse_memory": "Reading this feed took more memory than the limit.",
    "parse_failed": "Reading this feed failed.",
}


class OpmlError(FeedError):
    """This file is not a list of feeds (OPML)."""

    type = "bad_opml"


class CapError(FeedError):
    """This document is not a CAP 1.1 or 1.2 alert with the elements the standard requires."""

    type = "bad_cap"
