"""Chinese words, the same on every machine.

jieba with its hidden Markov model off; rjieba (Rust, about ten times as fast) answers instead where it is
installed, because with HMM off it cuts the same words (a test holds it). Training and serving use this
one door.
Does not normalise; does not load a dictionary at import.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

_cache_folder: Path | None = None


def use_cache(folder: Path) -> None:
    """Keep jieba's prepared dictionary in `folder` (made with mode 0700), not in a shared temporary folder.

    Call it before the first `words`. Without it jieba reads its text dictionary on every start (about 1 s).
    """
    global _cache_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _cache_folder = folder
    _cutter.cache_clear()


def words(text: str) -> list[str]:
    """The words of `text` in order, spaces and punctuation included as their own tokens."""
    return _cutter()(text)


@cache
def _cutter() -> Callable[[str], list[str]]:
    return _rust_cutter() or jieba_cutter(_cache_folder)


def _rust_cutter() -> Callable[[str], list[str]] | None:
    try:
        import rjieba
    except ImportError:
        return None
    cut: Callable[[str, bool], list[str]] = rjieba.cut
    return lambda text: cut(text, False)


def jieba_cutter(folder: Path | None) -> Callable[[str], list[str]]:
    """jieba's own tokenizer, its cache in `folder`; without a folder it reads and writes no cache."""
    import jieba

    jieba.setLogLevel(logging.ERROR)  # it chats on stderr
    tokenizer = jieba.Tokenizer()
    if folder is not None:
        tokenizer.tmp_dir = str(folder)
        tokenizer.cache_file = "words.cache"
        tokenizer.initialize()
    else:
        # Loading by hand: initialize() would trust a marshal file that anybody may have put into /tmp.
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
    return lambda text: list(tokenizer.cut(text, HMM=False))
