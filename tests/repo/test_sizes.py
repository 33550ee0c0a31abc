"""Small files: a reader holds one in the head."""

from tests.repo.files import ROOT, tracked

LIMIT = 300


def test_no_python_file_is_longer_than_300_lines() -> None:
    over = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".py")
        if "migrations/versions" not in str(path)
        and (lines := len(path.read_text("utf-8").splitlines())) > LIMIT
    }
    assert not over, f"split these: {over}"


def test_nothing_is_called_utils() -> None:
    vague = [
        str(p.relative_to(ROOT))
        for p in tracked(".py")
        if p.stem in {"utils", "util", "helpers", "misc_utils"}
    ]
    assert not vague, f"name what it is about: {vague}"
