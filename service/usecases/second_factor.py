"""The second factor: six digits from an authenticator app (TOTP, RFC 6238). A code is good once.

The secret of an unfinished set-up travels in the form, encrypted for that one user; nothing is stored until the user
has shown a right code.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp

from service.context import Context
from service.errors import Invalid
from service.store.tables import User

ISSUER = "清源"
STEP = 30  # seconds
DRIFT = 1  # steps that a clock may be off


@dataclass(frozen=True)
class Enrolment:
    """What the set-up page shows: `uri` (for the QR code), `secret` (to type in); `sealed` goes back with the code."""

    secret: str
    uri: str
    sealed: str


def begin(ctx: Context, user_id: UUID, name: str) -> Enrolment:
    """A new secret for this user."""
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return Enrolment(secret, uri, ctx.keys.encrypt(secret, f"totp:{user_id}").hex())


def finish(ctx: Context, user_id: UUID, sealed: str, code: str) -> tuple[bytes, int]:
    """The secret as it is stored and the step used, when the code is right; else Invalid."""
    try:
        secret = str(ctx.keys.decrypt(bytes.fromhex(sealed), f"totp:{user_id}"))
    except ValueError:
        raise Invalid("start the set-up again", code="totp_expired") from None
    step = matching_step(secret, code, ctx.now())
    if step is None:
        raise Invalid("this code is not right", code="totp_wrong")
    return ctx.keys.encrypt(secret, f"totp:{user_id}"), step


def accept(ctx: Context, user: User, code: str) -> int | None:
    """The step of a right code that has not been used yet, else None. For users who have a secret."""
    if user.totp_secret is None:
        return None
    secret = str(ctx.keys.decrypt(user.totp_secret, f"totp:{user.id}"))
    step = matching_step(secret, code, ctx.now())
    return step if step is not None and step > user.totp_step else None


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Which 30 second step around `now` the code belongs to."""
    code = "".join(code.split())
    this = int(now.timestamp()) // STEP
    for step in range(this - DRIFT, this + DRIFT + 1):
        if hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), code.encode()):
            return step
    return None
