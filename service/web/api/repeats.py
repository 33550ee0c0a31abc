"""Recognise a repeated POST by its Idempotency-Key and give the same answer again without acting again.

The answer is kept in the transaction of the act. A refused act leaves nothing behind, so its repeat is judged anew.
Answers are kept encrypted: some hold a token or a secret that the house itself stores only as a hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID

from service.errors import Invalid
from service.store import idempotency
from service.web.api.endpoint import Call
from service.web.api.faults import OtherRequest
from service.web.clients import client_ip

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 200


class Repeat:
    """One request's key. `key` is None when it carries none, and then nothing here does anything."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.user: UUID | None = call.by.id
        sent = call.request.headers.get(HEADER)
        self.key = None if sent is None else self._own(sent)
        request = call.request
        what = f"{request.method} {request.path_qs}\n".encode("utf-8", "replace")
        self.sha256 = hashlib.sha256(what + call.raw).hexdigest()

    def _own(self, sent: str) -> str:
        """The key as it is stored. A visitor's is mixed with their address, so that nobody asks for another's answer."""
        if not 1 <= len(sent) <= LONGEST or not sent.isascii() or not sent.isprintable():
            raise Invalid(f"an Idempotency-Key has 1 to {LONGEST} printable ASCII characters", field=HEADER)
        if self.user is not None:
            return sent
        mixed = f"{client_ip(self.call.request)}\n{sent}".encode()
        return hmac.new(self.call.ctx.keys.session, mixed, hashlib.sha256).hexdigest()

    async def earlier(self) -> tuple[int, dict[str, Any]] | None:
        """Status and kept answer of the first time. OtherRequest when the key stands for something else."""
        if self.key is None:
            return None
        session, ctx = self.call.session, self.call.ctx
        await idempotency.lock(session, self.user, self.key)
        found = await idempotency.find(session, self.user, self.key, ctx.now())
        if found is None:
            return None
        if found.request_sha256 != self.sha256:
            raise OtherRequest()
        sealed = base64.b64decode((found.answer or {}).get("sealed", ""))
        kept = ctx.keys.decrypt(sealed, str(found.id))
        assert isinstance(kept, dict)
        return found.status, kept

    async def keep(self, status: int, answer: dict[str, Any]) -> None:
        """Remember this answer for a day."""
        if self.key is None:
            return
        ctx, row_id = self.call.ctx, self.call.ctx.new_id()
        sealed = base64.b64encode(ctx.keys.encrypt(answer, str(row_id))).decode()
        await idempotency.keep(
            self.call.session, row_id, self.user, self.key, self.sha256, status, {"sealed": sealed}, ctx.now()
        )
