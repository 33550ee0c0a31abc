"""A newsroom that has lived three weeks: something on every list, and every state that a page shows differently.

Made through the use cases before the service opens, so nothing here needs a browser.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.browser.lived import asked, house, incidents, queue, texts
from tests.browser.lived.scene import only_accounts, opened, settle, started_just_now

LATELY = 9  # hours


async def lived(folder: Path, port: int) -> dict[str, str]:
    """Fill DATA_DIR as three weeks of work would; addresses by name. The service may then open it with `--demo`."""
    scene = await opened(folder, port)
    try:
        await settle(scene)
        await queue.fill(scene)
        scene.clock.now = datetime.now(UTC) - timedelta(hours=LATELY)  # questions must not have lapsed
        for part in (asked, texts, house, incidents):
            await part.fill(scene)
        await started_just_now(scene)
    finally:
        await scene.db.dispose()
    return scene.places


async def empty(folder: Path, port: int) -> dict[str, str]:
    """Fill DATA_DIR with the accounts and nothing else: every list says that it is empty. Open it without `--demo`."""
    scene = await opened(folder, port)
    try:
        await only_accounts(scene)
    finally:
        await scene.db.dispose()
    return scene.places
