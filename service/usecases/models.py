"""Which model is in use: promote one that was learned here, or go back. Both are in the audit log; no restart is needed.

What the gate refused goes into use only with a second person's name and a reason. Who has a shell here acts; the second
person is somebody with an account who answers for texts (签发) or for the system.
"""

from __future__ import annotations

from typing import Final

from sqlmodel import select

from classifiers import model_file
from content import permissions
from content.permissions import Actor, Role
from service.context import Context
from service.errors import Conflict, Invalid
from service.store import audit, models
from service.store.engine import Database
from service.store.tables import User

SECOND: Final = frozenset({Role.ISSUER, Role.SYSADMIN, Role.SECADMIN})
SHIPPED: Final = "shipped"


class RefusedByGate(Conflict):
    """The gate refused this model; the reasons are in its report."""

    type = "model_refused"


async def promote(
    ctx: Context, db: Database, version: str, by: Actor, second: str = "", reason: str = ""
) -> models.Current:
    """Use a model that was learned here. RefusedByGate unless its gate let it, or a second person answers for it."""
    permissions.require(by, "model.edit")
    folder = ctx.settings.data_dir
    found, before = models.candidate(folder, version), models.current(folder)
    try:
        model_file.load(found.folder)
    except model_file.ModelError as error:
        raise Invalid(f"this model cannot be used: {error}") from None
    passed = found.report.get("promote") is True
    if not passed and not second:
        why = [str(one) for one in found.report.get("reasons", [])] or ["it has no report of a gate"]
        raise RefusedByGate("the gate refused this model: " + "; ".join(why), reasons=why)
    if before.version == version:
        return before
    after = {"version": version, "gate": "passed" if passed else "refused"}
    if not passed:
        after["second"] = await _second(db, second, by, reason)
    await _move(ctx, db, "model.promote", version, (*before.before, before.version), by, after, reason)
    return models.current(folder)


async def rollback(ctx: Context, db: Database, by: Actor, reason: str = "") -> models.Current:
    """Use what was in use before, or the shipped model where that is gone. Conflict when the shipped model is in use."""
    permissions.require(by, "model.edit")
    folder = ctx.settings.data_dir
    now = models.current(folder)
    if not now.version and not now.trouble:
        raise Conflict("the shipped model is in use already")
    before = list(now.before)
    while before:
        version = before.pop()
        if not version or _usable(ctx, version):
            break
    else:
        version = ""
    after = {"version": version or SHIPPED}
    await _move(ctx, db, "model.rollback", version, tuple(before), by, after, reason)
    return models.current(folder)


def _usable(ctx: Context, version: str) -> bool:
    try:
        return model_file.check(models.shelf(ctx.settings.data_dir) / version) == version
    except model_file.ModelError:
        return False


async def _move(
    ctx: Context,
    db: Database,
    act: str,
    version: str,
    before: tuple[str, ...],
    by: Actor,
    after: dict[str, str],
    reason: str,
) -> None:
    """First into the log, then into use: a move that nobody could read about must not happen."""
    was = models.current(ctx.settings.data_dir)
    async with db.write() as session:
        old = {"version": was.version or SHIPPED, "trouble": was.trouble}
        subject = version or SHIPPED
        await audit.record(ctx, session, by, act, "model", subject, before=old, after=after, reason=reason)
    models.point(ctx.settings.data_dir, version, before, by.name, ctx.now())


async def _second(db: Database, name: str, by: Actor, reason: str) -> str:
    """The second person; Invalid when it is nobody who may answer for this, or the same one, or no reason is given."""
    if not reason.strip():
        raise Invalid("say why, when the gate refused it", field="reason")
    async with db.read() as session:
        user = (await session.exec(select(User).where(User.name == name))).first()
    if user is None or user.disabled_at is not None or not SECOND & set(user.roles):
        raise Invalid("the second person needs an account as issuer or administrator", field="second")
    if user.id == by.id or by.name in (name, f"cli:{name}"):
        raise Invalid("the second person must be somebody else", field="second")
    return name
