"""The kept samples are what the renderers make today; whoever changes a shape makes them anew and reads them."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from service.site import poster
from tests.golden import FOLDER, PIECES, picture, texts

AGAIN = "if that is meant: python -m tests.golden, and read what changed"
SMALL = (270, 360)
TOLERANCE = 3.0  # of 255, on average over a small grey copy: other versions of Pillow and the font draw edges otherwise


@pytest.mark.parametrize("name", PIECES)
def test_every_text_is_as_it_was_read(name: str) -> None:
    made = texts(PIECES[name]())
    kept = {path.name: path.read_text("utf-8") for path in (FOLDER / name).iterdir() if path.suffix != ".png"}
    assert made.keys() == kept.keys(), AGAIN
    for file, text in made.items():
        assert text == kept[file], f"{name}/{file}: {AGAIN}"


@pytest.mark.parametrize("name", PIECES)
def test_every_poster_looks_as_it_did(name: str) -> None:
    if not any((folder / "x").parent.is_dir() for folder in map(FOLDER.__class__, poster.FOLDERS)):
        pytest.skip("this machine has no Noto CJK")
    difference = apart((FOLDER / name / "poster.png").read_bytes(), picture(PIECES[name]()))
    assert difference < TOLERANCE, f"{name}/poster.png differs by {difference:.1f}: {AGAIN}"


def test_posters_of_two_pieces_are_told_apart() -> None:
    one, other = ((FOLDER / name / "poster.png").read_bytes() for name in ("rebuttal", "explainer"))
    assert apart(one, other) > TOLERANCE


def apart(one: bytes, other: bytes) -> float:
    """How far two pictures are apart, 0 to 255."""
    small = [Image.open(io.BytesIO(raw)).convert("L").resize(SMALL) for raw in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])
