"""Learnt weights of matching over the API: read with the gate's report, applied as read, refused, put back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from expert_db.learning import LEARNT, Lesson, Shares
from expert_db.weights import WEIGHTS
from service.usecases import matching_weights
from tests.web.api.conftest import SignIn

PATH = "/matching-weights"
SCALES = {**dict.fromkeys(LEARNT, 1.0), "region": 1.5}
GOOD = Lesson(500, 120, SCALES, Shares(0.5, 0.9, -1.0), Shares(0.6, 0.92, -0.9), 1.0, 1.0, ())
KEY = "weights-of-november"


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[Lesson]:
    """Stands in for 500 choices; the last one counts."""
    found = [GOOD]

    async def lesson(*_: Any) -> Lesson:
        return found[-1]

    monkeypatch.setattr(matching_weights, "lesson", lesson)
    return found


async def test_a_house_without_choices_is_told_why_nothing_is_applied(program: SignIn) -> None:
    admin = await program("sysadmin")
    told = await admin.get(PATH)
    assert told["weights"]["region"] == WEIGHTS.region
    assert (told["lesson"]["choices"], set(told["lesson"]["scales"].values())) == (0, {1.0})
    assert "too_few_choices" in told["lesson"]["refused"]
    assert told["lesson"]["named_before"] >= 0.95  # the city's named cases were ranked
    refused = await admin.post(f"{PATH}/apply", {"sha256": told["lesson"]["sha256"]}, 409)
    assert "too_few_choices" in refused["detail"]
    assert (await admin.get(PATH))["weights"] == told["weights"]


async def test_the_proposal_that_was_read_is_applied_once_and_put_back(
    program: SignIn, learnt: list[Lesson]
) -> None:
    admin = await program("sysadmin")
    told = await admin.get(PATH)
    assert told["lesson"]["after"] == {"first": 0.6, "first_three": 0.92, "likelihood": -0.9}
    sent = {"sha256": told["lesson"]["sha256"]}
    used = await admin.post(f"{PATH}/apply", sent, Idempotency_Key=KEY)
    assert used["weights"]["region"] == round(1.5 * WEIGHTS.region)
    again = await admin.send("POST", f"{PATH}/apply", sent, Idempotency_Key=KEY)
    assert (again.headers["Idempotency-Replayed"], await again.json()) == ("true", used)
    assert (await admin.get(PATH))["weights"] == used["weights"]
    learnt.append(replace(GOOD, choices=501, scales={**SCALES, "region": 0.5}))
    assert (await admin.post(f"{PATH}/apply", sent, 409))["type"] == "stale_version"
    assert (await admin.get(PATH))["weights"] == used["weights"]
    assert (await admin.post(f"{PATH}/put-back"))["weights"]["region"] == WEIGHTS.region
    await admin.post(f"{PATH}/apply", {"sha256": "x"}, 422)


@pytest.mark.parametrize("role", ["editor", "issuer", "secadmin", "auditor"])
async def test_weights_are_the_system_administrators(program: SignIn, role: str) -> None:
    other = await program(role)
    await other.get(PATH, 403)
    assert (await other.post(f"{PATH}/apply", {"sha256": "a" * 64}, 403))["type"] == "forbidden"
    await other.post(f"{PATH}/put-back", status=403)
