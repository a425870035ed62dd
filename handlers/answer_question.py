"""The open question is answered: the whole text is one of its numbers or labels, and nothing else is taken for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.case import Case
from bot.conversation import OpenQuestion, QuestionKind, RequestKind
from bot.effects import CloseQuestion, Effect, Say
from bot.messages import Outgoing, text
from bot.phrases import fold
from bot.reading.meaning import Item, Kind
from bot.reading.settled import partly
from handlers import ask_office, ask_reading, change_timetable, register, report_for_unit, report_status, take_evidence

_NUMBER = re.compile(r"(?:chon|so|pick|option)?\s*#?(\d{1,2})\s*[.)]?(?:\s+a)?")
#: "Dạ đồng ý ạ" is the label with courtesy around it.
_COURTEOUS = re.compile(r"(?:(?:da|vang)\s+)*(.+?)(?:\s+a)?")


def pick(case: Case) -> Sequence[Effect] | None:
    """The effects of an answer; None where this text is no answer to what was asked."""
    question = case.question
    if case.incoming.button and _NUMBER.fullmatch(case.text) and not _pressed_on(case, question):
        return [Say(Outgoing(case.person.id, text("question.settled"), once=""))]
    chosen = _chosen(case.text, question) if question is not None else None
    if question is None or chosen is None or question.closed_at is not None:
        return None
    if case.now >= question.expires_at or _all_closed(case, question):
        late = Say(Outgoing(case.person.id, text("question.expired"), once=""))
        return [CloseQuestion(question.id, "expired"), late]
    answered = CloseQuestion(question.id, f"answered:{chosen + 1}")
    return [answered, *_ANSWERS[question.kind](case, question, question.options[chosen].pick)]


def _pressed_on(case: Case, question: OpenQuestion | None) -> bool:
    """Whether the pressed button belongs to the question that is open now."""
    number = (case.incoming.button or "").partition(":")[0]
    return question is not None and question.closed_at is None and str(question.payload.get("listing")) == number


def _chosen(typed: str, question: OpenQuestion) -> int | None:
    plain = _plain(typed)
    labels = [_plain(option.label) for option in question.options]
    courteous = _COURTEOUS.fullmatch(plain)
    for words in (plain, courteous.group(1) if courteous else plain):
        if words in labels:
            return labels.index(words)
    found = _NUMBER.fullmatch(plain)
    number = int(found.group(1)) if found else 0
    return number - 1 if 1 <= number <= len(question.options) else None


def _plain(words: str) -> str:
    return " ".join(fold(words).split()).strip(" .!")


def _all_closed(case: Case, question: OpenQuestion) -> bool:
    about = case.book.assignments.many(question.about)
    return bool(about) and not any(one.state.status.open for one in about)


def _consent(case: Case, _question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    return register.agree(case, {}) if chosen["agree"] else register.refuse(case, {})


def _reading(case: Case, question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    if chosen.get("again"):
        return [Say(Outgoing(case.person.id, text("ask.say_again"), once=""))]
    origin = report_status.Origin.kept(question.payload)
    if chosen.get("office"):
        about = case.book.assignments.get(question.about[0]) if len(question.about) == 1 else None
        return ask_office.to_office(case, RequestKind.QUESTION, about, said=(origin.said_id, origin.words))
    items = tuple(ask_reading.item_from(plain) for plain in chosen["items"])
    rest = tuple(ask_reading.item_from(plain) for plain in chosen.get("rest", ()))
    unsettled = any(item.kind is Kind.UNCLEAR for item in items)
    # What goes to the office are the words that were asked about, not the digit that settled them.
    meant = replace(case, text=origin.words, said_id=origin.said_id)
    settled = report_status.settle(meant, items, certain=not unsettled, origin=origin)
    if not rest:
        return settled
    read = partly(origin.read, chosen["items"], len(rest) - 1) if origin.read else None
    return [*settled, *ask_reading.ask(case, rest[:1], replace(origin, read=read).plain())]


def _extension_date(case: Case, question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    due, reason = date.fromisoformat(chosen["due"]), question.payload.get("reason")
    asked = Item(question.payload["assignment"], Kind.EXTENSION, due=due, reason=reason)
    origin = report_status.Origin.kept(question.payload)
    return report_status.settle(case, (asked,), certain=True, origin=origin)


def _evidence(case: Case, _question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    return take_evidence.attach(case, chosen)


def _unit(case: Case, _question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    return report_for_unit.unit_picked(case, chosen)


_ANSWERS: Mapping[QuestionKind, Callable[[Case, OpenQuestion, Mapping[str, Any]], Sequence[Effect]]] = {
    QuestionKind.CONSENT: _consent,
    QuestionKind.READING: _reading,
    QuestionKind.EXTENSION_DATE: _extension_date,
    QuestionKind.EVIDENCE: _evidence,
    QuestionKind.UNIT: _unit,
    QuestionKind.TIMETABLE: change_timetable.confirmed,
}


def before_consent(case: Case) -> Sequence[Effect]:
    """Before consent a code is heard, and the answer to the notice: at any time, by any notice's button."""
    by_code = register.code_before_consent(case)
    if by_code is not None:
        return by_code
    question = case.question if case.person.seats else None
    chosen = _chosen(case.text, question) if question and question.kind is QuestionKind.CONSENT else None
    if question is None or chosen is None:
        return register.before_consent(case)
    closed = [CloseQuestion(question.id, f"answered:{chosen + 1}")]
    return [*closed, *_consent(case, question, question.options[chosen].pick)]
