"""Fill an empty database with the demo newsroom, through the same use cases that people use.

Accounts get random passwords, kept in DATA_DIR/demo-logins.json (0600) so that the next start prints the same. A database
that was not made by the demo is refused, and so is ENV=prod; a database made by the demo is refused without `--demo`.
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from content.body import PieceBody
from content.permissions import SERVICE, Actor, Role
from service.context import Context
from service.demo import newsroom
from service.errors import BadSetting
from service.settings import Settings
from service.store import accounts as account_rows
from service.store.engine import Database
from service.store.tables import Setting, User
from service.usecases import accounts, experts, pieces, publish, review, sources

MARK = "demo"
NAMES = {
    Role.EDITOR: "示例编辑",
    Role.ISSUER: "示例签发",
    Role.EXPERT: "示例专家",
    Role.SYSADMIN: "示例系统管理员",
    Role.SECADMIN: "示例安全管理员",
    Role.AUDITOR: "示例审计员",
}
SYLLABLES = (
    "xiu",
    "jiang",
    "ming",
    "yue",
    "shan",
    "zhu",
    "ling",
    "feng",
    "qing",
    "yuan",
    "bai",
    "yun",
    "song",
    "quan",
)


@dataclass(frozen=True)
class DemoLogin:
    """How to sign in as one role."""

    role: str
    name: str
    password: str


def settings_for(settings: Settings) -> Settings:
    """The operator's settings, with the address guard opened for exactly the demo's own feeds."""
    if settings.env == "prod":
        raise BadSetting("QINGYUAN_ENV: the demo newsroom is not for production")
    own = (settings.host, settings.port)
    return settings.model_copy(
        update={"fetch_allow": settings.fetch_allow | {own, ("127.0.0.1", settings.port)}}
    )


async def started(session: AsyncSession) -> datetime | None:
    """When this database was made by the demo, or None."""
    mark = await session.get(Setting, MARK)
    return datetime.fromisoformat(mark.value["started"]) if mark else None


async def refuse_demo(db: Database) -> None:
    """Raise unless the database has nothing of the demo: invented news must not reach the public."""
    async with db.read() as session:
        if await started(session):
            raise BadSetting(
                "QINGYUAN_DATA_DIR: this database was made by the demo; use another folder, or `serve --demo`"
            )


async def seed(ctx: Context, db: Database) -> tuple[datetime, list[DemoLogin]]:
    """The newsroom, made on the first start; the moment it was made and the logins."""
    path = ctx.settings.data_dir / "demo-logins.json"
    async with db.read() as session:
        since = await started(session)
        strangers = since is None and await account_rows.anybody(session)
    if strangers:
        raise BadSetting("QINGYUAN_DATA_DIR: this database is in real use; the demo wants an empty one")
    if since is not None:
        return since, [DemoLogin(**row) for row in json.loads(path.read_text("utf-8"))]
    now = ctx.now()
    logins = [DemoLogin(role, role, _password()) for role in NAMES]
    _keep(path, logins)
    async with db.write() as session:
        session.add(Setting(key=MARK, value={"started": now.isoformat()}, updated_at=now))
        people = {login.role: await _account(ctx, session, login) for login in logins}
        await _experts(ctx, session, people)
        await _sources(ctx, session, people[Role.EDITOR])
    async with db.write() as session:
        await _pieces(ctx, session, people[Role.EDITOR], people[Role.ISSUER])
    return now, logins


def _password() -> str:
    words = [secrets.choice(SYLLABLES) for _ in range(4)]
    return "-".join((*words, f"{secrets.randbelow(900) + 100}"))


def _keep(path: Path, logins: list[DemoLogin]) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(login) for login in logins], file, ensure_ascii=False, indent=1)


async def _account(ctx: Context, session: AsyncSession, login: DemoLogin) -> Actor:
    user, token = await accounts.create_user(
        ctx, session, login.name, [login.role], SERVICE, display_name=NAMES[Role(login.role)], demo=True
    )
    await accounts.set_password(ctx, session, token, login.password)
    return Actor(id=user.id, name=user.display_name, roles=frozenset(user.roles))


async def _experts(ctx: Context, session: AsyncSession, people: dict[str, Actor]) -> None:
    """The sample directory; the demo's expert account belongs to somebody who knows floods."""
    path = ctx.settings.city_dir / "demo" / "experts.csv"
    if not path.exists():
        return
    await experts.import_apply(ctx, session, path.read_bytes(), people[Role.EDITOR])
    found, _ = await experts.listing(session, people[Role.EDITOR], kind="person", limit=200)
    chosen = next((one for one in found if "flood" in one.hazards), None)
    user = await session.get(User, people[Role.EXPERT].id)
    if chosen is not None and user is not None:
        user.expert_id = chosen.id
        session.add(user)


async def _sources(ctx: Context, session: AsyncSession, editor: Actor) -> None:
    for feed in newsroom.read(ctx.settings.city_dir):
        url = f"http://127.0.0.1:{ctx.settings.port}/demo/feeds/{feed.slug}"
        await sources.add(
            ctx,
            session,
            url,
            editor,
            title=feed.title,
            authority=feed.authority,
            region=feed.region,
            demo=True,
        )


async def _pieces(ctx: Context, session: AsyncSession, editor: Actor, issuer: Actor) -> None:
    path = ctx.settings.city_dir / "demo" / "pieces.toml"
    if not path.exists():
        return
    for row in tomllib.loads(path.read_text("utf-8"))["piece"]:
        kind, body = row.pop("kind"), _body(ctx, row)
        piece = await pieces.create(ctx, session, None, kind, editor, template=body)
        text = (piece.revision, (await pieces.page(ctx, session, piece.id)).revision.sha256)
        await review.submit(ctx, session, piece.id, *text, editor)
        await review.approve(ctx, session, piece.id, *text, issuer)
        await publish.publish(ctx, session, piece.id, issuer)


def _body(ctx: Context, row: dict[str, Any]) -> PieceBody:
    looked = ctx.now().isoformat()
    row["sources"] = [source | {"retrieved_at": looked} for source in row.get("sources", ())]
    return PieceBody.model_validate(row)
