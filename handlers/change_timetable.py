"""A change of the office's days or of the reminders' pace: shown with what it moves, done once it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.case import Case
from bot.conversation import OpenQuestion, QuestionKind
from bot.effects import Ask, ChangeDays, ChangePolicy, Effect, Offer, Say
from bot.messages import Choice, LetterKind, Outgoing, Text, Value, lines, text
from handlers.office_decision import answered, office_seat
from handlers.timetable_words import day_words, moved_words, pace_changed
from scheduler.policy import BrokenPolicy
from scheduler.replanning import Moves, Pace, moves, pace, with_days, with_policy

#: A change as a question keeps it: {"days": {"2026-01-02": false}} or {"policy": {…}}, and what was there before.
Change = Mapping[str, Any]


def propose(case: Case, change: Change, says: Text, *, always: bool = False) -> Sequence[Effect]:
    """Ask before reminders move; where none does, it holds at once, unless it is `always` to be seen first."""
    moved = _moves(case, change)
    if not moved.any and not always:
        return [answered(case, lines(text("timetable.done"), says, moved_words(moved))), _effect(case, change)]
    offers = (
        Offer(text("timetable.apply"), {"change": change}),
        Offer(text("timetable.keep"), {"change": None}),
    )
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    choices = tuple(Choice(offer.label, str(number)) for number, offer in enumerate(offers, 1))
    question = lines(text("timetable.ask"), says, moved_words(moved), *listed, text("option.how"))
    return [
        Say(Outgoing(case.person.id, question, once="", kind=LetterKind.QUESTION, choices=choices)),
        Ask(case.person.id, QuestionKind.TIMETABLE, offers, {"was": _was(case, change)}),
    ]


def confirmed(case: Case, question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    """The clerk has seen what it moves; what others changed meanwhile, and days that are over, stay."""
    change = chosen["change"]
    if change is None:
        return [answered(case, text("timetable.kept"))]
    if _was(case, change) != question.payload["was"]:
        return [answered(case, text("timetable.overtaken"))]
    if over := [day for day in _days(change) if day < case.today]:
        return [answered(case, lines(*(text("days.past", day=day) for day in over), text("days.nothing")))]
    moved = _moves(case, change)
    back = text("days.how_back" if "days" in change else "pace.how_back")
    says = lines(text("timetable.done"), *_changed_words(case, change), moved_words(moved), back)
    return [answered(case, says), _effect(case, change)]


def _changed_words(case: Case, change: Change) -> Iterator[Value]:
    if "policy" in change:
        yield from pace_changed(_was(case, change), change["policy"])
        return
    for day, works in _days(change).items():
        yield day_words(case, day, works)


def _was(case: Case, change: Change) -> Any:
    """What the change puts something else in place of, as JSON keeps it."""
    if "policy" in change:
        return case.book.people.province().settings.get("policy") or {}
    own = case.book.timetable.own_days()
    return {day: own.get(date.fromisoformat(day)) for day in change["days"]}


def _moves(case: Case, change: Change) -> Moves:
    return moves(case.book, _pace(case, change), case.now, list(_days(change)))


def _pace(case: Case, change: Change) -> Pace:
    now = pace(case.book)
    return with_policy(now, change["policy"]) if "policy" in change else with_days(now, _days(change))


def _days(change: Change) -> dict[date, bool | None]:
    return {date.fromisoformat(day): works for day, works in change.get("days", {}).items()}


def _effect(case: Case, change: Change) -> Effect:
    seat_id = office_seat(case)
    return ChangePolicy(change["policy"], seat_id) if "policy" in change else ChangeDays(_days(change), seat_id)


def follows(case: Case, policy: Mapping[str, Any]) -> bool:
    """Whether this policy can be followed."""
    try:
        with_policy(pace(case.book), policy)
    except BrokenPolicy:
        return False
    return True
