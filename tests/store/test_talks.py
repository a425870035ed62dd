"""What is said, asked, listed and requested; and two clerks, or two officers, in the same instant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from bot.conversation import ASKED_AGAIN, QUESTION_LIVES, Option, QuestionKind, RequestKind, Verdict
from bot.messages import Address, LetterKind
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.part import Overtaken
from bot.store.tables import said
from bot.tasks import Step, StepKind
from tests.opened_store import give_task
from tests.store.opening import NOW, begin, claim, join
from tests.store.provinces import in_can_tho

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
YES_NO = (Option("Đồng ý", {"agree": True}), Option("Không", {"agree": False}))


def together(store: Store, *works: Callable[[Book], T]) -> list[T | Overtaken]:
    """Do these in the same instant: on PostgreSQL none goes on before all have begun."""
    many = len(works) if not store.url.startswith("sqlite") else 1
    gate = threading.Barrier(many)

    def run(work: Callable[[Book], T]) -> T | Overtaken:
        met = False

        def inside(book: Book) -> T:
            nonlocal met
            if not met:
                met = True
                gate.wait(10)
            return work(book)

        try:
            return store.write_now(inside)
        except Overtaken as overtaken:
            return overtaken

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_two_clerks_decide_in_the_same_instant(store: Store) -> None:
    """One of them decides; the other is told that it has been decided, and the first word stands."""
    lan = join(store, "Lan", "telegram:1:11")
    raised = store.write_now(lambda book: book.talks.raise_request(1, RequestKind.EXTENSION, lan, NOW))

    def grant(book: Book) -> str:
        book.talks.settle_request(raised, Verdict.GRANTED, None, None, NOW)
        return "granted"

    def refuse(book: Book) -> str:
        book.talks.settle_request(raised, Verdict.REFUSED, None, "muộn quá", NOW)
        return "refused"

    ended = together(store, grant, refuse)
    kept = store.read_now(lambda book: book.talks.request(1))

    assert kept is not None
    assert sum(isinstance(one, Overtaken) for one in ended) == 1
    assert [kept.verdict] == [one for one in ended if isinstance(one, str)]


def test_a_decision_waits_for_one_under_way(store: Store) -> None:
    """Who reads a request in order to decide reads it as the other clerk left it."""
    lan = join(store, "Lan", "telegram:1:11")
    store.write_now(lambda book: book.talks.raise_request(1, RequestKind.QUESTION, lan, NOW))

    def answer(book: Book) -> str:
        asked = book.talks.request(1)
        assert asked is not None
        if asked.settled_at is not None:
            return "settled before"
        book.talks.settle_request(asked.id, Verdict.ANSWERED, None, "hạn 20/9", NOW)
        return "answered"

    assert sorted(map(str, together(store, answer, answer, answer))) == ["answered", "settled before", "settled before"]


def test_numbers_drawn_in_the_same_instant(store: Store) -> None:
    """No two requests bear one number: who drew it second is told to draw again, and the database keeps one."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def ask(person_id: int) -> Callable[[Book], int]:
        def work(book: Book) -> int:
            number = book.talks.next_request_number()
            book.talks.raise_request(number, RequestKind.QUESTION, person_id, NOW)
            return number

        return work

    ended = together(store, ask(lan), ask(minh))
    for overtaken, person_id in zip(ended, (lan, minh), strict=True):
        if isinstance(overtaken, Overtaken):
            store.write_now(ask(person_id))
    waiting = store.read_now(lambda book: book.talks.open_requests())

    assert [one.number for one in waiting] == [1, 2]
    assert {one.person_id for one in waiting} == {lan, minh}


def test_a_request_settled_stays_settled(store: Store) -> None:
    """The office's second word does not overwrite the first."""
    lan = join(store, "Lan", "telegram:1:11")
    raised = store.write_now(lambda book: book.talks.raise_request(1, RequestKind.QUESTION, lan, NOW))
    store.write_now(lambda book: book.talks.settle_request(raised, Verdict.ANSWERED, None, "hạn 20/9", NOW))
    with pytest.raises(Overtaken):
        store.write_now(lambda book: book.talks.settle_request(raised, Verdict.REFUSED, None, None, NOW))
    kept = store.read_now(lambda book: book.talks.request(1))

    assert kept is not None
    assert (kept.verdict, kept.settled_at) == (Verdict.ANSWERED, NOW)


def test_requests_are_found_by_who_and_what(store: Store) -> None:
    """Open ones by kind and assignment; those of one person also when they are settled."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def raise_all(book: Book) -> int:
        book.talks.raise_request(1, RequestKind.QUESTION, lan, NOW)
        book.talks.raise_request(2, RequestKind.EXTENSION, lan, NOW)
        return book.talks.raise_request(3, RequestKind.QUESTION, minh, NOW)

    third = store.write_now(raise_all)
    store.write_now(lambda book: book.talks.settle_request(third, Verdict.ANSWERED, None, "rồi", NOW))

    def numbers(book: Book) -> tuple[list[int], list[int], list[int]]:
        talks = book.talks
        return (
            [one.number for one in talks.open_requests()],
            [one.number for one in talks.open_requests(RequestKind.EXTENSION)],
            [one.number for one in talks.requests_by(minh, RequestKind.QUESTION)],
        )

    assert store.read_now(numbers) == ([1, 2], [2], [3])
    assert store.read_now(lambda book: book.talks.next_request_number()) == 4
    assert store.read_now(lambda book: book.talks.request(9)) is None


def test_another_provinces_request_is_not_settled(store: Store) -> None:
    """The id alone opens nothing from outside."""
    lan = join(store, "Lan", "telegram:1:11")
    raised = store.write_now(lambda book: book.talks.raise_request(1, RequestKind.QUESTION, lan, NOW))
    other = Store(store.url, province_id=store.province_id + 1, threads=1)
    try:
        assert other.read_now(lambda book: book.talks.request(1)) is None
        assert other.read_now(lambda book: book.talks.open_requests()) == ()
        with pytest.raises(Overtaken):
            other.write_now(lambda book: book.talks.settle_request(raised, Verdict.REFUSED, None, None, NOW))
    finally:
        other.close()


def test_one_question_stands_open(store: Store) -> None:
    """A new one replaces the old; the newest is the one that is answered, with all that was kept of it."""
    lan = join(store, "Lan", "telegram:1:11")
    first = store.write_now(lambda book: book.talks.ask(lan, QuestionKind.CONSENT, YES_NO, {}, (), NOW))
    second = store.write_now(
        lambda book: book.talks.ask(lan, QuestionKind.READING, YES_NO, {"said": 7, "tap": False}, (3, 4), NOW)
    )
    kept = store.read_now(lambda book: book.talks.last_question(lan))

    assert kept is not None
    assert first != second == kept.id
    assert (kept.options, kept.payload, kept.about) == (YES_NO, {"said": 7, "tap": False}, (3, 4))
    assert (kept.closed_at, kept.expires_at) == (None, NOW + QUESTION_LIVES)


def test_a_question_is_closed_once(store: Store) -> None:
    """The first outcome stands; a person never asked anything has no question."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")
    asked = store.write_now(lambda book: book.talks.ask(lan, QuestionKind.CONSENT, YES_NO, {}, (), NOW))
    for outcome in ("answered:1", "expired"):
        store.write_now(lambda book, outcome=outcome: book.talks.close_question(asked, outcome, NOW))  # type: ignore[misc]
    kept = store.read_now(lambda book: book.talks.last_question(lan))

    assert kept is not None
    assert (kept.outcome, kept.closed_at) == ("answered:1", NOW)
    assert store.read_now(lambda book: book.talks.last_question(minh)) is None


def test_the_last_numbers_shown_are_ones_own(store: Store) -> None:
    """A letter with buttons alone does not change what "3" means; nobody reads another's listing."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def keep(book: Book) -> tuple[int, int]:
        shown = book.talks.keep_listing(lan, [11, 12, 13], [], NOW)
        buttons = book.talks.keep_listing(lan, [], ["xong", "chưa"], NOW + timedelta(hours=1))
        book.talks.keep_listing(minh, [99], [], NOW + timedelta(hours=2))
        return shown, buttons

    shown, buttons = store.write_now(keep)
    last = store.read_now(lambda book: book.talks.last_listing(lan))
    pressed = store.read_now(lambda book: book.talks.listing(buttons, lan))

    assert last is not None
    assert pressed is not None
    assert (last.id, last.assignment(3), last.assignment(0), last.assignment(4)) == (shown, 13, None, None)
    assert pressed.choices == ("xong", "chưa")
    assert store.read_now(lambda book: book.talks.listing(shown, minh)) is None


def test_typed_words_have_a_salted_digest(store: Store) -> None:
    """The same words twice have two digests; a message and its edit are found under one id, for this person alone."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def keep(book: Book) -> tuple[int, int, int]:
        talks = book.talks
        return (
            talks.keep_said(lan, "telegram", "m1", "1 xong", NOW),
            talks.keep_said(lan, "telegram", "m1", "1 xong", NOW),
            talks.keep_said(minh, "telegram", "m1", "1 xong", NOW),
        )

    first, edit, _ = store.write_now(keep)
    assert store.read_now(lambda book: book.talks.said_under(lan, "m1")) == (first, edit)
    with store.engine.connect() as connection:
        assert len(set(connection.execute(select(said.c.digest)).scalars())) == 3


def test_an_answer_means_the_letter_of_its_own_chat(store: Store) -> None:
    """Lan has two chats with one bot, each with a message 5: what she answers in one is not taken for the other's."""
    first, second = Address.parse("telegram:1:11"), Address.parse("telegram:1:-10011")
    lan = join(store, "Lan", str(first), str(second))
    minh = join(store, "Minh", "telegram:1:12")
    shown = {}
    for at in (first, second):

        def send(book: Book, at: Address = at) -> int:
            listing_id = book.talks.keep_listing(lan, [1, 2], (), NOW)
            plan = {"person_id": lan, "to": at, "text": "1. T01", "listing_id": listing_id}
            book.letters.plan(f"tin {at}", LetterKind.REMINDER, NOW, **plan)
            return listing_id

        shown[at] = store.write_now(send)
    for one in claim(store):
        begin(store, one)
        store.write_now(lambda book, one=one: book.letters.accepted(one, "5", NOW))  # type: ignore[misc]

    def answered(person_id: int, at: Address, message: str) -> int | None:
        row = store.read_now(lambda book: book.talks.letter_answered(person_id, at, message))
        return row["listing_id"] if row else None

    assert [answered(lan, at, "5") for at in (first, second)] == [shown[first], shown[second]]
    assert answered(minh, first, "5") is None
    assert answered(lan, first, "6") is None


def test_numbers_mean_the_list_of_that_moment(store: Store) -> None:
    """What Lan wrote before the newer list reached her counts by the older one; before any list by none."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def keep(book: Book) -> list[int]:
        keep_listing = book.talks.keep_listing
        ids = [keep_listing(lan, [11, 12], (), NOW), keep_listing(lan, [12], (), NOW + MINUTE)]
        keep_listing(lan, [], ("xong",), NOW + 2 * MINUTE)
        keep_listing(minh, [99], (), NOW)
        return ids

    older, newer = store.write_now(keep)

    def shown(at: datetime) -> int | None:
        found = store.read_now(lambda book: book.talks.before(lan, at).listing)
        return found.id if found else None

    moments = (NOW - MINUTE, NOW, NOW + MINUTE - timedelta(microseconds=1), NOW + MINUTE, NOW + 3 * MINUTE)
    assert [shown(at) for at in moments] == [None, older, older, newer, newer]


def test_an_edit_keeps_the_numbers_of_the_message(store: Store) -> None:
    """Lan corrects "1 xong" an hour later: her 1 is that of the list she first meant; Minh's message 7 is another."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def talk(book: Book) -> int:
        older, newer = (book.talks.keep_listing(lan, [number], (), NOW) for number in (11, 12))
        for listing_id, typed in ((older, "1 xong"), (newer, "1 chưa")):
            book.talks.keep_said(lan, "telegram", "7", typed, NOW, listing_id)
        return older

    older = store.write_now(talk)
    assert store.read_now(lambda book: book.talks.listing_meant(lan, "7")) == older
    assert store.read_now(lambda book: book.talks.listing_meant(minh, "7")) is None
    assert store.read_now(lambda book: book.talks.listing_meant(lan, "8")) is None


def test_what_was_asked_about_a_reading_is_told_with_what_was_taken_back(store: Store) -> None:
    """Of Lan, Minh and Hoa each was asked; Lan undid her report, Hoa her request; Bình of Cần Thơ is no concern."""
    lan, minh, hoa = (join(store, name, f"telegram:1:{name}") for name in ("Lan", "Minh", "Hoa"))
    one = store.write_now(give_task)

    def ask(book: Book, person_id: int) -> int:
        words = book.talks.keep_said(person_id, "telegram", None, "cũng tạm", NOW)
        book.talks.ask(person_id, QuestionKind.READING, YES_NO, {"said": words}, (), NOW)
        return words

    def work(book: Book) -> None:
        for person_id in (lan, minh):
            report = Step(StepKind.PROGRESS, NOW, None, said_id=ask(book, person_id))
            book.assignments.record(one, report, NOW)
            if person_id == lan:
                (step,) = book.standing.under([report.said_id or 0])
                book.assignments.take_back(step.step.id, "undo", None, NOW)
        raised = book.talks.raise_request(1, RequestKind.EXTENSION, hoa, NOW, said_id=ask(book, hoa))
        book.talks.settle_request(raised, Verdict.WITHDRAWN, None, None, NOW)
        book.talks.ask(hoa, QuestionKind.UNIT, YES_NO, {"said": 1}, (), NOW)

    store.write_now(work)
    with in_can_tho(store):
        binh = join(store, "Bình", "telegram:1:Bình")
        store.write_now(lambda book: ask(book, binh))
    asked = store.read_now(lambda book: book.talks.readings_asked())
    assert [(question.person_id, back) for question, back in asked] == [(lan, True), (minh, False), (hoa, True)]


def test_what_was_chosen_is_found_by_the_words_asked_about(store: Store) -> None:
    """Minh's guess was settled, hers was put once more: his label stands by his words, hers is no reading yet."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")

    def work(book: Book) -> tuple[int, int]:
        talks = book.talks
        hers, his = (talks.keep_said(one, "telegram", "1", "cũng tạm", NOW) for one in (lan, minh))
        options = (Option("đã xong", {"items": []}), Option("đang làm", {"items": []}))
        for person_id, words, outcome in ((lan, hers, ASKED_AGAIN), (minh, his, "answered:2")):
            asked = talks.ask(person_id, QuestionKind.READING, options, {"said": words}, (), NOW)
            talks.close_question(asked, outcome, NOW)
        talks.keep_said(lan, "telegram", "2", "cảm ơn", NOW)
        last = talks.keep_said(lan, "telegram", "3", "1", NOW)
        assert talks.said_between(lan, hers, last) == 1
        return hers, his

    hers, his = store.write_now(work)
    assert store.read_now(lambda book: book.talks.chosen([hers, his])) == {his: ["đang làm"]}
    asked = store.read_now(lambda book: book.talks.readings_asked())
    assert [one.person_id for one, _ in asked] == [minh]
