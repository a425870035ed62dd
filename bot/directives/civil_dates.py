"""Dates and deadlines as cells of a list hold them: whole dates only. Sentences with half dates are for a person."""

from __future__ import annotations

import re
from datetime import date, time

from bot.messages import Text, text
from bot.tasks import Due

_DATE = re.compile(r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\5\s*(\d{4}))(?!\d)")
_HOUR = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s*(?:h|giờ)\s*(\d{2}(?!\s*(?:h|giờ)\b))?|:(\d{2})(?::00)?)(?!\d)"  # "17h 18h" are two hours
)


def read_date(cell: str, wrong: list[Text]) -> date | None:
    """A cell that is one whole date, or empty."""
    found = _DATE.fullmatch(cell)
    day = _day(found) if found else None
    if cell and day is None:
        wrong.append(text("import.bad_date", cell=cell[:40]))
    return day


def read_due(cell: str, wrong: list[Text]) -> tuple[Due | None, str | None]:
    """(deadline, words): one whole date, an hour if given, words around them kept; words alone are no deadline."""
    if not re.search(r"\d", cell):
        return None, cell or None
    found = _DATE.search(cell)
    rest = cell[: found.start()] + " " + cell[found.end() :] if found else cell
    hour = _HOUR.search(rest)
    rest = rest[: hour.start()] + rest[hour.end() :] if hour else rest
    day = _day(found) if found else None
    at = _time(hour) if hour else None
    if day is None or (hour and at is None) or re.search(r"\d", rest):
        wrong.append(text("import.bad_date", cell=cell[:40]))
        return None, None
    return Due(day, at), cell if re.search(r"[^\W\d_]{2}", rest) else None


def _day(found: re.Match[str]) -> date | None:
    numbers = found.group(1, 2, 3) if found[1] else found.group(7, 6, 4)
    try:
        day = date(*map(int, numbers))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _time(found: re.Match[str]) -> time | None:
    try:
        return time(int(found[1]), int(found[2] or found[3] or 0))
    except ValueError:
        return None
