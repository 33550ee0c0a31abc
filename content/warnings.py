"""The eight elements of an official warning (突发事件应对法 art. 64). It is relayed verbatim and never authored here."""

from __future__ import annotations

from collections.abc import Mapping

ELEMENTS = (
    "type",  # 预警类别
    "level",  # 级别
    "start",  # 起始时间
    "area",  # 可能影响的范围
    "cautions",  # 警示事项
    "measures",  # 应当采取的措施
    "issuer",  # 发布单位
    "issued_at",  # 发布时间
)


def missing_elements(warning: Mapping[str, str]) -> list[str]:
    """The elements that are absent or empty, in the order of the law."""
    return [name for name in ELEMENTS if not warning.get(name, "").strip()]
