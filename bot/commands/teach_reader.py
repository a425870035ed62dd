"""`export readings` and `learn`: what people chose when they were asked, and the examples it could become."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.assembly import clock_of, open_store
from bot.commands.opening import begin
from bot.commands.words import said
from bot.reading.accuracy import own_examples
from bot.reading.parse import object_in, told
from bot.reading.proposals import Proposals, proposals, written
from bot.reading.settled import Settled, exported, settled_from
from bot.redaction import redact
from bot.settings import Settings
from bot.store.book import Book


def export_readings(settings: Settings) -> None:
    """Print them as JSON Lines; they are people's own words, so they go to whoever typed this and nowhere else."""
    found = _readings(settings)
    for one in found:
        typer.echo(json.dumps(one, ensure_ascii=False))
    typer.echo(said("export.readings", n=len(found)), err=True)


def learn(
    source: Annotated[str | None, typer.Argument(metavar="FILE", help=said("option.learn_from"))] = None,
) -> None:
    """Propose lines for the examples; nothing is changed."""
    settings = begin()
    bad = 0
    settled: list[Settled] = []
    if source is None:
        settled = [settled_from(one) for one in _readings(settings)]
    for number, one in enumerate(_lines(source) if source is not None else (), 1):
        try:
            settled.append(settled_from(object_in(one)))
        except (ValueError, TypeError, RecursionError) as problem:
            typer.echo(said("learn.bad_line", line=number, why=told(problem)), err=True)
            bad += 1
    examples = own_examples()
    made = proposals(settled, examples, said("learn.context"))
    _tell(made, examples)
    raise typer.Exit(int(bad > 0))


def _lines(source: str) -> Iterator[bytes]:
    whole = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    return (line for line in whole.split(b"\n") if line.strip())


def _readings(settings: Settings) -> list[dict[str, Any]]:
    store = open_store(settings, sample_if_empty=False)
    try:
        now = clock_of(store).now()
        return store.read_now(lambda book: list(_told(book, now)))
    finally:
        store.close()


def _told(book: Book, now: datetime) -> Iterator[dict[str, Any]]:
    # A name of one word ("Hoa", "Minh") is a word as well: taken out, it would take meaning along.
    names = [name for name in book.people.names() if len(name.split()) > 1]
    for question, taken_back in book.talks.readings_asked():
        one = exported(question, now, taken_back=taken_back, names=names)
        if one is not None:
            tasks = [{**task, "title": redact(task["title"])} for task in one["tasks"]]
            yield {**one, "text": redact(one["text"]), "typed": redact(one["typed"]), "tasks": tasks}


def _tell(made: Proposals, languages: Iterable[str]) -> None:
    for lang in languages:
        lines = list(written(made.found, lang))
        if lines:
            typer.echo(said("learn.head", file=f"locales/{lang}/examples.txt"))
            typer.echo("\n".join(lines))
    for text, why in made.refused:
        typer.echo(said(f"learn.refused.{why}", text=text), err=True)
    counted: Mapping[str, int] = {
        "proposed": len(made.found),
        "beyond": sum(one.beyond for one in made.found),
        "read": made.read,
        "known": made.known,
        "unsettled": made.unsettled,
    }
    typer.echo(said("learn.counted", **counted), err=True)
