"""Examples of replies with their meaning, as an official can read and write them: the text, an arrow, what it means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.reading.meaning import TALK, Item, Kind, OpenTask, Reading
from bot.reading.reader import read


@dataclass(frozen=True, slots=True)
class Context:
    today: date
    name: str = ""
    reply_to: int | None = None
    tasks: tuple[OpenTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    items: tuple[Item, ...]
    certain: bool
    context: Context
    line: int

    def reading(self) -> Reading:
        return read(self.text, self.context.today, self.context.tasks, self.context.reply_to)


def examples(lines: Iterable[str]) -> Iterator[Example]:
    context = Context(date(2025, 9, 15))
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        if " -> " in line:
            yield _example(line, context, number)
        elif line.startswith("["):
            context = Context(context.today, line.strip("[]"))
        elif line.startswith("today "):
            context = replace(context, today=date.fromisoformat(line.split()[1]))
        elif line.startswith("reply to "):
            word = line.removeprefix("reply to ").strip()
            context = replace(context, reply_to=None if word == "none" else int(word))
        elif line.startswith("task "):
            context = replace(context, tasks=(*context.tasks, _task(line)))
        elif not line.startswith("#"):
            raise ValueError(f"line {number}: {line}")


def from_file(path: Path) -> list[Example]:
    return list(examples(path.read_text(encoding="utf-8").split("\n")))


def _task(line: str) -> OpenTask:
    number, _, rest = line.removeprefix("task ").partition(" | ")
    title, resolution, due = (part.strip() for part in rest.rsplit(" | ", 2))
    return OpenTask(
        int(number),
        title,
        None if resolution == "-" else resolution,
        None if due == "-" else date.fromisoformat(due[:10]),
    )


def _example(line: str, context: Context, number: int) -> Example:
    text, _, meaning = line.rpartition(" -> ")
    certain = not meaning.endswith("?")
    items = tuple(_item(part, context) for part in meaning.rstrip("? ").split(" & "))
    return Example(text.replace("\\n", "\n"), items, certain, context, number)


def _item(part: str, context: Context) -> Item:
    word, *slots = part.split()
    item = Item(default_task(Kind(word), context), Kind(word))
    for slot in slots:
        name, _, value = slot.partition("=")
        if re.fullmatch(r"\d+%", slot):
            item = replace(item, percent=int(slot[:-1]))
        elif name == "due":
            item = replace(item, due=date.fromisoformat(value))
        elif name == "doc":
            item = replace(item, document=value)
        elif name == "task":
            item = replace(item, task=None if value == "-" else int(value))
        else:
            raise ValueError(slot)
    return item


def default_task(kind: Kind, context: Context) -> int | None:
    if kind in TALK:
        return None
    if context.reply_to is not None:
        return context.reply_to
    return context.tasks[0].id if len(context.tasks) == 1 else None


def same(read_items: Iterable[Item], meant: Iterable[Item]) -> bool:
    """Equal as the contract counts: task, kind, percent, due and document of every item, in any order."""
    return sorted(map(_printed, read_items)) == sorted(map(_printed, meant))


def _printed(item: Item) -> tuple[str, ...]:
    return tuple(str(value) for value in (item.task, item.kind, item.percent, item.due, item.document))
