"""Reading answers: HTTP 200 with an error code inside is a failure.

Group robots always say a code. A webhook's receiver and an SMS gateway need not: their 2xx is a yes, unless they plainly say no
within it. A WebSub hub's 2xx is its acceptance by specification and not read.

`busy` codes are worth another try, `unclear` ones leave open whether the message went out, every other one needs a person.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from service.channels.errors import Permanent, Temporary, Unknown
from service.channels.http import Answer
from service.channels.protocol import Sent

FINE: Final = frozenset({"", "0", "200", "ok", "success", "accepted"})
"""What gateways put into `code` for a yes: 阿里云 OK, 腾讯云 Ok, others 0 or 200."""


def read_plain_no(answer: Answer, fields: tuple[str, ...] = ("errcode",)) -> None:
    """Raise Permanent when a 2xx says no: a code in one of `fields` that is no yes, or `success` false.

    Anything else is left alone, an empty body or a page as well: nobody promised a word.
    """
    try:
        found = json.loads(answer.body)
    except ValueError:
        return
    if not isinstance(found, dict):
        return
    for field in fields:
        code = found.get(field)
        said = isinstance(code, int | str) and not isinstance(code, bool)
        if said and str(code).strip().lower() not in FINE:
            raise Permanent(f"{field}_{code}"[:60], _words(found))
    if found.get("success") is False:
        raise Permanent("success_false", _words(found))


def _words(found: dict[str, object]) -> str:
    said = (found.get(name) for name in ("errmsg", "msg", "message", "Message"))
    return next((str(one) for one in said if one), "")[:200]


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
    words = _words(found)
    if code in busy:
        raise Temporary(f"{name}_{code}", words, retry_after=wait)
    if code in unclear:
        raise Unknown(f"{name}_{code}", words)
    raise Permanent(f"{name}_{code}", words)
