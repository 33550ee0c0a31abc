"""Labels that people gave to public headlines, without the headlines.

The headlines themselves are not ours to publish, so a line has the hash of the normalised text and its labels. Where
the data is present training finds the text again; where it is not, the line does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import xxhash

_FILE: Final = Path(__file__).parent / "sentences" / "headline_labels.tsv"


def key(joined: str) -> str:
    """The name of a normalised text in the file."""
    return xxhash.xxh3_64_hexdigest(joined.encode())


@cache
def packaged() -> Mapping[str, Mapping[str, str]]:
    """Hash → task → what was said: 0 or 1, or topics with commas (`-` for none)."""
    found: dict[str, dict[str, str]] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, labels = line.split("\t")
            found[name] = dict(part.split("=") for part in labels.split())
    return found
