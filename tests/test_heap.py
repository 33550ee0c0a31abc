"""Freed memory goes back to the machine, and what is in use stays."""

from __future__ import annotations

import gc
import weakref

from service import heap


def test_giving_back_leaves_what_is_in_use() -> None:
    kept = [str(number) * 20 for number in range(10_000)]
    assert heap.give_back() in (True, False)
    assert kept[9_999] == "9999" * 20


class _Kept:
    """Something whose end can be watched."""


def test_what_has_settled_is_not_visited_any_more_and_is_still_freed() -> None:
    kept, before = [_Kept()], gc.get_freeze_count()
    watched = weakref.ref(kept[0])
    try:
        heap.settle()
        assert gc.get_freeze_count() > before
        assert not any(one is kept for one in gc.get_objects())
        kept.clear()
        assert watched() is None
    finally:
        gc.unfreeze()


def test_a_cycle_that_was_garbage_before_is_gone() -> None:
    one: list[object] = [_Kept()]
    one.append(one)
    watched = weakref.ref(one[0])
    del one
    try:
        heap.settle()
        assert watched() is None
    finally:
        gc.unfreeze()
