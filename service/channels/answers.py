"""Reading the answers of group robots: HTTP 200 with an error code inside is a failure.

`busy` codes are worth another try, `unclear` ones leave open whether the message went out, every other one needs a person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from service.channels.errors import Permanent, Temporary, Unknown
from service.channels.http import Answer
from service.channels.protocol import Sent


def read_code(
    answer: Answer,
    fields: tuple[str, ...],
    busy: Collection[int],
    wait: timedelta,
    unclear: Collection[int] = (),
) -> Sent:
    """`Sent` for code 0; else the error that the code means. `fields`: where the code may stand."""
    found = answer.json()
    name = next((field for field in fields if field in found), None)
    code = found.get(name) if name else None
    if not isinstance(code, int) or isinstance(code, bool):
        raise Unknown("no_code")
    if code == 0:
        return Sent(code=f"{name}_0")
    words = str(found.get("errmsg") or found.get("msg") or "")[:200]
    if code in busy:
        raise Temporary(f"{name}_{code}", words, retry_after=wait)
    if code in unclear:
        raise Unknown(f"{name}_{code}", words)
    raise Permanent(f"{name}_{code}", words)
