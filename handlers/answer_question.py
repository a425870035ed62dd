"""The open question is answered: the whole text is one of its numbers or labels, and nothing else is taken for that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.case import Case
from bot.command_words import fold
from bot.conversation import OpenQuestion, QuestionKind, RequestKind
from bot.effects import CloseQuestion, Effect, Say
from bot.messages import LetterKind, Outgoing, text
from bot.phrases import says_only
from bot.reading.meaning import Item, Kind
from bot.reading.settled import partly
from handlers import (
    ask_office,
    ask_reading,
    asked_again,
    change_timetable,
    register,
    report_for_unit,
    report_status,
    take_evidence,
    undo,
    withdraw_request,
)

_NUMBER = re.compile(r"(?:chon|so|pick|option)?\s*#?(\d{1,2})\s*[.)]?(?:\s+(?:thoi|only))?(?:\s+a)?")
#: "Việc 2", "cái số 1 thôi ạ": a task by its number, where tasks are what was offered.
_TASK_NUMBER = re.compile(
    r"(?:la\s+)?(?:cai|viec|nhiem vu|nv|task)\s*(?:so\s*)?#?(\d{1,2})\s*[.)]?(?:\s+(?:thoi|only))?(?:\s+a)?"
)
#: "1, 2", "1 2", "số 1 và số 2 ạ".
_NUMBERS = re.compile(
    r"(?:chon|pick)?\s*(?:so|viec)?\s*#?\d{1,2}"
    r"(?:(?:\s?[,;+&]\s?|\s(?:va|voi|and)\s|\s)(?:(?:so|viec)\s)?#?\d{1,2})+\s?[.)]?(?:\s+a)?"
)
#: What was offered, all of it, by how many it says that is ("cả hai"); None says nothing of that.
_ALL = re.compile(
    r"(?:tat ca|toan bo|het|het ca|moi viec|ca|all|everything|both|all of them)"
    r"(?:\s(?P<many>\d{1,2}|hai|ba|bon|nam|sau|bay|tam|chin))?(?:\s(?:cac\s)?(?:viec|nhiem vu))?(?:\s+a)?"
)
_WORDS_OF_NUMBERS = ("hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
#: "Dạ đồng ý ạ" is the label with courtesy around it.
_COURTEOUS = re.compile(r"(?:(?:da|vang)\s+)*(.+?)(?:\s+a)?")


def pick(case: Case) -> Sequence[Effect] | None:
    """The effects of an answer; None where this text is no answer to what was asked."""
    question = case.question
    if case.incoming.button and _NUMBER.fullmatch(case.text) and not _pressed_on(case, question):
        return [Say(Outgoing(case.person.id, text("question.settled"), once=""))]
    if question is None or question.closed_at is not None:
        return None
    chosen = _chosen(case.text, question)
    chosen = _task_named(case, question) if chosen is None else chosen
    several = _several_chosen(case.text, question) if chosen is None else ()
    if chosen is None and not several:
        return _not_offered(case, question)
    return _settled(case, question, chosen, several)


def _not_offered(case: Case, question: OpenQuestion) -> Sequence[Effect] | None:
    """A bare number that is none of those offered: what was said stays open, and which there are is told."""
    if question.kind is not QuestionKind.READING or case.now >= question.expires_at:
        return None
    plain = _plain(case.text)
    if not (_NUMBER.fullmatch(plain) or _NUMBERS.fullmatch(plain)) or asked_again.out_of_sight(case, question):
        return None
    only = text("ask.only_numbers", last=len(question.options))
    return [Say(Outgoing(case.person.id, only, once="", kind=LetterKind.QUESTION))]


def _settled(case: Case, question: OpenQuestion, chosen: int | None, several: Sequence[int]) -> Sequence[Effect]:
    """What was chosen, one or several, where the question still holds and is what these words answer."""
    if case.now >= question.expires_at or _all_closed(case, question):
        late = Say(Outgoing(case.person.id, text("question.expired"), once=""))
        return [CloseQuestion(question.id, "expired"), late]
    if _by_its_words(case.text, question) is None and asked_again.out_of_sight(case, question):
        return asked_again.again(case, question)
    if chosen is None:
        return _several(case, question, several)
    answered = CloseQuestion(question.id, f"answered:{chosen + 1}")
    return [answered, *_ANSWERS[question.kind](case, question, question.options[chosen].pick)]


def _several(case: Case, question: OpenQuestion, chosen: Sequence[int]) -> Sequence[Effect]:
    """Several tasks at once, where tasks were offered; elsewhere one number is asked for, and the question stays."""
    picked = [question.options[place].pick.get("items", ()) for place in chosen]
    items = [item for part in picked for item in part]
    if question.kind is not QuestionKind.READING or not _of_different_tasks(picked):
        one = text("ask.one_number", last=len(question.options))
        return [Say(Outgoing(case.person.id, one, once="", kind=LetterKind.QUESTION))]
    answered = CloseQuestion(question.id, "several:" + ",".join(str(place + 1) for place in chosen))
    return [answered, *_reading(case, question, {"items": items})]


def _of_different_tasks(picked: Sequence[Sequence[Mapping[str, Any]]]) -> bool:
    tasks = [part[0].get("task") if len(part) == 1 else None for part in picked]
    return None not in tasks and len(set(tasks)) == len(tasks)


def _several_chosen(typed: str, question: OpenQuestion) -> Sequence[int]:
    """The places of several options; nothing where these words name none, or one that was not offered."""
    if question.kind not in (QuestionKind.READING, QuestionKind.EVIDENCE):
        return ()
    plain = _plain(typed)
    courteous = _COURTEOUS.fullmatch(plain)
    plain = courteous.group(1) if courteous else plain
    if _NUMBERS.fullmatch(plain):
        places = [int(number) - 1 for number in dict.fromkeys(re.findall(r"\d+", plain))]
        return places if all(0 <= place < len(question.options) for place in places) else ()
    every = _ALL.fullmatch(plain)
    tasks = [
        place for place, option in enumerate(question.options) if _of_different_tasks([option.pick.get("items", ())])
    ]
    return tasks if every and len(tasks) > 1 and _as_many(every, len(tasks)) else ()


def _as_many(every: re.Match[str], offered: int) -> bool:
    """Whether "cả hai" speaks of as many as were offered; "cả" alone is too little said to be all."""
    if every[0].startswith("both"):
        return offered == 2
    many = every["many"]
    if many is None:
        return not re.fullmatch(r"ca(?:\s+a)?", every[0])
    return offered == (int(many) if many.isdecimal() else _WORDS_OF_NUMBERS.index(many) + 2)


def _pressed_on(case: Case, question: OpenQuestion | None) -> bool:
    """Whether the pressed button belongs to the question that is open now."""
    number = (case.incoming.button or "").partition(":")[0]
    return question is not None and question.closed_at is None and str(question.payload.get("listing")) == number


def _by_its_words(typed: str, question: OpenQuestion) -> int | None:
    plain = _plain(typed)
    labels = [_plain(option.label) for option in question.options]
    courteous = _COURTEOUS.fullmatch(plain)
    for words in (plain, courteous.group(1) if courteous else plain):
        if words in labels:
            return labels.index(words)
    return None


def _chosen(typed: str, question: OpenQuestion) -> int | None:
    by_words = _by_its_words(typed, question)
    if by_words is not None:
        return by_words
    found = _NUMBER.fullmatch(_plain(typed))
    number = int(found.group(1)) if found else 0
    if 1 <= number <= len(question.options):
        return number - 1
    return _yes_or_no(typed) if question.kind is QuestionKind.TIMETABLE else None


def _yes_or_no(typed: str) -> int | None:
    """The first option or the second; neither where it may be both ("dung" is "đúng" as well as "đừng")."""
    whole = " ".join(unicodedata.normalize("NFC", typed).split()).strip(" .!")
    courteous = _COURTEOUS.fullmatch(fold(whole))
    words = whole[slice(*courteous.span(1))] if courteous else whole
    yes, no = says_only(words, "yes"), says_only(words, "no")
    return None if yes is no else int(no)


def _task_named(case: Case, question: OpenQuestion) -> int | None:
    """Where tasks were offered: the one whose number, or a few words of whose title, are all that is said."""
    offered = {
        place: option.pick["items"][0]["task"]
        for place, option in enumerate(question.options)
        if question.kind is QuestionKind.READING and _of_different_tasks([option.pick.get("items", ())])
    }
    plain = _plain(case.text)
    by_number = _TASK_NUMBER.fullmatch(plain)
    if by_number:
        meant = case.numbered(int(by_number.group(1)))
        found = [place for place, task in offered.items() if task == meant]
    else:
        words = len(plain.split()) > 1
        found = [place for place in offered if words and f" {plain} " in f" {_plain(question.options[place].label)} "]
    return found[0] if len(offered) > 1 and len(found) == 1 and len(set(offered.values())) == len(offered) else None


def _plain(words: str) -> str:
    return " ".join(fold(words).split()).strip(" .!")


def _all_closed(case: Case, question: OpenQuestion) -> bool:
    about = case.book.assignments.many(question.about)
    return bool(about) and not any(one.state.status.open for one in about)


def _consent(case: Case, _question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    return register.agree(case, {}) if chosen["agree"] else register.refuse(case, {})


def _said_before(origin: report_status.Origin, items: Sequence[Item]) -> bool:
    """'Xong rồi', asked which task: the state was said by then, and words in time stay in time."""
    understood = {item["kind"] for item in (origin.read or {}).get("understood", ())}
    return Kind.UNCLEAR not in understood and {item.kind for item in items} <= understood


def _reading(case: Case, question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    if "items" not in chosen:
        return _no_reading(case, question, chosen)
    origin = report_status.Origin.kept(question.payload)
    items = tuple(ask_reading.item_from(plain) for plain in chosen["items"])
    if not _said_before(origin, items):
        # What was in doubt is said with the choice: that moment counts, not that of the words that left it open.
        origin = replace(origin, at=case.incoming.at, by_tap=bool(case.incoming.button))
    rest = tuple(ask_reading.item_from(plain) for plain in chosen.get("rest", ()))
    unsettled = any(item.kind is Kind.UNCLEAR for item in items)
    # What goes to the office are the words that were asked about, not the digit that settled them.
    meant = replace(case, text=origin.words, said_id=origin.said_id)
    if unsettled and len(items) > 1:
        return ask_reading.which_state(meant, items, origin.plain())
    settled = report_status.settle(meant, items, certain=not unsettled, origin=origin)
    if not rest:
        return settled
    read = partly(origin.read, chosen["items"], len(rest) - 1) if origin.read else None
    return [*settled, *ask_reading.ask(case, rest[:1], replace(origin, read=read).plain())]


def _no_reading(case: Case, question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    """None of the readings was meant: something goes back, the office is to see it, or it is said again."""
    if chosen.get("take_back"):
        return undo.take_back(replace(case, question=None), {})
    if chosen.get("withdraw"):
        return withdraw_request.picked(case, chosen)
    if chosen.get("unguessed"):
        origin = report_status.Origin.kept(question.payload)
        meant = replace(case, text=origin.words, said_id=origin.said_id)
        return ask_reading.which_task(meant, ask_reading.item_from(chosen["unguessed"]), origin.plain())
    if chosen.get("office"):
        about = case.book.assignments.get(question.about[0]) if len(question.about) == 1 else None
        said = report_status.Origin.kept(question.payload)
        return ask_office.to_office(case, RequestKind.QUESTION, about, said=(said.said_id, said.words))
    return [Say(Outgoing(case.person.id, text("ask.say_again"), once=""))]


def _extension_date(case: Case, question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    due, reason = date.fromisoformat(chosen["due"]), question.payload.get("reason")
    asked = Item(question.payload["assignment"], Kind.EXTENSION, due=due, reason=reason)
    origin = report_status.Origin.kept(question.payload)
    return report_status.settle(case, (asked,), certain=True, origin=origin)


def _withdrawal(case: Case, _question: OpenQuestion, chosen: Mapping[str, Any]) -> Sequence[Effect]:
    return withdraw_request.picked(case, chosen)


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
    QuestionKind.WITHDRAWAL: _withdrawal,
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
