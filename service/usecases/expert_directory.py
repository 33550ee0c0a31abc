"""The prepared directory, kept in memory until an expert or an answer changes. A cache: nothing depends on its being there.

(id, version) of everybody → the same as last time? → the prepared one
                           → else: load, prepare away from the event loop, keep
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from expert_db.directory import Directory
from expert_db.roster import Profile, profile_of
from service.store import experts as store

KEPT: Final = 2  # directories: the present one, and the one before while an edit is under way

_prepared: OrderedDict[str, Directory] = OrderedDict()


async def directory(session: AsyncSession) -> Directory:
    """Everybody as matching sees them. Row ids are random, so one process may hold several databases without mixing them."""
    versions = await store.versions(session)
    mark = hashlib.sha256(repr(versions).encode()).hexdigest()
    if mark not in _prepared:
        profiles = [profile_of(row) for row in await store.everybody(session)]
        answers = await store.answer_texts(session)
        _prepared[mark] = await asyncio.to_thread(_prepare, profiles, answers)
        while len(_prepared) > KEPT:
            _prepared.popitem(last=False)
    return _prepared[mark]


def _prepare(profiles: list[Profile], answers: dict[UUID, str]) -> Directory:
    return Directory(profiles, answers).prepare()
