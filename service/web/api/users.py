"""Accounts: make one (its set-up link is answered once), give rights, disable, enable, reset."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from content.permissions import Role
from service.store.tables import User
from service.usecases import accounts
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, MaybeReason, Nothing, Page, Paged, Sent, Shown


class NewUser(Sent):
    """A login name and roles. An account made by the system administrator sleeps until it is enabled."""

    name: str = Field(min_length=2, max_length=64)
    roles: list[Role] = Field(min_length=1, max_length=6)
    display_name: str = Field(default="", max_length=100)
    expert_id: UUID | None = None


class Roles(Sent):
    """The rights from now on."""

    roles: list[Role] = Field(min_length=1, max_length=6)


class UserOut(Shown):
    """An account, without its password or second factor."""

    id: UUID
    name: str
    display_name: str
    roles: list[str]
    expert_id: UUID | None
    disabled: bool
    has_password: bool
    has_second_factor: bool
    created_at: datetime
    version: int


class WithLink(Shown):
    """An account and its one-time set-up link (72 hours)."""

    user: UserOut
    setup_url: str


def shown(user: User) -> dict[str, Any]:
    """An account as the API shows it."""
    return user.model_dump(exclude={"password_hash", "totp_secret"}) | {
        "disabled": user.disabled_at is not None,
        "has_password": user.password_hash is not None,
        "has_second_factor": user.totp_secret is not None,
    }


def _with_link(call: Call, user: User, token: str) -> dict[str, Any]:
    return {"user": shown(user), "setup_url": f"{call.ctx.settings.public_url}/setup/{token}"}


async def listing(call: Call) -> Listed:
    """By login name."""
    wanted = call.asked(Paged)
    after = unpack(wanted.cursor, str)[0] if wanted.cursor else ""
    rows = await accounts.listing(call.session, call.by, after, wanted.limit + 1)
    part = rows[: wanted.limit]
    return Listed([shown(row) for row in part], pack(part[-1].name) if len(rows) > wanted.limit else None)


async def add(call: Call) -> dict[str, Any]:
    """A new account."""
    sent = call.sent(NewUser)
    user, token = await accounts.create_user(
        call.ctx, call.session, sent.name, sent.roles, call.by,
        display_name=sent.display_name, expert_id=sent.expert_id,
    )  # fmt: skip
    return _with_link(call, user, token)


async def reset(call: Call) -> dict[str, Any]:
    """Take password and second factor away."""
    return _with_link(call, *await accounts.reset(call.ctx, call.session, call.id, call.by))


async def disable(call: Call) -> dict[str, Any]:
    """Lock out; sessions end at once."""
    reason = call.sent(MaybeReason).reason
    return shown(await accounts.disable(call.ctx, call.session, call.id, call.by, reason))


async def enable(call: Call) -> dict[str, Any]:
    """Let in again."""
    return shown(await accounts.enable(call.ctx, call.session, call.id, call.by))


async def roles(call: Call) -> dict[str, Any]:
    """Give other rights."""
    return shown(await accounts.edit_roles(call.ctx, call.session, call.id, call.sent(Roles).roles, call.by))


FAIL = (404, 409)
ENDPOINTS = (
    Endpoint("GET", "/users", "users", "Accounts by login name", "user.read", listing, answer=Page[UserOut], query=Paged),
    Endpoint(
        "POST", "/users", "users.create", "Make an account", "user.create", add,
        answer=WithLink, body=NewUser, status=201, errors=(409,),
    ),
    Endpoint("POST", "/users/{id}/disable", "user.disable", "Lock an account out", "user.edit", disable, answer=UserOut, body=MaybeReason, errors=FAIL),
    Endpoint("POST", "/users/{id}/enable", "user.enable", "Let an account in", "user.edit", enable, answer=UserOut, body=Nothing, errors=FAIL),
    Endpoint("POST", "/users/{id}/reset", "user.reset", "Give a new set-up link", "user.edit", reset, answer=WithLink, body=Nothing, errors=FAIL),
    Endpoint("POST", "/users/{id}/roles", "user.roles", "Give other rights", "user.edit", roles, answer=UserOut, body=Roles, errors=(403, *FAIL)),
)  # fmt: skip
