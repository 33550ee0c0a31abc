"""A number and an address that appear nowhere else in the world: errors on their way to the log do not carry them there."""

from __future__ import annotations

from typing import Literal

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from content.permissions import Actor
from service import log
from service.context import Context
from service.store.engine import Database
from service.store.tables import Expert
from tests.usecases.expert_people import expert

PHONE, EMAIL = "13987650042", "kanarienvogel@example.org"


@pytest.fixture(autouse=True)
def quiet_again() -> object:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_shows_no_local_variables(
    capfd: pytest.CaptureFixture[str], form: Literal["json", "text"]
) -> None:
    log.configure(form)

    def breaks(phone: str, email: str) -> None:
        contact = {"phone": phone, "email": email}
        raise RuntimeError(f"{len(contact)} fields")

    try:
        breaks(PHONE, EMAIL)
    except RuntimeError:
        structlog.get_logger().exception("job_failed")
    told = capfd.readouterr().err
    assert "job_failed" in told
    assert "RuntimeError" in told
    assert PHONE not in told
    assert EMAIL not in told


async def test_a_refused_statement_is_told_without_its_values(
    ctx: Context, database: Database, editor: Actor
) -> None:
    person = await expert(ctx, database, editor, "示例甲")
    with pytest.raises(IntegrityError) as refused:
        async with database.write() as s:
            twin = person.model_dump() | {"profile": f"电话 {PHONE} {EMAIL}"}
            s.add(Expert(**twin))
            await s.flush()
    said = f"{refused.value} {refused.value!r}"
    assert PHONE not in said
    assert EMAIL not in said
