"""`nhacviec parse`: JSON Lines of replies in, JSON Lines of readings out; nothing is stored or sent."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.reading.meaning import Given, Item, OpenTask, Reading
from bot.reading.reader import read


def parse_lines(lines: Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    """One output line for each input line, and whether the input was valid."""
    for line in lines:
        try:
            given = given_from(object_in(line))
            reading = read(given.text, given.today, given.tasks, given.reply_to)
        except (ValueError, TypeError, RecursionError) as problem:
            yield json.dumps({"error": told(problem)}, ensure_ascii=False), False
        else:
            yield json.dumps(_printed(reading), ensure_ascii=False), True


def object_in(line: bytes) -> dict[str, Any]:
    given = json.loads(line.decode("utf-8-sig"), parse_constant=_refused)
    if not isinstance(given, dict):
        raise TypeError("a line must be a JSON object")
    return given


def given_from(given: Mapping[str, Any]) -> Given:
    text = given.get("text")
    if not isinstance(text, str):
        raise TypeError("text must be a string")
    tasks = given.get("tasks", [])
    if not isinstance(tasks, list):
        raise TypeError("tasks must be a list")
    open_tasks = tuple(_task(task) for task in tasks)
    return Given(text, _today(given.get("today")), open_tasks, _number(given.get("reply_to"), "reply_to"))


def _task(given: object) -> OpenTask:
    if not isinstance(given, dict):
        raise TypeError("a task must be a JSON object")
    number = _number(given.get("id"), "id of a task")
    title, resolution, due = given.get("title", ""), given.get("resolution"), given.get("due")
    if number is None:
        raise TypeError("a task needs an id")
    if not isinstance(title, str) or not isinstance(resolution, str | None) or not isinstance(due, str | None):
        raise TypeError("title, resolution and due of a task must be strings")
    return OpenTask(number, title, resolution or None, _civil_date(due) if due else None)


def _number(value: object, name: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{name} must be a whole number or null")


def _today(value: object) -> date:
    if not isinstance(value, str):
        raise TypeError("today must be a date such as 2025-09-15")
    return _civil_date(value)


def _civil_date(value: str) -> date:
    """A date, or the date of a moment."""
    return datetime.fromisoformat(value).date()


def _refused(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _printed(reading: Reading) -> dict[str, Any]:
    return {"items": [printed(item) for item in reading.items], "certain": reading.certain, "lang": reading.lang}


def printed(item: Item) -> dict[str, Any]:
    """What the contract tells of an item; what chat keeps beside it stays out."""
    return {
        "task": item.task,
        "kind": item.kind.value,
        "percent": item.percent,
        "due": item.due.isoformat() if item.due else None,
        "document": item.document,
    }


def told(problem: Exception) -> str:
    return "this line is not JSON" if isinstance(problem, json.JSONDecodeError | UnicodeDecodeError) else str(problem)
