"""Taking back: which steps a person's last words left, and whether the office has judged them since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.contacts import Role
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.standing import StandingStep
from bot.tasks import Due, Step, StepKind
from tests.opened_store import give_task
from tests.store.opening import LAN, NOW, join

MINUTE = timedelta(minutes=1)


def seat_of(store: Store, person_id: int, place: int = 0) -> int:
    found = store.read_now(lambda book: book.people.person(person_id))
    assert found is not None
    return found.seats[place].id


@pytest.fixture
def lan(store: Store) -> int:
    """Lan's seat as contact of Bình Hòa."""
    return seat_of(store, join(store, "Lan", str(LAN)))


@pytest.fixture
def clerk(store: Store) -> int:
    """The seat of Hoa in the office."""
    return seat_of(store, join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE))


def given(store: Store, code: str = "T02") -> int:
    return store.write_now(lambda book: give_task(book, code))


def record(store: Store, one: int, kind: StepKind, seat: int | None, at: int = 0, said: int | None = None) -> None:
    """A step so many minutes after NOW."""
    due = Due(date(2025, 9, 30)) if kind is StepKind.EXTEND else None
    step = Step(kind, NOW + at * MINUTE, seat, said_id=said, due=due)
    store.write_now(lambda book: book.assignments.record(one, step, NOW + at * MINUTE))


def words(store: Store, typed: str) -> int:
    return store.write_now(lambda book: book.talks.keep_said(None, "telegram", typed, typed, NOW))


def last(store: Store, *seats: int) -> list[tuple[int, StepKind, bool]]:
    """What could be taken back: assignment, what was said, and whether it has been decided on."""
    found: tuple[StandingStep, ...] = store.read_now(lambda book: book.standing.last_by(seats))
    return [(one.assignment_id, one.step.kind, one.decided) for one in found]


def test_one_sentence_is_taken_back_whole(store: Store, lan: int) -> None:
    """One "1 xong, 2 vướng" left two steps: both are hers to take back, and nothing that she said before it."""
    first, second = given(store, "T01"), given(store, "T02")
    record(store, first, StepKind.PROGRESS, lan, said=words(store, "1 50%"))
    both = words(store, "1 xong, 2 vướng")
    record(store, first, StepKind.DONE, lan, 1, both)
    record(store, second, StepKind.BLOCKED, lan, 1, both)

    assert last(store, lan) == [(first, StepKind.DONE, False), (second, StepKind.BLOCKED, False)]


def test_without_words_one_step_is_taken_back(store: Store, lan: int) -> None:
    """Two reports that no text is kept for are two: only the newer one goes."""
    first, second = given(store, "T01"), given(store, "T02")
    record(store, first, StepKind.DONE, lan)
    record(store, second, StepKind.DONE, lan, 1)

    assert last(store, lan) == [(second, StepKind.DONE, False)]


def test_once_taken_back_the_one_before_is_next(store: Store, lan: int) -> None:
    """Undo twice goes two steps back; with nothing left there is nothing to take back."""
    one = given(store)
    record(store, one, StepKind.PROGRESS, lan, said=words(store, "1 50%"))
    record(store, one, StepKind.DONE, lan, 1, words(store, "1 xong"))
    seen = []
    for _ in range(3):
        steps = store.read_now(lambda book: book.standing.last_by([lan]))
        seen.append([found.step.kind for found in steps])
        for found in steps:
            store.write_now(lambda book, gone=found.step.id: book.assignments.take_back(gone, "undo", lan, NOW))  # type: ignore[misc]

    assert seen == [[StepKind.DONE], [StepKind.PROGRESS], []]


def test_a_named_task_goes_back_alone(store: Store, lan: int) -> None:
    """ "1 xong, 2 vướng", and then 3: what was said last of the first is found past that, without its neighbour."""
    first, second, third = given(store, "T01"), given(store, "T02"), given(store, "T03")
    both = words(store, "1 xong, 2 vướng")
    record(store, first, StepKind.DONE, lan, 1, both)
    record(store, second, StepKind.BLOCKED, lan, 1, both)
    record(store, third, StepKind.DONE, lan, 2, words(store, "3 xong"))

    found = store.read_now(lambda book: book.standing.last_by([lan], first))
    assert [(one.assignment_id, one.step.kind, one.recorded_at) for one in found] == [
        (first, StepKind.DONE, NOW + MINUTE)
    ]


def test_another_persons_report_is_not_hers(store: Store, lan: int) -> None:
    """Minh of the same unit reported later: Lan takes back her own, and who has no seat takes back nothing."""
    minh = seat_of(store, join(store, "Minh", "telegram:1:12"))
    one = given(store)
    record(store, one, StepKind.PROGRESS, lan)
    record(store, one, StepKind.DONE, minh, 1)

    assert last(store, lan) == [(one, StepKind.PROGRESS, False)]
    assert last(store) == []


def test_the_newest_word_of_any_seat_counts(store: Store, lan: int) -> None:
    """Lan sits for two communes: what she reported last is what she means, whichever seat it was."""
    other = seat_of(store, join(store, "Lan", str(LAN), unit="30760"), 1)
    first, second = given(store, "T01"), given(store, "T02")
    record(store, first, StepKind.DONE, other)
    record(store, second, StepKind.PROGRESS, lan, 1)

    assert last(store, lan, other) == [(second, StepKind.PROGRESS, False)]


@pytest.mark.parametrize(
    ("decision", "before", "decided"),
    [
        (StepKind.ACCEPT, [], True),
        (StepKind.RETURN, [], True),
        (StepKind.RECALL, [], True),
        (StepKind.REOPEN, [StepKind.ACCEPT], True),
        (StepKind.EXTEND, [], False),
    ],
)
def test_the_offices_judgement_ends_it(
    store: Store, lan: int, clerk: int, decision: StepKind, before: list[StepKind], decided: bool
) -> None:
    """Accepted, returned, recalled or opened again by the clerk it is decided; a later deadline judges nothing."""
    one = given(store)
    record(store, one, StepKind.DONE, lan)
    for minute, kind in enumerate([*before, decision], 1):
        record(store, one, kind, clerk, minute)

    assert last(store, lan) == [(one, StepKind.DONE, decided)]


def test_what_no_person_decided_is_not_decided(store: Store, lan: int) -> None:
    """An acceptance that the policy made by itself leaves Lan her right to take the report back."""
    one = given(store)
    record(store, one, StepKind.DONE, lan)
    record(store, one, StepKind.ACCEPT, None, 1)

    assert last(store, lan) == [(one, StepKind.DONE, False)]


def test_a_decision_taken_back_decides_nothing(store: Store, lan: int, clerk: int) -> None:
    """The clerk's acceptance by mistake is undone: the report may be taken back again."""
    one = given(store)
    record(store, one, StepKind.DONE, lan)
    record(store, one, StepKind.ACCEPT, clerk, 1)
    decision = store.read_now(lambda book: book.assignments.steps(one))[-1]
    store.write_now(lambda book: book.assignments.take_back(decision.id, "undo", clerk, NOW))

    assert last(store, lan) == [(one, StepKind.DONE, False)]


def test_a_judgement_of_something_else_or_before_is_none(store: Store, lan: int, clerk: int) -> None:
    """What the clerk decided on another task, or on the report before this one, leaves this one open."""
    one, other = given(store, "T01"), given(store, "T02")
    record(store, one, StepKind.DONE, lan)
    record(store, one, StepKind.RETURN, clerk, 1)
    record(store, one, StepKind.DONE, lan, 2)
    record(store, other, StepKind.RECALL, clerk, 3)

    assert last(store, lan) == [(one, StepKind.DONE, False)]


def test_a_clerks_last_word_may_be_a_decision(store: Store, lan: int, clerk: int) -> None:
    """Hoa who decided last is told so; once she reports for a unit her last word is a report."""
    one = given(store)
    asked = lambda seat: store.read_now(lambda book: book.standing.last_was_decision([seat]))  # noqa: E731
    record(store, one, StepKind.DONE, lan)
    assert (asked(lan), asked(clerk)) == (False, False)
    record(store, one, StepKind.RETURN, clerk, 1)
    assert (asked(lan), asked(clerk)) == (False, True)
    record(store, one, StepKind.PROGRESS, clerk, 2)
    assert not asked(clerk)


def test_a_message_and_its_edit_are_found_by_their_words(store: Store, lan: int, clerk: int) -> None:
    """The reports under either come, the standing ones alone, and no decision that was typed."""
    one, other = given(store, "T01"), given(store, "T02")
    first, edit, decided = (words(store, typed) for typed in ("1 50%", "1 xong", "2 thu hồi"))
    record(store, one, StepKind.PROGRESS, lan, 0, first)
    record(store, one, StepKind.DONE, lan, 1, edit)
    record(store, other, StepKind.RECALL, clerk, 2, decided)

    def under(book: Book) -> list[StepKind]:
        return [found.step.kind for found in book.standing.under([first, edit, decided])]

    assert store.read_now(under) == [StepKind.PROGRESS, StepKind.DONE]
    gone = store.read_now(lambda book: book.assignments.steps(one))[0]
    store.write_now(lambda book: book.assignments.take_back(gone.id, "edit", lan, NOW))
    assert store.read_now(under) == [StepKind.DONE]
    assert store.read_now(lambda book: book.standing.under([])) == ()
