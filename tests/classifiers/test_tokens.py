"""Both segmenters cut the same words, and hostile text cannot stall them."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from classifiers import tokens
from classifiers.sentences.compose import HERE
from classifiers.text import Text

OTHERS = ["C++ 2024-01-17 E.x 3.5%", "", " ", "a_b 1-2 0.03mg", "𠮷野家 ｶﾅ café", "今天天气不错,出去走走!"]


def our_sentences() -> list[str]:
    lines = [
        line
        for path in sorted((HERE / "labelled").glob("*.tsv"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [line.split("\t")[0] for line in lines if line and not line.startswith("#")]


def test_the_fast_segmenter_cuts_as_jieba_does() -> None:
    pytest.importorskip("rjieba")
    cut = tokens.jieba_cutter(None)
    texts = [*our_sentences()[::3], *OTHERS]
    assert len(texts) > 900
    assert [text for text in texts if tokens.words(text) != cut(text)] == []


@pytest.mark.parametrize("text", OTHERS)
def test_no_character_is_lost(text: str) -> None:
    assert "".join(tokens.words(text)) == text


def test_the_cache_folder_is_ours_alone(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    try:
        tokens.use_cache(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert tokens.jieba_cutter(folder)("暴雨预警") == ["暴雨", "预警"]
        assert [path.name for path in folder.iterdir()] == ["words.cache"]
    finally:
        tokens._cache_folder = None
        tokens._cutter.cache_clear()


def test_unknown_han_is_cut_in_time() -> None:
    text = Text("", "".join(chr(0x3400 + i % 6000) for i in range(40_000))).joined
    started = time.process_time()
    tokens.jieba_cutter(None)(text)
    assert time.process_time() - started < 8  # loading the dictionary is most of it
