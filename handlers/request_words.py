"""One request to the office in words: its number, what is asked, by whom, since when, and as it was typed."""

from __future__ import annotations

from datetime import date

from bot.conversation import Request, RequestKind
from bot.messages import Text, lines, text
from bot.tasks import Assignment


def request_words(request: Request, one: Assignment | None) -> Text:
    """The line of a request, and under it the words of who asks. Who has left has neither name nor words any more."""
    unit = one.unit_name if one else (request.unit.name if request.unit else "")
    name = request.person_name or text("source.left")
    known = {"number": str(request.number), "unit": unit, "name": name}
    if request.kind is RequestKind.EXTENSION and one is not None:
        head = extension_words(str(request.number), one, request.due, name)
    else:
        task = text("request.about", code=one.task.code, title=one.task.title) if one else ""
        successor = request.payload.get("successor")
        to = text("request.successor", name=successor) if successor else ""
        head = text(f"request.{request.kind}", **known, task=task, successor=to)
    quoted = text("request.quoted", said=request.text) if request.text else None
    return lines(head, quoted, text("request.since", name=name, at=request.asked_at))


def extension_words(number: str, one: Assignment, asked: date | None, name: str | Text) -> Text:
    """A later deadline asked for, from the one in force."""
    return text(
        "request.extension",
        number=number,
        name=name,
        unit=one.unit_name,
        code=one.task.code,
        title=one.task.title,
        old=one.due.on if one.due else text("request.no_due"),
        due=asked if asked is not None else text("request.no_day"),
    )
