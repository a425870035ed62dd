"""Which accounts are served: who joined by another one counts as nobody who could be reminded, and is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.contacts import Role
from bot.messages import Address
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.joining import InviteFound
from tests.store.opening import NOW, join

ALL = [("telegram", "1"), ("zalo", "9")]
ZALO = [("zalo", "9")]


def note(store: Store, accounts: list[tuple[str, str]]) -> None:
    """A house starts with these accounts."""
    store.write_now(lambda book: book.served.note(accounts, NOW + timedelta(hours=1)))


def deaf(store: Store) -> list[str]:
    """Units in which nobody can be reached."""
    return [unit.code for unit in store.read_now(lambda book: book.people.units_without_contact())]


def cut_off(store: Store, accounts: list[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    """Who is named, with their unit."""
    return [(one.name, one.unit) for one in store.read_now(lambda book: book.served.cut_off(accounts))]


def test_until_a_house_starts_every_account_counts(store: Store) -> None:
    """Nobody has said yet which are served: Lan is reached."""
    join(store, "Lan", "telegram:1:11")

    assert "30712" not in deaf(store)
    assert cut_off(store) == []


def test_who_joined_by_a_bot_that_is_gone_is_named_and_their_unit_has_nobody(store: Store) -> None:
    """The office took bot 1 away: Lan is cut off, Minh with a second address is not; An left no seat unheard."""
    join(store, "Lan", "telegram:1:11")
    join(store, "Minh", "telegram:1:12", "zalo:9:12", unit="30760")
    join(store, "An", "zalo:9:13", unit="VPUBND", role=Role.OFFICE)
    note(store, ZALO)

    assert "30712" in deaf(store)
    assert "30760" not in deaf(store)
    assert cut_off(store) == [("Lan", "Bình Hòa")]


def test_a_bot_that_comes_back_serves_its_people_again(store: Store) -> None:
    """The next start names it again: nobody has to join anew."""
    join(store, "Lan", "telegram:1:11")
    note(store, ZALO)
    note(store, ALL)

    assert cut_off(store) == []
    assert "30712" not in deaf(store)


def test_replicas_with_the_same_accounts_agree(store: Store) -> None:
    """The second one changes nothing, not even since when."""
    join(store, "Lan", "telegram:1:11")
    note(store, ZALO)
    store.write_now(lambda book: book.served.note(ZALO, NOW + timedelta(days=2)))
    with store.engine.connect() as connection:
        since = connection.exec_driver_sql("SELECT unserved_since FROM address").scalar_one()

    assert since == int((NOW + timedelta(hours=1)).timestamp() * 1_000_000)


def test_the_doctor_sees_it_before_the_house_is_started(store: Store) -> None:
    """By accounts that are not noted yet, nothing is changed and the same people are named."""
    join(store, "Lan", "telegram:1:11")

    assert cut_off(store, ZALO) == [("Lan", "Bình Hòa")]
    assert cut_off(store) == []


@pytest.mark.parametrize("why", ["refused", "left"])
def test_who_is_gone_anyway_is_not_named(store: Store, why: str) -> None:
    """A blocked phone is told of elsewhere, and who left is nobody's affair."""
    lan = join(store, "Lan", "telegram:1:11")
    if why == "left":
        store.write_now(lambda book: book.people.erase(lan, NOW))
    else:
        [at] = store.read_now(lambda book: book.people.people([lan]))[0].addresses
        store.write_now(lambda book: book.people.refuse_address(at, "blocked", NOW))
    note(store, ZALO)

    assert cut_off(store) == []


def invited(store: Store, code: str, *, hours: int, unit: str = "30712", role: Role = Role.CONTACT) -> None:
    """The office gives a code so many hours after the first morning."""

    def work(book: Book) -> None:
        place = book.people.unit(unit)
        assert place is not None
        book.joining.invite(code, place.id, role, NOW + timedelta(hours=hours))

    store.write_now(work)


def used(store: Store, code: str, name: str, phone: str, *, hours: int = 3) -> int:
    """Somebody types the code and agrees; their id."""

    def work(book: Book) -> int:
        moment = NOW + timedelta(hours=hours)
        found = book.joining.find(code, moment)
        assert isinstance(found, InviteFound), found
        person_id = book.joining.use(found.id, Address.parse(phone), name, "vi", moment)
        book.people.consent(person_id, "1", moment)
        return person_id

    return store.write_now(work)


def contacts(store: Store, role: Role = Role.CONTACT) -> list[int]:
    """Who sits in Bình Hòa."""
    unit = store.read_now(lambda book: book.people.unit("30712"))
    assert unit is not None
    return [one.id for one in store.read_now(lambda book: book.people.in_roles(role, unit_id=unit.id))]


CODE, OTHER = "DK 234 5678 9BCF", "DK 234 5678 9BCG"


def test_the_offices_code_replaces_who_is_cut_off(store: Store) -> None:
    """Lan and An joined by the bot that is gone; Lan joins again by the other: one Lan sits there, nobody is named."""
    join(store, "Lan", "telegram:1:11")
    join(store, "An", "telegram:1:12")
    note(store, ZALO)
    invited(store, CODE, hours=2)
    lan = used(store, CODE, "Lan", "zalo:9:11")

    assert contacts(store) == [lan]
    assert cut_off(store) == []
    assert "30712" not in deaf(store)


def test_who_is_reached_and_who_sits_in_another_role_stays(store: Store) -> None:
    """Minh is reached, Tâm is the deputy: a contact's code ends Lan's seat alone."""
    join(store, "Lan", "telegram:1:11")
    minh = join(store, "Minh", "zalo:9:12")
    tam = join(store, "Tâm", "telegram:1:13", role=Role.DEPUTY)
    note(store, ZALO)
    invited(store, CODE, hours=2)
    mai = used(store, CODE, "Mai", "zalo:9:14")

    assert contacts(store) == [minh, mai]
    assert contacts(store, Role.DEPUTY) == [tam]
    assert cut_off(store) == [("Tâm", "Bình Hòa")]


def test_who_joined_again_beside_their_old_self_types_a_further_code(store: Store) -> None:
    """There are two Lan already: the new one types a code of the office, and the old one is gone."""
    join(store, "Lan", "telegram:1:11")
    note(store, ZALO)
    lan = join(store, "Lan", "zalo:9:11")
    invited(store, CODE, hours=2)

    assert used(store, CODE, "Lan", "zalo:9:11") == lan
    assert contacts(store) == [lan]
    assert cut_off(store) == []


def test_a_code_given_before_somebody_was_cut_off_replaces_nobody(store: Store) -> None:
    """The office was not told of it: Lan, who was reached then, is back with her bot."""
    lan = join(store, "Lan", "telegram:1:11")
    invited(store, CODE, hours=0)
    note(store, ZALO)
    mai = used(store, CODE, "Mai", "zalo:9:14")

    assert contacts(store) == [lan, mai]


def test_who_is_cut_off_after_the_code_was_given_keeps_the_seat(store: Store) -> None:
    """The office was told of Lan alone; An's bot went away later."""
    join(store, "Lan", "telegram:1:11")
    an = join(store, "An", "zalo:9:12")
    note(store, ZALO)
    invited(store, CODE, hours=2)
    store.write_now(lambda book: book.served.note([("zalo", "8")], NOW + timedelta(hours=4)))
    mai = used(store, CODE, "Mai", "zalo:8:14", hours=5)

    assert contacts(store) == [an, mai]


def test_a_second_code_for_the_seat_voids_the_first(store: Store) -> None:
    """As every code of the office does."""
    join(store, "Lan", "telegram:1:11")
    note(store, ZALO)
    invited(store, CODE, hours=2)
    invited(store, OTHER, hours=2)

    assert store.write_now(lambda book: book.joining.find(CODE, NOW + timedelta(hours=3))) == "wrong_code"


def test_who_keeps_another_seat_is_named_for_that_one(store: Store) -> None:
    """Lan reports for two communes: she is replaced in one, and still cut off in the other."""
    join(store, "Lan", "telegram:1:11")
    join(store, "Lan", "telegram:1:11", unit="30760")
    note(store, ZALO)
    invited(store, CODE, hours=2)
    used(store, CODE, "Mai", "zalo:9:14")

    assert cut_off(store) == [("Lan", "Mỹ Hòa Hưng")]
