"""Every command, the module that has it, and one line of help, so that `--help` need not import anything else."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import typer


@dataclass(frozen=True)
class Entry:
    """Where a command is. `attribute` is a function, or a Typer of sub-commands."""

    module: str
    attribute: str
    help: str


COMMANDS: dict[str, Entry] = {
    "serve": Entry("work", "serve", "Web, clock and workers in one process; --demo brings its own newsroom."),
    "worker": Entry("work", "worker", "The same jobs on another machine, against PostgreSQL."),
    "migrate": Entry("store", "migrate", "Bring the database to the newest schema."),
    "ingest": Entry("ingest", "ingest", "Read feeds and print their entries; needs no database."),
    "classify": Entry("classify", "classify", "JSON lines on stdin, assessed, to JSON lines on stdout."),
    "match": Entry("match", "match", "Find claims that say the same as the queries on stdin."),
    "train": Entry("classify", "train", "Fit a model on labelled lines."),
    "train-matching": Entry("match", "train_matching", "Refit what decides whether two claims are the same."),
    "evaluate": Entry("classify", "evaluate", "Measure a model on labelled lines."),
    "learn": Entry("models", "learn", "Make a candidate model from the desk's decisions; a gate judges it."),
    "model": Entry("models", "app", "The model in use: list, promote, roll back."),
    "sources": Entry("sources", "app", "Feeds: import, add, list, poll."),
    "experts": Entry("experts", "app", "The expert directory: import, export, match, learn-weights."),
    "channel": Entry("channels", "app", "Ways out to the public: add, list, test."),
    "user": Entry("users", "app", "Accounts: add, list, disable, enable, reset."),
    "keys": Entry("keys", "app", "Keys of this installation: rotate."),
    "site": Entry("site", "app", "The public site as static files."),
    "report": Entry("report", "report", "The figures of a month, as .xlsx or .csv."),
    "outbox": Entry("outbox", "app", "Deliveries that need a person."),
    "audit": Entry("audit", "app", "The audit log: verify, export."),
    "backup": Entry("store", "backup", "Copy everything into one file, also under load."),
    "restore": Entry(
        "store", "restore", "Put a backup into an empty DATA_DIR or database; nothing is sent again."
    ),
    "doctor": Entry(
        "doctor", "doctor", "Check settings, database, keys, model and log of this installation."
    ),
    "crashpoints": Entry("store", "crashpoints", "The points at which a test can kill the process."),
    "matrix": Entry("store", "matrix", "Who may do what: roles × acts, and the act each page needs."),
}


def build(arguments: Sequence[str]) -> typer.Typer:
    """The application for these arguments: the asked command is real, the others are names with a line of help."""
    asked = next((word for word in arguments if not word.startswith("-")), None)
    app = typer.Typer(
        help="清源 Qingyuan: emergency science communication and rumor rebuttal for a city.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name, entry in COMMANDS.items():
        _add(app, name, entry, _find(entry) if name == asked else _nothing)
    return app


def _add(app: typer.Typer, name: str, entry: Entry, target: Any) -> None:
    if isinstance(target, typer.Typer):
        app.add_typer(target, name=name, help=entry.help)
    else:
        app.command(name, help=None if target is not _nothing else entry.help)(target)


def _find(entry: Entry) -> Callable[..., Any] | typer.Typer:
    found: Callable[..., Any] | typer.Typer = getattr(
        importlib.import_module(f"service.cli.{entry.module}"), entry.attribute
    )
    return found


def _nothing() -> None:
    """Stands for a command that was not asked for."""


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"qingyuan {version('qingyuan')}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """清源 Qingyuan: emergency science communication and rumor rebuttal for a city."""
