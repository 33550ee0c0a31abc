"""Frames between the service and its parser child: two lengths, a JSON header, raw bytes. No pickle, nothing executable."""

import json
import struct
from collections.abc import Mapping
from typing import Any

LENGTHS = struct.Struct("!II")
LARGEST_FRAME = 64 * 1024 * 1024


def frame(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return LENGTHS.pack(len(head), len(body)) + head + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Header and body length from the first eight bytes; ValueError when they are absurd."""
    head, body = LENGTHS.unpack(prefix)
    if head + body > LARGEST_FRAME:
        raise ValueError("frame too large")
    return head, body
