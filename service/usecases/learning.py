"""Learn from the desk: labels → candidate model → gate. Puts nothing to use; `models.promote` does that.

    labels that stand
    | worries     few sources, one editor, a flood, contradictions → stop, a person looks; too few or one-sided → left out
    | split       the latest three tenths are held out, whole clusters of copies
    | adapt       the shipped model moved towards the rest, our own sentences held against it
    | gate        shipped and candidate on what was held out, and on the canaries
    candidate in DATA_DIR/models with its report, and one audit entry

Always starts from the shipped model, so what one bad month taught is gone as soon as its labels are taken back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from uuid import UUID

from classifiers import gate, labels, model_file, split
from classifiers.adapt import adapt, learned
from classifiers.examples import YES_NO, Example
from classifiers.text import Text
from content import permissions
from content.permissions import Actor
from service.context import Context
from service.errors import Conflict
from service.store import audit, models
from service.store import labels as store
from service.store.engine import Database
from service.store.labels import Words
from service.store.tables import DeskLabel

HELD: Final = 0.3
LEFT_OUT: Final = ("too_few", "one_sided")
"""A question with these worries is not learned; with any other one nothing is, for somebody may bend the model."""


class NotFit(Conflict):
    """The labels must not be learned from yet; the reasons say what a person should look at."""

    type = "labels_not_fit"


@dataclass(frozen=True)
class Material:
    """What learning needs beside the labels: our own sentences, the canaries, and further held-out texts."""

    anchors: Sequence[Example]
    canaries: Sequence[Example]
    held_out: Sequence[Example] = ()


@dataclass(frozen=True)
class Learned:
    """What came of it: the candidate, and the gate's report as it stands in its folder."""

    candidate: models.Candidate
    promote: bool
    text: str


async def learn(ctx: Context, db: Database, material: Material, by: Actor) -> Learned:
    """Make a candidate from what the desk has decided; NotFit says why not. Takes seconds of CPU: for the command line."""
    permissions.require(by, "model.edit")
    async with db.read() as session:
        rows = [row for row in await store.all_standing(session) if row.task in YES_NO]
        words = await store.words(session, {row.evidence_id for row in rows})
    tasks = fit_tasks(rows)
    examples = to_examples(rows, words, tasks)
    sides = split.by_time(examples, HELD)
    fit, held = [examples[i] for i in sides.fit], [examples[i] for i in sides.held]
    shipped = model_file.load(model_file.SHIPPED)
    moved = learned(shipped, fit)
    if not moved:
        raise NotFit("no question has enough labels of both answers", worries=[])
    candidate = adapt(shipped, fit, material.anchors)
    decision = gate.decide(shipped, candidate, [*held, *material.held_out], material.canaries)
    report = {
        "at": ctx.now().isoformat(),
        "by": by.name,
        "base": shipped.version,
        "columns": moved,
        "learned_from": len(fit),
        "held_out": len(held) + len(material.held_out),
        "labels": counts(rows),
        "canaries": len(material.canaries),
        "promote": decision.promote,
        "reasons": list(decision.reasons),
        "findings": [asdict(found) for found in decision.findings],
    }
    card = {"base": shipped.version, "learned_from": len(fit), "columns": moved}
    kept = models.keep(ctx.settings.data_dir, replace(candidate, card=card), report)
    async with db.write() as session:
        after = {"promote": decision.promote, "base": shipped.version, "texts": len(fit)}
        await audit.record(ctx, session, by, "model.learn", "model", kept.version, after=after)
    return Learned(kept, decision.promote, gate.as_text(decision))


def fit_tasks(rows: Sequence[DeskLabel]) -> list[str]:
    """The questions that have enough labels; NotFit when some look bent, or none has enough."""
    found = labels.worries([_decision(row) for row in rows])
    out = {worry.task for worry in found if worry.kind in LEFT_OUT}
    bent = [worry for worry in found if worry.task not in out]
    tasks = sorted({row.task for row in rows} - out)
    if bent or not tasks:
        told = [f"{worry.task}: {worry.kind} ({worry.detail})" for worry in bent or found]
        raise NotFit("; ".join(told) or "the desk has not decided anything yet", worries=told)
    return tasks


def to_examples(
    rows: Sequence[DeskLabel], words: Mapping[UUID, Words], tasks: Sequence[str]
) -> list[Example]:
    """One example a text, copies counted once, in the order they were first seen. A tie between editors says nothing."""
    votes: dict[str, dict[str, Counter[int]]] = {}
    hazard: dict[str, str] = {}
    texts: dict[str, Words] = {}
    for row in rows:
        if row.task not in tasks or row.answer is None or row.evidence_id not in words:
            continue
        texts.setdefault(row.sha256, words[row.evidence_id])
        votes.setdefault(row.sha256, {}).setdefault(row.task, Counter())[row.answer] += 1
        if row.hazard:
            hazard[row.sha256] = row.hazard
    found = [
        _example(name, texts[name], {t: _vote(v) for t, v in said.items()}, hazard.get(name))
        for name, said in votes.items()
    ]
    return sorted(found, key=lambda example: (example.date, example.id))


def _example(name: str, words: Words, said: Mapping[str, int | None], hazard: str | None) -> Example:
    return Example(
        id=name,
        text=Text(words.title, words.text),
        date=words.seen_at.date().isoformat(),
        rumor=said.get("rumor"),
        debunk=said.get("debunk"),
        emergency=said.get("emergency"),
        hazard=hazard if said.get("emergency") else None,
        group=name,
    )


def _vote(answers: Counter[int]) -> int | None:
    ranked = answers.most_common(2)
    return None if len(ranked) == 2 and ranked[0][1] == ranked[1][1] else ranked[0][0]


def counts(rows: Sequence[DeskLabel]) -> dict[str, Any]:
    """How many labels stand: by question and answer, by editor, by source, by what they come from."""
    return {
        "answers": dict(sorted(Counter(f"{row.task}={row.answer}" for row in rows).items())),
        "editors": dict(Counter(row.editor for row in rows).most_common()),
        "sources": dict(Counter(row.source for row in rows).most_common()),
        "bases": dict(sorted(Counter(row.basis for row in rows).items())),
    }


def worries(rows: Sequence[DeskLabel]) -> list[labels.Worry]:
    """What keeps these labels from being learned."""
    return labels.worries([_decision(row) for row in rows if row.task in YES_NO])


def _decision(row: DeskLabel) -> labels.Decision:
    return labels.Decision(row.task, row.answer or 0, row.source, row.editor, row.sha256, row.at)


async def export(db: Database, by: Actor) -> list[str]:
    """Every label that stands with its text, as lines that `train --data` reads. Leaves the city only by a person's hand."""
    permissions.require(by, "model.edit")
    async with db.read() as session:
        rows = [row for row in await store.all_standing(session) if row.task in YES_NO]
        words = await store.words(session, {row.evidence_id for row in rows})
    lines = []
    for example in to_examples(rows, words, YES_NO):
        given = {task: getattr(example, task) for task in (*YES_NO, "hazard")}
        line = {
            "id": example.id,
            "title": example.text.title,
            "text": example.text.body,
            "date": example.date,
            **{task: answer for task, answer in given.items() if answer is not None},
        }
        lines.append(json.dumps(line, ensure_ascii=False))
    return lines
