"""The tests of this folder run on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from service.context import Context
from service.house import House
from service.store.engine import Database
from tests.web.conftest import Rules


@pytest.fixture
def house(ctx: Context, database: Database) -> House:
    """The house, once on each database."""
    return House(ctx=ctx, db=database, assessors=Rules())
