"""The lock is what `make run` installs: exact versions, hashes, and no address of any index."""

import pytest

from tests.repo.files import ROOT


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "http://" not in text
    assert "https://" not in text
    blocks = [b for b in text.replace("\\\n", " ").splitlines() if b and not b.lstrip().startswith("#")]
    assert blocks
    assert all("==" in b and "--hash=sha256:" in b for b in blocks)


def test_both_locks_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text("utf-8").splitlines()
        return dict(
            line.split(" ")[0].split("==", 1)
            for line in lines
            if "==" in line and not line.startswith((" ", "#"))
        )

    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run
