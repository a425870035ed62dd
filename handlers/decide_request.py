"""The office's word on a numbered request: granted, refused with a reason, or answered; told to who asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.case import Case
from bot.conversation import Request, RequestKind, Verdict
from bot.effects import Effect, Say, SettleRequest, TakeStep
from bot.messages import Outgoing, Text, lines, text
from bot.tasks import Assignment, Due, StepKind, refusal
from handlers import seat_request_decided
from handlers.office_decision import answered, office_seat, step_of_office
from handlers.unit_letters import tell_units, working_moment

#: An answer to somebody who asked so short a time ago is part of a talk and waits for no working hours.
_TALK = timedelta(hours=1)

_Decided = tuple[Text, Sequence[Effect]]


def grant(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """One or several by their numbers; an extension until the date asked for, or the one given here."""
    day = read_day(slots["date"], case.today) if "date" in slots else None
    if "date" in slots and day is None:
        return [answered(case, text("decide.no_such_day", typed=slots["date"]))]
    return _each(case, slots, lambda request: _granted(case, request, day))


def grant_extensions(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Every extension that waits, each until the date it asks for."""
    waiting = case.book.talks.open_requests(RequestKind.EXTENSION)
    if not waiting:
        return [answered(case, text("decide.no_extensions"))]
    return _all(case, [_granted(case, request, None) for request in waiting])


def refuse(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Refused, with the reason that the asker reads."""
    reason = slots.get("text", "").strip()
    typed = slots.get("numbers", "")
    if reason and re.search(r"\d\s+#?\d", typed):
        return [answered(case, text("meant.commas"))]
    return _each(case, slots, lambda request: _refused(case, request, reason))


def answer(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """The office's answer in its own words goes to who asked, with the question."""
    return _each(case, slots, lambda request: _answered(case, request, slots["text"].strip()))


def read_day(typed: str, today: date) -> date | None:
    """A day as 24/9 or 24/9/2025; without a year the one that is nearest ahead. None where there is no such day."""
    parts = [int(part) for part in re.findall(r"\d+", typed)]
    years = parts[2:] or [today.year, today.year + 1]
    days = [day for year in years if (day := _day(year, *parts[1::-1])) is not None]
    return next((day for day in days if parts[2:] or (today - day).days <= 180), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _each(case: Case, slots: Mapping[str, str], decide: Callable[[Request], _Decided]) -> Sequence[Effect]:
    typed = slots.get("numbers") or slots.get("number", "")
    done: list[_Decided] = []
    for number in dict.fromkeys(int(part) for part in re.findall(r"\d+", typed)):
        request = case.book.talks.request(number)
        if request is None:
            done.append((text("decide.unknown", number=str(number)), ()))
        elif request.settled_at is not None:
            done.append((_settled(request), ()))
        else:
            done.append(decide(request))
    return _all(case, done)


def _all(case: Case, done: Sequence[_Decided]) -> Sequence[Effect]:
    effects = [effect for _, wanted in done for effect in wanted]
    return [answered(case, lines(*(says for says, _ in done))), *effects]


def _settled(request: Request) -> Text:
    # To the office it is the same whether the unit withdrew a request or a newer one took its place.
    ended = Verdict.WITHDRAWN if request.verdict is Verdict.LAPSED else request.verdict
    verdict = text(f"decide.verdict.{ended}")
    return text("decide.settled", number=str(request.number), verdict=verdict, at=request.settled_at)


def _granted(case: Case, request: Request, day: date | None) -> _Decided:
    number = str(request.number)
    if day is not None and request.kind is not RequestKind.EXTENSION:
        return text("decide.no_date_wanted", number=number), ()
    if request.kind in (RequestKind.QUESTION, RequestKind.NOT_OURS):
        return _answer_in_words(request, text(f"decide.answer_{request.kind}", number=number)), ()
    if request.kind in _SEATS:
        return _SEATS[request.kind](case, request)
    one = case.book.assignments.get(request.assignment_id or 0)
    if one is None:
        return text("decide.unknown", number=number), ()
    if request.kind is RequestKind.EXTENSION:
        return _extended(case, request, one, day)
    return _reopened(case, request, one)


_SEATS: Mapping[RequestKind, Callable[[Case, Request], _Decided]] = {
    RequestKind.JOIN: seat_request_decided.let_in,
    RequestKind.HANDOVER: seat_request_decided.hand_over,
}


def _answer_in_words(request: Request, says: Text) -> Text:
    return lines(says, text("request.quoted", said=request.text) if request.text else None)


def _settle(case: Case, request: Request, verdict: Verdict, words: str | None = None) -> SettleRequest:
    return SettleRequest(request.id, verdict, office_seat(case), words)


def _extended(case: Case, request: Request, one: Assignment, day: date | None) -> _Decided:
    number = str(request.number)
    if refusal(one.state, StepKind.EXTEND) is not None:
        closed = text("decide.extension_closed", number=number, code=one.task.code, unit=one.unit_name)
        return closed, [_settle(case, request, Verdict.LAPSED)]
    until = day or request.due
    if until is None:
        return text("decide.extension_which_day", number=number), ()
    if until < case.today or (one.due is not None and until <= one.due.on):
        return text("decide.extension_not_later", number=number, until=until, due=one.due.on if one.due else None), ()
    old = one.due.on if one.due else None
    due = Due(until)
    step = replace(step_of_office(case, one, StepKind.EXTEND), due=due)
    extended = replace(one, state=replace(one.state, due=due))
    told = tell_units(
        case,
        [extended],
        lambda _: text("decide.extension_letter", title=one.task.title, unit=one.unit_name, old=old, due=until),
        also=request.person_id,
        at_once=_in_talk(case, request),
    )
    says = text(
        "decide.extension_granted",
        number=number,
        unit=one.unit_name,
        code=one.task.code,
        title=one.task.title,
        old=old,
        due=until,
    )
    other = None
    if request.due is not None and until != request.due:
        other = text("decide.extension_other_day", asked=request.due)
    effects: list[Effect] = [TakeStep(one.id, step), _settle(case, request, Verdict.GRANTED), *told.letters]
    return lines(says, other, told.words()), effects


def _reopened(case: Case, request: Request, one: Assignment) -> _Decided:
    number = str(request.number)
    if refusal(one.state, StepKind.REOPEN) is not None:
        open_already = text("decide.reopened_before", number=number, code=one.task.code, unit=one.unit_name)
        return open_already, [_settle(case, request, Verdict.LAPSED)]
    step = step_of_office(case, one, StepKind.REOPEN, note=request.text)
    told = tell_units(
        case,
        [one],
        lambda _: text("decide.reopened_letter", title=one.task.title, unit=one.unit_name),
        also=request.person_id,
        at_once=_in_talk(case, request),
    )
    says = text("decide.reopened", number=number, code=one.task.code, unit=one.unit_name)
    effects: list[Effect] = [TakeStep(one.id, step), _settle(case, request, Verdict.GRANTED), *told.letters]
    return lines(says, told.words()), effects


def _refused(case: Case, request: Request, reason: str) -> _Decided:
    number = str(request.number)
    if request.kind is RequestKind.QUESTION:
        return _answer_in_words(request, text("decide.answer_question", number=number)), ()
    if not reason:
        return text("decide.reason", number=number), ()
    if request.kind is RequestKind.JOIN:
        return seat_request_decided.keep_out(case, request, reason)
    settled = _settle(case, request, Verdict.REFUSED, reason)
    one = case.book.assignments.get(request.assignment_id or 0)
    says = text("decide.refused", number=number, name=request.person_name, reason=reason)
    if request.kind is RequestKind.EXTENSION and one is not None:
        told = tell_units(
            case,
            [one],
            lambda _: text(
                "decide.extension_refused",
                title=one.task.title,
                unit=one.unit_name,
                reason=reason,
                due=one.due.on if one.due else None,
            ),
            also=request.person_id,
            at_once=_in_talk(case, request),
        )
        return lines(says, told.words()), [settled, *told.letters]
    return says, [settled, *_to_asker(case, request, text(f"decide.{request.kind}_refused", reason=reason))]


def _answered(case: Case, request: Request, words: str) -> _Decided:
    number = str(request.number)
    if request.kind not in (RequestKind.QUESTION, RequestKind.NOT_OURS):
        return text("decide.wants_decision", number=number, words=words), ()
    settled = _settle(case, request, Verdict.ANSWERED, words)
    letters = _to_asker(case, request, text("decide.answer_letter", question=request.text or "", answer=words))
    if not letters:
        return text("decide.asker_left", number=number), [settled]
    return text("decide.answer_sent", number=number, name=request.person_name), [settled, *letters]


def _to_asker(case: Case, request: Request, says: Text) -> list[Say]:
    if case.book.people.person(request.person_id) is None:
        return []
    talks = _in_talk(case, request)
    later = working_moment(case, at_once=talks)
    about = request.assignment_id
    return [Say(Outgoing(request.person_id, says, once="", about=about, not_before=later, awaited=talks))]


def _in_talk(case: Case, request: Request) -> bool:
    return case.now - request.asked_at <= _TALK
