"""What handlers want, done in the order they said it: rows, letters and questions of one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clerk import Clerk, Taken
from bot.contacts import Role
from bot.conversation import QuestionKind, RequestKind
from bot.effects import (
    Ask,
    AttachEvidence,
    CorrectPerson,
    Effect,
    IssueCode,
    Meet,
    Offer,
    RaiseRequest,
    Say,
    TakeBack,
    TakeStep,
)
from bot.effects_done import carry_out
from bot.joining_codes import draw_code
from bot.messages import Address, Choice, Outgoing, text
from bot.phrases import phrasebook
from bot.store.engine import Store
from bot.tasks import Acceptance, State, Status, Step, StepKind
from handlers.table import desk
from tests.opened_store import NOW, Template, everything, give_task, message, rows, seat

UNIT = "30607"
WORDS = text("plain", text="Đã ghi.")


@pytest.fixture
def store(sample_province: Template) -> Store:
    """The sample with Lan in it, who has T91, and whose message stands in the inbox under 1."""
    store = sample_province.fresh()
    store.write_now(lambda book: seat(book, "lan", UNIT))
    store.write_now(lambda book: give_task(book, "T91", (UNIT,)))
    store.write_now(lambda book: book.inbox.take(message("lan", "m1", "xong"), "applied", NOW))
    return store


def lan(store: Store) -> int:
    found = store.read_now(lambda book: book.people.by_address(message("lan", "", "").sender))
    assert found is not None
    return found.id


def t91(store: Store) -> int:
    return store.read_now(lambda book: book.assignments.of_task("T91"))[0].id


def state(store: Store) -> State:
    return store.read_now(lambda book: book.assignments.of_task("T91"))[0].state


def done(store: Store, *effects: Effect, said_id: int | None = None) -> None:
    """These effects of Lan's message."""
    said = message("lan", "m1", "xong")
    store.write_now(lambda book: carry_out(book, effects, inbox_id=1, incoming=said, said_id=said_id, now=NOW))


def policy(store: Store, acceptance: Acceptance) -> None:
    store.write_now(lambda book: book.people.save_settings({"acceptance": acceptance.value}))


def said_by(store: Store) -> int:
    """Words of Lan's that stand in the book."""
    who = lan(store)
    return store.write_now(lambda book: book.talks.keep_said(who, "talk", "m1", "xong", NOW))


def test_each_answer_has_a_key_of_its_own(store: Store) -> None:
    """Two letters of one message are two; done over again, as after a crash, they are still two."""
    two = [Say(Outgoing(lan(store), WORDS, once="")), Say(Outgoing(lan(store), WORDS, once=""))]
    done(store, *two)
    done(store, *two)

    assert [row["once"] for row in rows(store, "letter")] == ["answer:1:1", "answer:1:2"]


def test_what_breaks_halfway_leaves_nothing(store: Store) -> None:
    """The third of four effects is about an assignment nobody has: no name, no letter, no step of the others stays."""
    before = everything(store)
    effects: list[Effect] = [
        CorrectPerson(lan(store), name="Nguyễn Thị Lan"),
        Say(Outgoing(lan(store), WORDS, once="")),
        TakeStep(999_999, Step(StepKind.DONE, NOW, None)),
        TakeStep(t91(store), Step(StepKind.DONE, NOW, None)),
    ]
    clerk = Clerk(replace(desk(), reply=lambda case: effects), phrasebook())
    taken, _ = store.write_now(lambda book: clerk.receive(book, message("lan", "m2", "bàn phím rơi"), NOW))
    after = everything(store)

    assert taken is Taken.FAILED
    assert {name for name in after if after[name] != before[name]} == {"inbox"}


def test_a_step_is_kept_with_the_words_it_was_said_in(store: Store) -> None:
    """The message's own words, unless the step brings older ones: a report confirmed later points at the report."""
    first, later = said_by(store), said_by(store)
    done(store, TakeStep(t91(store), Step(StepKind.PROGRESS, NOW, None, percent=50)), said_id=later)
    done(store, TakeStep(t91(store), Step(StepKind.PROGRESS, NOW, None, percent=60, said_id=first)), said_id=later)

    assert [row["said_id"] for row in rows(store, "step")] == [later, first]


@pytest.mark.parametrize(
    ("acceptance", "document", "status"),
    [
        (Acceptance.OFFICE, "45/KH-UBND", Status.REPORTED),
        (Acceptance.AUTO, None, Status.ACCEPTED),
        (Acceptance.EVIDENCE, None, Status.REPORTED),
        (Acceptance.EVIDENCE, "45/KH-UBND", Status.ACCEPTED),
    ],
)
def test_a_finished_report_is_accepted_as_the_province_wants(
    store: Store, acceptance: Acceptance, document: str | None, status: Status
) -> None:
    """By the office, by itself, or where a document stands behind it; and as of the report's own moment."""
    policy(store, acceptance)
    told = NOW - timedelta(hours=3)
    done(store, TakeStep(t91(store), Step(StepKind.DONE, told, None, document=document)))

    assert state(store).status is status
    assert {row["at"] for row in rows(store, "step")} == {told}


@pytest.mark.parametrize("acceptance", [Acceptance.AUTO, Acceptance.EVIDENCE])
def test_half_the_work_is_never_accepted_by_itself(store: Store, acceptance: Acceptance) -> None:
    """A file or a number beside "60 %" accepts nothing, whatever the policy."""
    policy(store, acceptance)
    done(store, TakeStep(t91(store), Step(StepKind.PROGRESS, NOW, None, percent=60, document="45/KH-UBND")))
    kept = store.write_now(lambda book: book.inbox.keep_file(b"scan", "image/jpeg"))[0]
    file_id = store.write_now(lambda book: book.inbox.keep_evidence(lan(store), kept, "ảnh.jpg", None, None, NOW))
    done(store, AttachEvidence((file_id,), t91(store)))

    assert state(store).status is Status.IN_PROGRESS


def test_a_report_cancels_what_was_planned_to_be_asked(store: Store) -> None:
    """The reminder planned about that task goes in the same transaction, and no other task's."""
    person, mine = lan(store), t91(store)
    other = store.write_now(lambda book: give_task(book, "T92", (UNIT,)))
    with store.engine.begin() as connection:
        for assignment in (mine, other):
            connection.exec_driver_sql(
                "INSERT INTO reminder (province_id, assignment_id, person_id, due_version, rule, day, slot, milestone,"
                f" state, planned_at) VALUES (1, {assignment}, {person}, 1, 'due_soon', '2025-09-15', '07:30', -5,"
                " 'planned', 0)"
            )
    done(store, TakeStep(mine, Step(StepKind.PROGRESS, NOW, None, percent=10)))

    assert [row["state"] for row in rows(store, "reminder")] == ["cancelled", "planned"]


def test_what_is_taken_back_twice_is_taken_back_once(store: Store) -> None:
    """A second undo of the same report, from a second phone, changes nothing and fails nothing."""
    done(store, TakeStep(t91(store), Step(StepKind.DONE, NOW, None)))
    (step,) = rows(store, "step")
    done(store, TakeBack((step["id"],), "undo", None))
    once = rows(store, "journal")
    done(store, TakeBack((step["id"],), "undo", None))

    assert state(store).status is Status.ASSIGNED
    assert rows(store, "journal") == once


def test_a_question_remembers_the_letter_it_was_put_in(store: Store) -> None:
    """Buttons of an older list don't answer it: it keeps the listing of the letter that was said just before it."""
    person = lan(store)
    asks = Say(Outgoing(person, WORDS, once="", choices=(Choice(text("ask.yes"), "đúng"),)))
    done(store, asks, asks, Ask(person, QuestionKind.READING, (Offer(text("ask.yes"), {"yes": True}),)))
    question = store.read_now(lambda book: book.talks.last_question(person))

    assert question is not None
    assert question.payload["listing"] == max(row["id"] for row in rows(store, "listing"))


def test_a_question_is_offered_in_the_words_of_who_is_asked(store: Store) -> None:
    """Lan chose English: what she may answer is compared with English labels, not with the province's."""
    person = lan(store)
    store.write_now(lambda book: book.people.choose_language(person, "en"))
    done(store, Ask(person, QuestionKind.READING, (Offer(text("ask.yes"), {}),)))
    question = store.read_now(lambda book: book.talks.last_question(person))

    assert question is not None
    assert [option.label for option in question.options] == ["Right"]


def test_a_correction_leaves_what_was_not_corrected(store: Store) -> None:
    """Only the telephone was given: name and post stay."""
    done(store, CorrectPerson(lan(store), name="Lan", post="Phó Chủ tịch"))
    done(store, CorrectPerson(lan(store), phone="0912 000 111", name=""))
    (row,) = [row for row in rows(store, "person") if row["id"] == lan(store)]

    assert (row["name"], row["post"], row["phone"]) == ("Lan", "Phó Chủ tịch", "0912 000 111")


def test_a_new_code_ends_the_old_one_of_its_seat_alone(store: Store) -> None:
    """The office issues another code for Bình Hòa's contact: the first no longer opens; the leader's still does."""
    unit = store.read_now(lambda book: book.people.unit(UNIT))
    assert unit is not None
    first, leader, second = draw_code(), draw_code(), draw_code()
    for code, role in ((first, Role.CONTACT), (leader, Role.LEADER), (second, Role.CONTACT)):
        done(store, IssueCode(code, unit.id, role))
    found = {code: store.read_now(lambda book, c=code: book.joining.find(c, NOW)) for code in (first, leader, second)}  # type: ignore[misc]

    assert [isinstance(found[code], str) for code in (first, leader, second)] == [True, False, False]


def test_a_request_is_kept_with_the_words_it_was_asked_in(store: Store) -> None:
    """A date was asked for in between: the office reads Lan's reason, not the bare date of her second message."""
    reason, bare = said_by(store), said_by(store)
    done(store, RaiseRequest(7, RequestKind.EXTENSION, lan(store), said_id=reason), said_id=bare)
    done(store, RaiseRequest(8, RequestKind.QUESTION, lan(store)), said_id=bare)

    assert {row["number"]: row["said_id"] for row in rows(store, "request")} == {7: reason, 8: bare}


def test_who_asks_for_a_seat_has_no_right_yet(store: Store) -> None:
    """Somebody unknown is kept with name and address; without a seat they see no unit and no task."""
    done(store, Meet(Address("talk", "main", "minh"), "Minh", "vi"))
    found = store.read_now(lambda book: book.people.by_address(Address("talk", "main", "minh")))

    assert found is not None
    assert (found.name, found.seats, found.consent_at) == ("Minh", (), None)
