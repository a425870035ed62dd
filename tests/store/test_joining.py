"""Joining: codes that are kept hashed and used once, tries that are counted, seats that move, people who leave."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bot.contacts import Action, Role, may
from bot.messages import Address, LetterKind
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province
from bot.store.joining import CODE_LIVES, TRIES_AN_HOUR, TRIES_AN_HOUR_OF_ACCOUNT, InviteFound
from bot.store.tables import invite, join_try, seat
from tests.opened_store import everything
from tests.store.opening import LAN, MACHINE, NOW, SERVED, join

HOUR = timedelta(hours=1)
MINH = Address.parse("telegram:1:12")
CODE = "DK 234 5678 9BCF"


def issue(store: Store, code: str = CODE, *, unit: str = "30712", role: Role = Role.CONTACT, **how: Any) -> None:
    def work(book: Book) -> None:
        place = book.people.unit(unit)
        assert place is not None
        book.joining.issue(code, place.id, role, NOW, **how)

    store.write_now(work)


def found(store: Store, code: str = CODE, at: Any = NOW) -> InviteFound | str:
    return store.write_now(lambda book: book.joining.find(code, at))


def use(store: Store, at: Address, code: str = CODE, name: str = "Lan") -> int:
    def work(book: Book) -> int:
        invited = book.joining.find(code, NOW)
        assert isinstance(invited, InviteFound), invited
        return book.joining.use(invited.id, at, name, "vi", NOW)

    return store.write_now(work)


# --- in the book


def test_the_code_itself_is_nowhere(store: Store) -> None:
    """Neither as printed nor plain nor in lower case: only its keyed hash is kept."""
    issue(store)
    use(store, LAN)
    kept = repr(everything(store))

    assert not any(form in kept for form in (CODE, "DK23456789BCF", "dk23456789bcf", "23456789BCF"))
    if store.url.startswith("sqlite"):
        file = Path(store.url.removeprefix("sqlite:///"))
        raw = b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))
        assert b"9BCF" not in raw.upper()


def test_two_provinces_hash_one_code_differently(store: Store) -> None:
    """The hash is keyed by the province's own secret."""
    other = Store(store.url, threads=1)
    try:
        other.province_id = found_province(other, code="92", name="Cần Thơ")
        issue(store)
        assert other.write_now(lambda book: book.joining.find(CODE, NOW)) == "wrong_code"
        one, two = (s.read_now(lambda book: book.joining._hash("DK23456789BCF")) for s in (store, other))
        assert one != two
    finally:
        other.close()


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (NOW + CODE_LIVES - timedelta(microseconds=1), None),
        (NOW + CODE_LIVES, "expired_code"),
        (NOW + timedelta(days=400), "expired_code"),
    ],
)
def test_a_code_lives_ten_days(store: Store, at: Any, outcome: str | None) -> None:
    """To the microsecond; afterwards it says that it is too old."""
    issue(store)
    invited = found(store, at=at)

    assert (invited if isinstance(invited, str) else None) == outcome


def test_how_long_a_code_lives_is_a_setting(store: Store) -> None:
    """The office may make it three days."""
    store.write_now(lambda book: book.people.save_settings({"invite_days": 3}))
    issue(store)

    assert isinstance(found(store, at=NOW + timedelta(days=2)), InviteFound)
    assert found(store, at=NOW + timedelta(days=3)) == "expired_code"


def test_a_code_is_for_one_person(store: Store) -> None:
    """Used once it is used, in any spelling; another never existed."""
    issue(store)
    use(store, LAN)

    assert found(store) == found(store, "dk 2345678 9bcf") == "used_code"
    assert found(store, "DK 234 5678 9BCG") == "wrong_code"
    assert found(store, "xin chào") == "wrong_code"


def test_two_people_type_one_code_at_once(store: Store) -> None:
    """Only one gets the seat; the other hears that the code is used, in the same instant on both databases."""
    issue(store)
    both = 2 if not store.url.startswith("sqlite") else 1
    gate = Barrier(both)

    def typing(at: Address) -> int | str:
        def work(book: Book) -> int | str:
            gate.wait(10)
            invited = book.joining.find(CODE, NOW)
            if isinstance(invited, str):
                return invited
            return book.joining.use(invited.id, at, str(at), "vi", NOW)

        return store.write_now(work)

    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(typing, (LAN, MINH)))
    with store.engine.connect() as connection:
        seats = connection.execute(select(seat.c.person_id)).scalars().all()

    assert sorted(map(type, ended), key=str) == [int, str]
    assert "used_code" in ended
    assert seats == [one for one in ended if isinstance(one, int)]


def test_a_new_code_voids_the_one_before(store: Store) -> None:
    """Re-issued for the same seat, the lost slip of paper opens nothing; a seat of another role is not touched."""
    issue(store)
    issue(store, "DK 234 5678 9BCG", role=Role.DEPUTY)

    def revoke(book: Book) -> None:
        place = book.people.unit("30712")
        assert place is not None
        book.joining.revoke_open(place.id, Role.CONTACT, NOW)

    store.write_now(revoke)
    assert found(store) == "wrong_code"
    assert isinstance(found(store, "DK 234 5678 9BCG"), InviteFound)


def test_five_tries_an_hour_and_address(store: Store) -> None:
    """The sixth is not even looked at; an hour later there are five again; a neighbour has his own."""

    def fail(minutes: int) -> bool:
        at = NOW + timedelta(minutes=minutes)

        def work(book: Book) -> bool:
            if book.joining.too_many_tries(LAN, at):
                return False
            book.joining.note_try(LAN, at)
            return True

        return store.write_now(work)

    assert [fail(minute) for minute in range(7)] == [True] * TRIES_AN_HOUR + [False] * 2
    assert not store.read_now(lambda book: book.joining.too_many_tries(MINH, NOW + timedelta(minutes=7)))
    assert [fail(minute) for minute in (59, 60, 61)] == [False, True, True]


def test_a_hundred_tries_an_hour_and_account(store: Store) -> None:
    """From a hundred addresses at once: the account of the bot closes, another account stays open."""

    def flood(book: Book) -> None:
        for number in range(TRIES_AN_HOUR_OF_ACCOUNT):
            book.joining.note_try(Address("telegram", "1", f"bot{number}"), NOW)

    store.write_now(flood)
    later = NOW + timedelta(minutes=30)
    assert store.read_now(lambda book: book.joining.too_many_tries(LAN, later))
    assert not store.read_now(lambda book: book.joining.too_many_tries(Address("zalo", "9", "lan"), later))
    assert not store.read_now(lambda book: book.joining.too_many_tries(LAN, NOW + HOUR))


def test_tries_are_counted_under_a_hash(store: Store) -> None:
    """Who tried in vain leaves no address behind."""
    stranger = Address("telegram", "1", "5550123456789")
    store.write_now(lambda book: book.joining.note_try(stranger, NOW))
    with store.engine.connect() as connection:
        (kept,) = connection.execute(select(join_try)).mappings()

    assert "5550123456789" not in repr(dict(kept))
    assert len(kept["address_hash"]) == 32


# --- seats


def test_a_second_code_is_a_second_seat_of_the_same_person(store: Store) -> None:
    """From the same phone: one person, two seats, the first name kept."""
    lan = join(store, "Lan", str(LAN))
    issue(store, unit="30760", role=Role.DEPUTY)

    assert use(store, LAN, name="Ai đó") == lan
    person = store.read_now(lambda book: book.people.person(lan))
    assert person is not None
    assert [(one.unit.code, one.role) for one in person.seats] == [("30712", Role.CONTACT), ("30760", Role.DEPUTY)]
    assert person.name == "Lan"


def test_the_same_seat_twice_is_one(store: Store) -> None:
    """A second code for a seat that somebody holds gives nothing new."""
    lan = join(store, "Lan", str(LAN))
    issue(store)
    use(store, LAN)
    person = store.read_now(lambda book: book.people.person(lan))

    assert person is not None
    assert len(person.seats) == 1


def replaced(store: Store) -> tuple[int, int]:
    """Lan's seat goes to Minh by a code; the ids of both."""
    lan = join(store, "Lan", str(LAN))
    person = store.read_now(lambda book: book.people.person(lan))
    assert person is not None
    issue(store, replaces_seat_id=person.seats[0].id)
    return lan, use(store, MINH, name="Minh")


def test_a_seat_handed_over_leaves_the_old_phone_silent(store: Store) -> None:
    """At once: Lan is nobody there, may nothing, and gets nothing that waited for her; Minh has the seat."""
    lan, minh = replaced(store)

    def now(book: Book) -> tuple[Any, Any, Any]:
        return book.people.by_address(LAN), book.people.person(lan), book.people.person(minh)

    at_old_phone, old, new = store.read_now(now)
    assert (at_old_phone, old) == (None, None)
    assert new is not None
    assert [one.role for one in new.seats] == [Role.CONTACT]
    with store.engine.connect() as connection:
        ended = connection.execute(select(seat.c.until).where(seat.c.person_id == lan)).scalars().all()
    assert ended == [NOW]


@pytest.mark.parametrize("addressed", [False, True])
def test_letters_that_waited_for_the_old_phone_do_not_go(store: Store, addressed: bool) -> None:
    """Planned before the seat was handed over, with or without an address already: the old phone stays silent."""
    lan = join(store, "Lan", str(LAN))
    person = store.read_now(lambda book: book.people.person(lan))
    assert person is not None

    def plan(book: Book) -> None:
        to = LAN if addressed else None
        book.letters.plan("nhắc", LetterKind.REMINDER, NOW, person_id=lan, to=to, text="Còn 2 việc")

    store.write_now(plan)
    issue(store, replaces_seat_id=person.seats[0].id)
    use(store, MINH, name="Minh")

    def send(book: Book) -> tuple[object, ...]:
        book.letters.address_due(NOW, SERVED)
        return book.letters.claim("telegram", "1", NOW, MACHINE, worker="post", limit=9)

    assert store.write_now(send) == ()


def test_a_code_that_replaces_ones_own_seat(store: Store) -> None:
    """Lan types the code meant for her successor: she keeps seat and phone, and is not shut out."""
    lan = join(store, "Lan", str(LAN))
    person = store.read_now(lambda book: book.people.person(lan))
    assert person is not None
    issue(store, replaces_seat_id=person.seats[0].id)
    use(store, LAN)
    still = store.read_now(lambda book: book.people.by_address(LAN))

    assert still is not None
    assert [one.role for one in still.seats] == [Role.CONTACT]


def test_who_keeps_another_seat_keeps_the_phone(store: Store) -> None:
    """Lan hands over one of two seats: she is still heard for the other."""
    lan = join(store, "Lan", str(LAN))
    issue(store, unit="30760", role=Role.DEPUTY)
    use(store, LAN)
    person = store.read_now(lambda book: book.people.person(lan))
    assert person is not None
    issue(store, "DK 234 5678 9BCG", replaces_seat_id=person.seats[0].id)
    use(store, MINH, "DK 234 5678 9BCG", name="Minh")
    left = store.read_now(lambda book: book.people.by_address(LAN))

    assert left is not None
    assert [one.unit.code for one in left.seats] == ["30760"]
    assert not may(left, Action.REPORT, person.seats[0].unit.id)


def test_a_second_address_comes_after_the_first(store: Store) -> None:
    """Lan adds Zalo: one person at both, Telegram first; the code is used up."""
    lan = join(store, "Lan", str(LAN))
    issue(store, person_id=lan)
    zalo = Address.parse("zalo:9:lan")

    def add(book: Book) -> None:
        invited = book.joining.find(CODE, NOW)
        assert isinstance(invited, InviteFound)
        assert invited.person_id == lan
        book.joining.add_address(invited.id, lan, zalo, NOW)

    store.write_now(add)
    person = store.read_now(lambda book: book.people.by_address(zalo))
    assert person is not None
    assert (person.id, person.addresses) == (lan, (LAN, zalo))
    assert found(store) == "used_code"


def test_declined_the_code_lives_on(store: Store) -> None:
    """Who refused the data notice leaves nothing, and the code may be used by somebody else."""
    issue(store)
    lan = use(store, LAN)

    def leave(book: Book) -> None:
        book.joining.reopen(lan)
        book.people.erase(lan, NOW)

    store.write_now(leave)
    assert store.read_now(lambda book: book.people.by_address(LAN)) is None
    assert isinstance(found(store), InviteFound)
    assert use(store, LAN, name="Lan lại") != lan


def test_leaving_and_coming_back(store: Store) -> None:
    """A person who left joins again as somebody new: the old seat stays ended at its own moment."""
    lan = join(store, "Lan", str(LAN))
    store.write_now(lambda book: book.people.erase(lan, NOW + HOUR))
    again = join(store, "Lan", str(LAN))
    store.write_now(lambda book: book.people.erase(lan, NOW + 9 * HOUR))
    with store.engine.connect() as connection:
        ended = dict(connection.execute(select(seat.c.person_id, seat.c.until)).all())  # type: ignore[arg-type]

    assert ended == {lan: NOW + HOUR, again: None}


def test_a_used_code_says_who_used_it(store: Store) -> None:
    """Moment and person stand with the invite, for the clerk who asks later."""
    issue(store)
    lan = use(store, LAN)
    with store.engine.connect() as connection:
        (kept,) = connection.execute(select(invite)).mappings()

    assert (kept["used_at"], kept["used_by_id"], kept["revoked_at"]) == (NOW, lan, None)
