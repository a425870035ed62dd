"""What people chose when they were asked, beside their words: kept with the question, exported, and read again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.conversation import OpenQuestion
from bot.reading.meaning import Given, Item, Kind, Reading
from bot.reading.parse import given_from, printed
from bot.reading.person_names import without


class Outcome(StrEnum):
    """How a question about a reading ended. Only what is CHOSEN says what the whole text meant."""

    CHOSEN = "chosen"
    PARTLY = "partly"
    NOT_RIGHT = "not_right"
    OFFICE = "office"
    TAKEN_BACK = "taken_back"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Settled:
    given: Given
    lang: str
    understood: tuple[Item, ...]
    outcome: Outcome
    chosen: tuple[Item, ...]


def kept(given: Given, reading: Reading) -> dict[str, Any]:
    """For the payload of a question: what was read, from what, with the numbers of the store."""
    return {
        "text": given.text,
        "today": given.today.isoformat(),
        "reply_to": given.reply_to,
        "tasks": [
            {
                "id": task.id,
                "title": task.title,
                "resolution": task.resolution,
                "due": task.due.isoformat() if task.due else None,
            }
            for task in given.tasks
        ],
        "lang": reading.lang,
        "understood": [printed(item) for item in reading.items],
        # Also of a part that is never asked about: the words name them all the same.
        "successors": [item.successor for item in reading.items if item.successor],
    }


def partly(read: Mapping[str, Any], picked: Iterable[Mapping[str, Any]], left: int) -> dict[str, Any]:
    """The same once a part of the text is settled and the next is asked; `left` items will not be asked at all."""
    return {**read, "before": [*picked], "left": left}


def exported(question: OpenQuestion, now: datetime, *, taken_back: bool, names: Iterable[str]) -> dict[str, Any] | None:
    """A question and its answer as `parse` takes replies, tasks numbered from 1; None where nothing is to be told."""
    read = question.payload.get("read")
    if read is None or (question.closed_at is None and now < question.expires_at):
        return None
    outcome, picked = _answer(question, read)
    numbers = {task["id"]: number for number, task in enumerate(read["tasks"], 1)}
    if any(item.get("task") is not None and item["task"] not in numbers for item in picked):
        return None
    if taken_back and picked:
        outcome = Outcome.TAKEN_BACK
    unnamed = without([*names, *_successors(question, read)], "<name>")
    return {
        "text": unnamed(read["text"]),
        "typed": unnamed(question.payload["text"]),
        "today": read["today"],
        "reply_to": numbers.get(read["reply_to"]),
        "tasks": [
            {"id": number, "title": unnamed(task["title"]), "resolution": task["resolution"], "due": task["due"]}
            for number, task in enumerate(read["tasks"], 1)
        ],
        "lang": read["lang"],
        "understood": [_numbered(item, numbers) for item in read["understood"]],
        "outcome": outcome.value,
        "chosen": [_numbered(item, numbers) for item in picked],
    }


def _answer(question: OpenQuestion, read: Mapping[str, Any]) -> tuple[Outcome, Sequence[Mapping[str, Any]]]:
    told, _, numbers = (question.outcome or "").partition(":")
    if told not in ("answered", "several"):
        return Outcome.UNANSWERED, ()
    picks = [question.options[int(number) - 1].pick for number in numbers.split(",")]
    pick = picks[0]
    if "items" not in pick:
        return (Outcome.OFFICE if pick.get("office") else Outcome.NOT_RIGHT), ()
    picked = [*read.get("before", ()), *(item for one in picks for item in one["items"])]
    more = pick.get("rest") or read.get("left") or any(item["kind"] == Kind.UNCLEAR for item in picked)
    return (Outcome.PARTLY if more else Outcome.CHOSEN), picked


def _numbered(item: Mapping[str, Any], numbers: Mapping[int, int]) -> dict[str, Any]:
    slots = {name: item.get(name) for name in ("percent", "due", "document")}
    return {"task": numbers.get(item.get("task") or 0), "kind": item["kind"], **slots}


def _successors(question: OpenQuestion, read: Mapping[str, Any]) -> Iterable[str]:
    yield from read.get("successors", ())
    offered = [item for option in question.options for part in ("items", "rest") for item in option.pick.get(part, ())]
    for item in (*read.get("before", ()), *offered):
        if item.get("successor"):
            yield item["successor"]


def settled_from(line: Mapping[str, Any]) -> Settled:
    """A line of the export. Raises ValueError or TypeError where it is none."""
    lang = line.get("lang")
    if not isinstance(lang, str):
        raise TypeError("lang must be a string")
    return Settled(
        given_from(line), lang, _items(line, "understood"), Outcome(str(line.get("outcome"))), _items(line, "chosen")
    )


def _items(line: Mapping[str, Any], name: str) -> tuple[Item, ...]:
    given = line.get(name)
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise TypeError(f"{name} must be a list of JSON objects")
    return tuple(_item(item) for item in given)


def _item(given: Mapping[str, Any]) -> Item:
    task, percent, due, document = (given.get(name) for name in ("task", "percent", "due", "document"))
    numbers = all(one is None or (isinstance(one, int) and not isinstance(one, bool)) for one in (task, percent))
    if not numbers or not isinstance(due, str | None) or not isinstance(document, str | None):
        raise TypeError("task and percent of an item must be whole numbers, due and document strings")
    return Item(task, Kind(str(given.get("kind"))), percent, date.fromisoformat(due) if due else None, document)
