"""Values for a JSON schema, mostly fitting and sometimes not: what careful and careless clients send."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "自来水有毒是真的吗",
            "36090２",
            "360902",
            "%",
            "_",
            "'; --",
            '"',
            "\\",
            "NEAR(",
            "*",
            "👨‍👩‍👧‍👦" * 9,
        ]
    ),
)
ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.lists(st.none(), max_size=2))


def values(schema: dict[str, Any], root: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of the schema; one in thirty or so is something else."""
    return st.integers(0, 29).flatmap(lambda n: ODD if n == 29 else fitting(schema, root, depth))


def fitting(schema: dict[str, Any], root: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    """Values of the schema, but for patterns and formats, which are hit by chance."""
    if "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return fitting(found, root, depth)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*(fitting(one, root, depth) for one in schema["anyOf"]))
    kind = schema.get("type")
    if kind == "object":
        return objects(schema, root, depth)
    if kind == "array":
        most = 0 if depth > 3 else min(3, schema.get("maxItems", 3))
        return st.lists(values(schema.get("items", {}), root, depth + 1), max_size=most)
    return plain(schema)


def plain(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema.get("type")
    if kind == "integer":
        return st.integers(schema.get("minimum", -(2**70)), schema.get("maximum", 2**70))
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    if kind != "string":
        return ODD
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema.get("format") in ("date", "date-time"):
        return st.one_of(TEXTS, st.just("2026-11-24"), st.just("2026-11-24T09:00:00+08:00"))
    least = schema.get("minLength", 0)
    return st.one_of(TEXTS, TEXTS.map(lambda text: text + "请核实" * (1 + least // 3)))


def objects(schema: dict[str, Any], root: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    properties, required = schema.get("properties", {}), set(schema.get("required", ()))
    if not properties:
        return st.dictionaries(TEXTS, ODD, max_size=3)
    made = {name: values(value, root, depth + 1) for name, value in properties.items()}
    return st.fixed_dictionaries(
        {name: value for name, value in made.items() if name in required},
        optional={name: value for name, value in made.items() if name not in required},
    )
