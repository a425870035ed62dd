"""A report or digest still waits when the role it was for is another's: whoever holds the role now reads it."""

from __future__ import annotations

import pytest

from bot.contacts import Role
from bot.store.book import Book
from scheduler.replanning import change_seats
from tests.scheduler.office import Office, at
from tests.scheduler.test_seats_changed import succeeded
from tests.store.opening import join

FRIDAY = at("2025-09-19", "15:00")
SATURDAY = at("2025-09-20", "09:00")
MONDAY = at("2025-09-22", "07:30")


@pytest.fixture
def bay(office: Office) -> int:
    """Bảy, the chair, on Friday at three o'clock: a week's report is planned and has not left."""
    person_id = join(office.store, "Bảy", "local:main:bay", role=Role.CHAIR)
    office.sweep(at("2025-09-15", "07:00"))
    office.sweep(FRIDAY)
    return person_id


@pytest.mark.parametrize("elsewhere", [None, "30760"])
def test_the_chair_of_now_reads_the_report(office: Office, bay: int, elsewhere: str | None) -> None:
    """Tư follows Bảy at the weekend: report, picture and sheet are Tư's on Monday, and Bảy gets none of them."""
    succeeded(office, bay, "Tu", SATURDAY, elsewhere)
    office.sweep(MONDAY)
    office.post(MONDAY)
    assert office.days("bay") == []
    assert office.days("tu") == ["22/09 07:30"] * 3


def test_a_report_that_arrived_is_not_read_again(office: Office, bay: int) -> None:
    """Bảy has the report of Friday: Tư's first is the one of the week after."""
    office.post(FRIDAY)
    succeeded(office, bay, "Tu", SATURDAY, "30760")
    office.run(at("2025-09-26", "20:00"), MONDAY)
    assert set(office.days("bay")) == {"19/09 15:00"}
    assert set(office.days("tu")) == {"26/09 15:00"}


def test_whoever_comes_later_reads_it(office: Office, bay: int) -> None:
    """Bảy withdrew everything on Saturday; Tư becomes chair on Monday at nine and reads Friday's report then."""

    def left(book: Book) -> None:
        book.people.erase(bay, SATURDAY)
        change_seats(book, SATURDAY)

    office.store.write_now(left)
    office.run(MONDAY, MONDAY)
    join(office.store, "Tư", "local:main:tu", role=Role.CHAIR)
    nine = at("2025-09-22", "09:00")
    office.store.write_now(lambda book: change_seats(book, nine))
    office.post(nine)
    assert office.days("tu") == ["22/09 09:00"] * 3


def test_a_digest_is_the_offices(office: Office) -> None:
    """Hoa leaves the office before the evening's digest has left: Hạnh, who follows her, reads it, Hoa does not."""
    hoa = join(office.store, "Hoa", "local:main:hoa", role=Role.OFFICE)
    office.sweep(at("2025-09-15", "07:00"))
    evening = at("2025-09-15", "16:30")
    office.sweep(evening)
    succeeded(office, hoa, "Hanh", evening, "30760")
    office.post(evening)
    assert (office.days("hoa"), office.days("hanh")) == ([], ["15/09 16:30"])
