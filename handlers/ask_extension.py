"""A later deadline is asked for: a request with a reason, decided by the office; the clock runs on until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.case import Case
from bot.conversation import QuestionKind, RequestKind, Verdict
from bot.effects import Ask, Effect, Offer, RaiseRequest, SettleRequest
from bot.listing import short
from bot.messages import Text, lines, text
from bot.reading import OpenTask, read
from bot.reading.meaning import Item, Kind
from bot.tasks import Assignment, extension_refusal
from handlers import ask_office

#: The later dates offered where none was named, in working days after the present deadline (or today, where past).
_OFFERED = (2, 5, 10)


def refused_anyway(case: Case, items: Sequence[Item]) -> bool:
    """Whether this is one request that the rules refuse, however sure its reading is: there is nothing to confirm."""
    if len(items) != 1 or items[0].kind is not Kind.EXTENSION or items[0].task is None:
        return False
    one = case.book.assignments.get(items[0].task)
    return one is not None and extension_refusal(one.state, items[0].due, case.today) is not None


def request(
    case: Case, one: Assignment, item: Item, number: int, origin: Mapping[str, Any], *, may_ask: bool = True
) -> tuple[Text, Sequence[Effect]]:
    """What to answer, and what is done: the request goes to the office, or the date is asked for first.

    `origin` is the message it was asked in; only one question can be open, so of several one asks (`may_ask`).
    """
    why = extension_refusal(one.state, item.due, case.today)
    title = short(one.task.title)
    if why is not None and why != "not_later":
        return text(f"refused.{why}", title=title), ()
    if why is not None or item.due is None:
        if not may_ask:
            return text("extension.say_date", title=title), ()
        due = one.due.on if one.due else None
        says = text("refused.not_later", title=title, due=due) if why else text("extension.which_date", title=title)
        return _ask_date(case, one, {**origin, "reason": item.reason}, says)
    earlier = case.book.talks.open_requests(RequestKind.EXTENSION, one.id)
    seat = case.person.seat_for(one.unit_id)
    replaced = [SettleRequest(old.id, Verdict.LAPSED, seat.id if seat else None) for old in earlier]
    old = one.due.on if one.due else None
    payload = {"from": old.isoformat() if old else None, "reason": item.reason}
    raised = RaiseRequest(
        number, RequestKind.EXTENSION, case.person.id, one.unit_id, one.id, item.due, payload, origin["said"]
    )
    says = _for_office(case, one, item, str(number), origin["text"])
    told = ask_office.tell_office(case, number, says, accept=True)
    answer = text("extension.sent", title=title, due=item.due, old=old)
    return answer, [*replaced, raised, *told]


def _for_office(case: Case, one: Assignment, item: Item, number: str, said: str) -> Text:
    percent = item.percent if item.percent is not None else one.state.percent
    asked = text(
        "clerk.extension",
        number=number,
        unit=one.unit_name,
        name=case.person.name,
        code=one.task.code,
        title=one.task.title,
        old=one.due.on if one.due else None,
        due=item.due,
        percent=text("receipt.percent", percent=percent) if percent is not None else text(f"state.{one.state.status}"),
    )
    return lines(asked, text("clerk.in_words", said=said), text("clerk.how_to_decide", number=number))


def _ask_date(case: Case, one: Assignment, origin: Mapping[str, Any], says: Text) -> tuple[Text, Sequence[Effect]]:
    days = _offered(case, one)
    offers = tuple(Offer(text("extension.to", due=day), {"due": day.isoformat()}) for day in days)
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    payload = {"assignment": one.id, **origin}
    question = Ask(case.person.id, QuestionKind.EXTENSION_DATE, offers, payload, (one.id,))
    return lines(says, *listed, text("extension.or_type")), [question]


def _offered(case: Case, one: Assignment) -> tuple[date, ...]:
    calendar = case.book.people.calendar()
    start = max(one.due.on, case.today) if one.due else case.today
    return tuple(calendar.step(start, days) for days in _OFFERED)


def date_given(case: Case) -> tuple[Item, ...] | None:
    """With the question of the date open, a bare date ("25/9", "thứ sáu") completes the request."""
    question = case.question
    if question is None or question.closed_at is not None or question.kind is not QuestionKind.EXTENSION_DATE:
        return None
    one = case.book.assignments.get(question.payload["assignment"])
    if one is None or case.now >= question.expires_at:
        return None
    asked = OpenTask(one.id, one.task.title, one.task.resolution, one.due.on if one.due else None)
    reading = read(f"xin gia hạn đến {case.text}", case.today, [asked], one.id)
    only = reading.items[0]
    complete = len(reading.items) == 1 and only.kind is Kind.EXTENSION and only.due is not None
    sure = complete and (reading.certain or refused_anyway(case, reading.items))
    return (replace(only, reason=question.payload.get("reason")),) if sure else None
