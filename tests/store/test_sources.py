"""What stands behind a figure: each report and decision with its words, its speaker and its channel."""

from __future__ import annotations

from datetime import timedelta

from bot.contacts import Role
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.sources import Source
from bot.tasks import Step, StepKind
from tests.opened_store import give_task
from tests.store.opening import LAN, NOW, join
from tests.store.provinces import in_can_tho

MINUTE = timedelta(minutes=1)


def says(store: Store, person_id: int, assignment_id: int, typed: str, at: int = 0, **more: object) -> None:
    """Somebody reports progress with these words, so many minutes after NOW."""

    def work(book: Book) -> None:
        speaker = book.people.person(person_id)
        assert speaker is not None
        moment = NOW + at * MINUTE
        said = book.talks.keep_said(person_id, "telegram", typed, typed, moment)
        step = Step(StepKind.PROGRESS, moment, speaker.seats[0].id, said_id=said, **more)  # type: ignore[arg-type]
        book.assignments.record(assignment_id, step, moment)

    store.write_now(work)


def of(store: Store, *ids: int) -> tuple[Source, ...]:
    return store.read_now(lambda book: book.sources.of(ids))


def test_words_come_with_who_said_them_where(store: Store) -> None:
    """Lan's sentence, her unit, her role and her channel stand beside the report it became."""
    lan = join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    says(store, lan, one, "1 70%", percent=70, for_unit=True)
    (found,) = of(store, one)

    assert (found.assignment_id, found.kind, found.at, found.text) == (one, StepKind.PROGRESS, NOW, "1 70%")
    assert (found.by, found.role, found.channel) == ("Lan, Bình Hòa", Role.CONTACT, "telegram")
    assert (found.for_unit, found.superseded) == (True, False)


def test_a_report_taken_back_is_still_told(store: Store) -> None:
    """It stands in its place by time, marked as one that counts no more, before what was said after it."""
    lan = join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    says(store, lan, one, "1 70%", at=5, percent=70)
    says(store, lan, one, "1 40%", at=9, percent=40)
    says(store, lan, one, "1 10%", at=1, percent=10)
    wrong = store.read_now(lambda book: book.assignments.steps(one))[1]
    store.write_now(lambda book: book.assignments.take_back(wrong.id, "undo", None, NOW + 6 * MINUTE))

    told = [(found.text, found.superseded) for found in of(store, one)]
    assert told == [("1 10%", False), ("1 70%", True), ("1 40%", False)]


def test_what_nobody_typed_has_no_speaker(store: Store) -> None:
    """An acceptance by policy is told too, with no name, no words and no channel made up for it."""
    one = store.write_now(give_task)
    for kind in (StepKind.DONE, StepKind.ACCEPT):
        step = Step(kind, NOW, None)
        store.write_now(lambda book, step=step: book.assignments.record(one, step, NOW))  # type: ignore[misc]

    assert [(found.kind, found.by, found.text, found.channel, found.role) for found in of(store, one)] == [
        (StepKind.DONE, "", "", "", None),
        (StepKind.ACCEPT, "", "", "", None),
    ]


def test_the_unit_stays_where_the_name_was_erased(store: Store) -> None:
    """After Lan withdrew her report is Bình Hòa's, without a word of hers; Minh's words stay."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    one = store.write_now(give_task)
    says(store, lan, one, "chưa có kinh phí")
    says(store, minh, one, "đã xin Sở", at=1)
    store.write_now(lambda book: book.people.erase(lan, NOW + timedelta(hours=1)))

    assert [(found.by, found.text) for found in of(store, one)] == [("Bình Hòa", ""), ("Minh, Bình Hòa", "đã xin Sở")]


def test_who_handed_over_still_said_it(store: Store) -> None:
    """A report is told under the seat it was made from, though its holder sits there no more."""
    lan = join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    says(store, lan, one, "1 70%", percent=70)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE seat SET until = since + 1")

    assert [found.by for found in of(store, one)] == ["Lan, Bình Hòa"]


def test_as_many_as_a_province_has_are_asked_for_at_once(store: Store) -> None:
    """Thousands of ids, some of them twice or unknown, bring each report once, assignment by assignment."""
    lan = join(store, "Lan", str(LAN))
    ids = [store.write_now(lambda book, code=code: give_task(book, code)) for code in ("T01", "T02", "T03")]  # type: ignore[misc]
    for one in reversed(ids):
        says(store, lan, one, f"việc {one}")
    many = [*ids, *range(ids[-1] + 1, ids[-1] + 2_500), *ids]

    assert [found.assignment_id for found in of(store, *many)] == ids
    assert of(store) == ()


def test_another_provinces_words_are_not_read(store: Store) -> None:
    """Neither by the assignment's id nor in the list of all."""
    lan = join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    says(store, lan, one, "1 70%", percent=70)
    with in_can_tho(store):
        assert of(store, one) == ()
        assert store.read_now(lambda book: book.sources.all()) == ()
    assert len(store.read_now(lambda book: book.sources.all())) == 1
