"""`nhacviec parse`: JSON Lines of replies in, JSON Lines of readings out; nothing is stored or sent."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.reading.meaning import Given, Item, OpenTask, Reading
from bot.reading.reader import read

#: So much of a wrong value is shown.
_LONGEST_SHOWN = 40


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
        raise _wrong(given, "text", "a string")
    tasks = given.get("tasks", [])
    if not isinstance(tasks, list):
        raise _wrong(given, "tasks", "a list of JSON objects")
    open_tasks = tuple(_task(task, f"tasks[{place}]") for place, task in enumerate(tasks))
    twice = [task.id for place, task in enumerate(open_tasks) if task.id in {one.id for one in open_tasks[:place]}]
    if twice:
        raise ValueError(f"tasks: id {twice[0]} is given twice, each task needs an id of its own")
    today = _day(given, "today")
    if today is None:
        raise _wrong(given, "today", "a date such as 2025-09-15")
    return Given(text, today, open_tasks, _number(given, "reply_to"))


def _task(given: object, name: str) -> OpenTask:
    if not isinstance(given, dict):
        raise TypeError(f"{name} must be a JSON object, not {_shown(given)}")
    number = _number(given, "id", f"{name}.")
    if number is None:
        raise _wrong(given, "id", "a whole number", f"{name}.")
    title = _words(given, "title", f"{name}.")
    return OpenTask(
        number, title or "", _words(given, "resolution", f"{name}.") or None, _day(given, "due", f"{name}.")
    )


def _wrong(given: Mapping[str, Any], name: str, wanted: str, within: str = "") -> TypeError:
    """Which field it is, what belongs there, and what was found."""
    found = f", not {_shown(given[name])}" if name in given else " (it is missing)"
    return TypeError(f"{within}{name} must be {wanted}{found}")


def _shown(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False)
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"


def _number(given: Mapping[str, Any], name: str, within: str = "") -> int | None:
    value = given.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise _wrong(given, name, "a whole number" if within else "a whole number or null", within)


def _words(given: Mapping[str, Any], name: str, within: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise _wrong(given, name, "a string", within)
    return value


def _day(given: Mapping[str, Any], name: str, within: str = "") -> date | None:
    """A date, or the date of a moment; nothing where there is none."""
    value = given.get(name)
    if value is None or value == "":
        return None
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        raise _wrong(given, name, "a date such as 2025-09-15", within) from None


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
    if isinstance(problem, json.JSONDecodeError):
        return f"this line is not JSON: {problem.msg} at character {problem.pos + 1}"
    return "this line is not JSON: it is no UTF-8" if isinstance(problem, UnicodeDecodeError) else str(problem)
