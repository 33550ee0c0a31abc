"""What the parts of the lived-in newsroom share."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from content.permissions import SERVICE, Actor
from expert_db.experts import Expert
from service import keys, settings
from service.cli.opening import make_folder
from service.context import Context
from service.demo import seed
from service.demo.seed import DemoLogin
from service.store.engine import Database, make_engine
from service.store.migrate import upgrade
from service.store.tables import Setting, User
from service.usecases import accounts
from tests.conftest import Clock
from tests.usecases.newsroom import ShippedAssessor

DAYS = 21


@dataclass
class Scene:
    """Surroundings, a clock that is moved, the demo's people, and the addresses found so far by name."""

    ctx: Context
    db: Database
    clock: Clock
    assessor: ShippedAssessor = field(default_factory=lambda: ShippedAssessor(rules_only=True))
    people: dict[str, Actor] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)

    @property
    def editor(self) -> Actor:
        return self.people["editor"]

    @property
    def issuer(self) -> Actor:
        return self.people["issuer"]

    async def experts(self, hazard: str, kind: str = "person") -> list[Expert]:
        """Those of the directory who know this hazard, by name."""
        async with self.db.read() as session:
            rows = (await session.exec(select(Expert).order_by(col(Expert.name)))).all()
        return [one for one in rows if hazard in one.hazards and one.kind == kind]


async def opened(folder: Path, port: int) -> Scene:
    """An empty database of three weeks ago. The caller disposes of `db`."""
    make_folder(folder)
    clock = Clock(datetime.now(UTC) - timedelta(days=DAYS))
    found = seed.settings_for(settings.load(data_dir=folder, port=port))
    await upgrade(found.db_url)
    ctx = Context(settings=found, keys=keys.load(folder), now=clock)
    return Scene(ctx, Database(make_engine(found.db_url)), clock)


async def settle(scene: Scene) -> None:
    """The demo's people move in, with their experts, sources and texts."""
    await seed.seed(scene.ctx, scene.db)
    async with scene.db.read() as session:
        for user in (await session.exec(select(User))).all():
            scene.people[user.name] = Actor(
                id=user.id,
                name=user.display_name,
                roles=frozenset(user.roles),
                expert_id=user.expert_id,
            )


async def only_accounts(scene: Scene) -> None:
    """One account for each role, and nothing else in the house."""
    logins = [DemoLogin(role, role, secrets.token_urlsafe(18)) for role in seed.NAMES]
    async with scene.db.write() as session:
        for login in logins:
            _, token = await accounts.create_user(scene.ctx, session, login.name, [login.role], SERVICE)
            await accounts.set_password(scene.ctx, session, token, login.password)
    text = json.dumps([asdict(login) for login in logins])
    (scene.ctx.settings.data_dir / "demo-logins.json").write_text(text, "utf-8")


async def started_just_now(scene: Scene) -> None:
    """The demo's feeds tell their stories from now on, not from three weeks ago."""
    async with scene.db.write() as session:
        mark: Any = await session.get(Setting, seed.MARK)
        mark.value = {"started": datetime.now(UTC).isoformat()}
        session.add(mark)
