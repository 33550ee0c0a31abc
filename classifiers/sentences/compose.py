"""Write the sentence files from their templates: the same templates, the same files.

    templates/slots.txt            word lists
    templates/<name>.txt           `*4 sentence with {slots}<TAB>labels`, how many sentences to make of it
    | choose                       a slot's word by the hash of template, slot and number
    labelled/<name>.tsv            text<TAB>labels group=<template>

Run `python -m classifiers.sentences.compose` after editing a template. Does not train.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import xxhash

HERE: Final = Path(__file__).parent
_SLOT: Final = re.compile(r"\{(\w+)\}")
_LINE: Final = re.compile(r"\*(\d+) ([^\t]+)(?:\t(.*))?")


def slots() -> dict[str, list[str]]:
    """The word lists by name."""
    lines = (HERE / "templates" / "slots.txt").read_text("utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines if line and not line.startswith("#")]
    return {name: words.split() for name, words in pairs}


def compose(template: str, number: int, words: Mapping[str, list[str]]) -> str:
    """The `number`-th sentence of a template; two slots of one name get different words."""
    used: set[str] = set()

    def choose(found: re.Match[str]) -> str:
        name = found.group(1)
        pool = words[name]
        at = xxhash.xxh32_intdigest(f"{template}|{found.start()}|{name}|{number}".encode()) % len(pool)
        while pool[at] in used and len(used) < len(pool):
            at = (at + 1) % len(pool)
        used.add(pool[at])
        return pool[at]

    return _SLOT.sub(choose, template)


def expand(name: str, words: Mapping[str, list[str]]) -> list[str]:
    """The lines of one sentence file; ValueError names a line that cannot be read."""
    out: list[str] = []
    source = (HERE / "templates" / f"{name}.txt").read_text("utf-8")
    for number, line in enumerate(source.splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            out.append(line)
            continue
        found = _LINE.fullmatch(line)
        if not found:
            raise ValueError(f"{name}.txt, line {number}: not `*4 sentence<TAB>labels`")
        count, template, labels = found.groups()
        made = dict.fromkeys(compose(template, i, words) for i in range(int(count)))
        tail = " ".join(filter(None, [*(labels or "").split(), f"group={name}:{number}"]))
        out += [f"{sentence}\t{tail}" for sentence in made]
    return out


def main() -> None:
    """Rewrite every sentence file that has a template file."""
    words = slots()
    for path in sorted((HERE / "templates").glob("*.txt")):
        if path.stem != "slots":
            (HERE / "labelled" / f"{path.stem}.tsv").write_text(
                "\n".join(expand(path.stem, words)) + "\n", "utf-8"
            )


if __name__ == "__main__":
    main()
